import { COMPOSE_FILES } from '../../lab/compose-source.ts';
import { DATA_FOLDERS } from '../../lab/workspace.ts';

/** Control characters, and marks without a width of their own: they reorder text or hide in it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name of others, fit for a message. `limit` in characters. */
export function printable(name: string, limit = 200): string {
  const clean = name.replace(UNSEEN, '');
  const characters = [...clean];
  return characters.length <= limit ? clean : `${characters.slice(0, limit - 1).join('')}…`;
}

/** What the tools of this machine may take for the same name: case and Unicode forms do not count. */
export function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** What no submission is asked for: the tool's own notes, what programs leave behind. Left out without a word. */
const JUNK = new Set(['.git', 'node_modules', '__MACOSX', '.DS_Store', '.walkthrough']);

export function isJunk(name: string): boolean {
  return JUNK.has(name) || name.startsWith('._');
}

/** What the desktops of Windows leave in any folder. */
const DESKTOP = new Set(['thumbs.db', 'desktop.ini']);

/** Whether somebody handed in an entry of this name, or a program only left it there. */
export const isHandedIn = (name: string): boolean =>
  !(name.startsWith('.') || isJunk(name) || DESKTOP.has(name.toLowerCase()));

/** The ending of an archive's name. */
export const ARCHIVE = /\.(?:(zip)|tar\.gz|tgz|tar)$/i;

/** What a file of this name is read as; null of what is no archive. */
export function archiveKind(name: string): 'zip' | 'tar' | null {
  const match = ARCHIVE.exec(name);
  if (match === null) return null;
  return match[1] === undefined ? 'tar' : 'zip';
}

const DATA = new Set<string>(DATA_FOLDERS);

export const isData = (name: string): boolean => DATA.has(name);

/** Whether a folder with these files and these folders is a student's workspace. */
export function isWorkspace(files: Iterable<string>, folders: Iterable<string>): boolean {
  for (const file of files) if (COMPOSE_FILES.includes(file)) return true;
  for (const folder of folders) if (folder === 'leader' || folder === 'follower') return true;
  return false;
}

/** Why an entry is left out. `what` goes on after the name: `is an absolute path`. */
export interface Refusal {
  id: string;
  what: string;
}

/** Bytes: what Linux and macOS take for one name, and less than they take for a path. */
const NAME_BYTES = 255;
const PATH_BYTES = 1024;

/** The parts of an entry's name; none of the folder itself, `./`. Or why nothing may be written under it. */
export function readName(name: string, depth: number): string[] | Refusal {
  // A name is decoded with U+FFFD in place of what is not UTF-8.
  if (name.includes('\ufffd')) return { id: 'name-not-utf8', what: 'is not a name in UTF-8' };
  if (/\p{Cc}/u.test(name)) return { id: 'name-control', what: 'has a control character in its name' };
  if (name.includes('\\')) return { id: 'name-backslash', what: 'has a backslash in its name' };
  if (/^[A-Za-z]:/.test(name)) return { id: 'absolute-name', what: 'begins with a drive letter' };
  if (name.startsWith('/')) return { id: 'absolute-name', what: 'is an absolute path' };
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { id: 'path-escape', what: 'leads out of the folder by ..' };
  const tooLong = parts.some((part) => Buffer.byteLength(part) > NAME_BYTES);
  if (tooLong || Buffer.byteLength(name) > PATH_BYTES)
    return { id: 'name-too-long', what: 'has a name that is too long' };
  if (parts.length > depth) return { id: 'too-deep', what: `is more than ${depth} folders deep` };
  return parts;
}
