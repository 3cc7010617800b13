import { stat } from 'node:fs/promises';
import type { ContainerSpec } from '../engine/types.ts';
import type { Layout } from './layout.ts';
import { pinnedPath } from './pins.ts';

/**
 * The server's arguments from the container's command: paths of the container become paths of this machine, where
 * there is something at them. null for a command that is not the server.
 */
export async function serverArguments(spec: ContainerSpec, layout: Layout): Promise<string[] | null> {
  const [first = 'postgres', ...rest] = spec.command;
  if (first !== 'postgres' && !first.startsWith('-')) return null;
  const args: string[] = [];
  for (const word of first === 'postgres' ? rest : spec.command) {
    const [, before = '', value = ''] = /^((?:-c|--)?[\w.-]+=)(\/.*)$/.exec(word) ?? [];
    args.push(value === '' ? word : before + (await here(value, layout)));
  }
  return args;
}

/** Where a path of the container is for the server: a pinned copy of a mounted file, or a mounted folder. */
async function here(target: string, layout: Layout): Promise<string> {
  const pinned = pinnedPath(layout, target);
  if (await stat(pinned).catch(() => null)) return pinned;
  const real = layout.real(target);
  return real !== null && (await stat(real).catch(() => null)) ? real : target;
}

/** The last value that a list of server arguments gives to a setting; null when it gives none. */
export function argumentFor(args: readonly string[], name: string): string | null {
  let found: string | null = null;
  args.forEach((word, index) => {
    const own = word === '-c' || word === '--c' ? (args[index + 1] ?? '') : word.replace(/^(?:-c|--)/, '');
    const [key = '', value] = splitAt(own);
    if (value !== undefined && key.replaceAll('-', '_') === name) found = value;
  });
  return found;
}

function splitAt(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}
