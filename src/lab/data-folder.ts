import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DataFolder } from '../observe/types.ts';
import { readControlFile } from './pg-control.ts';
import { readWithin } from './read-within.ts';

/** The files of a data folder that tell what it is. */
const TELLING_FILES = [
  'PG_VERSION',
  'standby.signal',
  'recovery.signal',
  'backup_label',
  'backup_label.old',
  'backup_manifest',
  'postgresql.auto.conf',
  'global/pg_control',
] as const;

/** Of these only the presence is of interest; a manifest can be large. */
const CONTENT = new Set<string>(['PG_VERSION', 'postgresql.auto.conf', 'global/pg_control']);

/**
 * Reads a data folder that we may enter. Throws EACCES where we may not, so that the lab can go another way.
 * @param confined Only what really lies in the folder is read: its server is somebody else's and can make links.
 */
export async function readDataFolder(folder: string, { confined = false } = {}): Promise<DataFolder> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { state: 'missing' };
    throw error;
  }
  const found = new Map<string, Buffer>();
  const contentOf = async (file: string) =>
    confined ? ((await readWithin(folder, file)) ?? Buffer.alloc(0)) : readFile(file);
  for (const file of TELLING_FILES) {
    try {
      found.set(file, CONTENT.has(file) ? await contentOf(path.join(folder, file)) : Buffer.alloc(0));
      if (!CONTENT.has(file) && !entries.includes(file)) found.delete(file);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      // A link that leads to itself, or a socket: whoever made it is not to be spared his marks.
      const isOdd = confined && code !== 'EACCES' && code !== 'EPERM';
      if (code !== 'ENOENT' && !isOdd) throw error;
    }
  }
  return describeData(found, entries.length === 0);
}

/**
 * Prints what `parseListing` reads; for a shell in a container that may enter the folder. The folder is `$1`.
 * One line a file: its name, a blank, and its content in base64 where the content matters.
 */
export const LISTING_SCRIPT = [
  'cd "$1" 2>/dev/null || { echo missing; exit 0; }',
  'test -z "$(ls -A)" && { echo empty; exit 0; }',
  ...TELLING_FILES.map((file) =>
    CONTENT.has(file)
      ? `test -f ${file} && echo "${file} $(base64 < ${file} | tr -d '\\n')"`
      : `test -e ${file} && echo ${file}`,
  ),
  'true',
].join('\n');

/** Reads what LISTING_SCRIPT printed. */
export function parseListing(text: string): DataFolder {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines[0] === 'missing') return { state: 'missing' };
  if (lines[0] === 'empty') return describeData(new Map(), true);
  const found = new Map<string, Buffer>();
  for (const line of lines) {
    const [name = '', content = ''] = line.split(' ');
    found.set(name, Buffer.from(content, 'base64'));
  }
  return describeData(found, false);
}

function describeData(found: Map<string, Buffer>, empty: boolean): DataFolder {
  const control = found.get('global/pg_control');
  return {
    state: 'read',
    empty,
    version: found.get('PG_VERSION')?.toString('utf8').trim() ?? null,
    present: [...found.keys()],
    control: control ? readControlFile(control) : null,
    autoConf: parseAutoConf(found.get('postgresql.auto.conf')?.toString('utf8') ?? ''),
  };
}

/** Settings of postgresql.auto.conf (`name = 'value'`, quotes doubled or escaped inside), last one wins, passwords masked. */
export function parseAutoConf(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][\w.]*)\s*=?\s*(?:'((?:[^'\\]|''|\\.)*)'|([^\s#']+))/.exec(line);
    if (!match?.[1]) continue;
    const value = match[2]?.replaceAll("''", "'").replace(/\\(.)/g, '$1') ?? match[3] ?? '';
    settings[match[1].toLowerCase()] = maskPassword(value);
  }
  return settings;
}

/** Hides the password in a connection string; the word stays, so that a reader sees that there is one. */
export function maskPassword(conninfo: string): string {
  return conninfo
    .replace(/(postgres(?:ql)?:\/\/[^\s:@/]*:)[^\s@/]*@/gi, '$1***@')
    .replace(/password\s*=\s*('(?:[^'\\]|\\.)*'|(?:\\.|[^\s\\])+)/gi, 'password=***');
}
