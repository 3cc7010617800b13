import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComposeState } from '../observe/types.ts';
import { readWithin } from './read-within.ts';

/** Names under which Compose looks for its file, in its order (compose-go, DefaultFileNames). */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** Files that are put over it without being asked for, in Compose's order. */
export const OVERRIDE_FILES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * Resolves the learner's compose file by `resolve`, and keeps the answer until the file changes.
 * @param confined Only small files that lie in the workspace are read: somebody else may put links and pipes there.
 */
export function composeReader(
  workspace: string,
  resolve: () => Promise<ComposeState>,
  { confined = false } = {},
): () => Promise<ComposeState> {
  let cache: { key: string; state: ComposeState } | undefined;
  return async () => {
    const source = await composeSource(workspace, confined);
    if (source === null) return { state: 'missing' };
    if (cache?.key === source) return cache.state;
    const resolved = await resolve();
    const state = resolved.state === 'ok' ? { ...resolved, config: plain(resolved.config) } : resolved;
    // What could not be asked is asked again; an answer stands for this very text.
    if (state.state !== 'unknown') cache = { key: source, state };
    return state;
  };
}

/** A text of a resolved file as it is meant: Compose prints each dollar twice, so that it can read that again. */
export const plainText = (text: string): string => text.replaceAll('$$', '$');

/** The same for all texts of a value. */
function plain<T>(value: T): T;
function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

/** All that decides the answer, but for files that it names itself; null where there is no compose file. */
async function composeSource(workspace: string, confined: boolean): Promise<string | null> {
  const textOf = async (file: string) =>
    // What may not be read is there all the same, and `resolve` says what is wrong with it.
    confined ? String((await readWithin(workspace, file)) ?? '') : readFile(file, 'utf8');
  const read = async (name: string) => {
    const text = await textOf(path.join(workspace, name)).catch(() => null);
    return text === null ? [] : [`${name}\0${text}`];
  };
  const [files, rest] = await Promise.all([
    Promise.all(COMPOSE_FILES.map(read)),
    Promise.all([...OVERRIDE_FILES, '.env'].map(read)),
  ]);
  return files.flat().length === 0 ? null : [...files, ...rest].flat().join('\0');
}
