import { write } from '../streams.ts';
import type { FileInside } from './tree.ts';

const REASONS: Record<string, string> = {
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ETXTBSY: 'Text file busy',
};

/** What strerror says of an error with an errno. Errors of our own are thrown on. */
export function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
  return REASONS[code] ?? message;
}

/** Quotes as coreutils do in messages: `'a b'`, `"it's"`. */
export function quoted(name: string): string {
  if (!name.includes("'")) return `'${name}'`;
  return /["$`\\]/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`;
}

/** Quotes only what a shell would not take as one plain word. */
export function quotedIfNeeded(name: string): string {
  return name === '' || /[\s|&;<>()$`\\"'*?[\]#~=%!^{}:]/.test(name) ? quoted(name) : name;
}

/** The other quotes of coreutils, in a locale of UTF-8. */
export const curly = (name: string): string => `‘${name}’`;

/** `rm: cannot remove …`, on standard error. */
export const complain = (inside: FileInside, program: string, text: string): Promise<void> =>
  write(inside.stderr, `${program}: ${text}\n`);

/** A command line that the program itself refuses, in its own words. */
export class UsageError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'UsageError';
    this.exitCode = exitCode;
  }
}

/** With the pointer to the help that most programs add. */
export const usage = (program: string, text: string, exitCode = 1): UsageError =>
  new UsageError(`${program}: ${text}\nTry '${program} --help' for more information.`, exitCode);
