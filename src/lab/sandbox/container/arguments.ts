import path from 'node:path';
import type { ContainerSpec } from '../engine/types.ts';
import { statNow } from '../files-now.ts';
import type { Layout } from './layout.ts';
import { pinnedPath } from './pins.ts';

/** A word that gives a setting a path: `config_file=/etc/…`, `--config-file=/etc/…`. */
const PATH_WORD = /^((?:-c|--)?[\w.-]+=)(\/.*)$/;

/** The paths of the container that its command names. */
export const namedPaths = (spec: ContainerSpec): string[] =>
  spec.command.flatMap((word) => PATH_WORD.exec(word)?.[2] ?? []);

/**
 * The server's arguments from the container's command: paths of the container become paths of this machine, where
 * there is something at them. null for a command that is not the server.
 * @param dataFolder Where the data folder is for the one who uses the arguments.
 */
export function serverArguments(
  spec: ContainerSpec,
  layout: Layout,
  dataFolder = layout.dataFolder,
): string[] | null {
  const [first = 'postgres', ...rest] = spec.command;
  if (first !== 'postgres' && !first.startsWith('-')) return null;
  const args: string[] = [];
  for (const word of first === 'postgres' ? rest : spec.command) {
    const [, before = '', value = ''] = PATH_WORD.exec(word) ?? [];
    args.push(value === '' ? word : before + here(value, layout, dataFolder));
  }
  return args;
}

/** The learner's file of rules, on this machine: the one that the command names, or the data folder's. */
export function rulesSource(spec: ContainerSpec, layout: Layout): string {
  const args = serverArguments(spec, layout) ?? [];
  return argumentFor(args, 'hba_file') ?? path.join(layout.dataFolder, 'pg_hba.conf');
}

/** Where a path of the container is for the server: its pinned copy, or a place in the data folder. */
function here(target: string, layout: Layout, dataFolder: string): string {
  if (target.startsWith(`${layout.dataTarget}/`)) return dataFolder + target.slice(layout.dataTarget.length);
  const pinned = pinnedPath(layout, target);
  return statNow(pinned) ? pinned : target;
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
