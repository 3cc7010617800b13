import type { Stats } from 'node:fs';
import type { Files, Inside, RealPath } from '../types.ts';
import type { Accounts, Identity } from './identity.ts';

/** What is at a path of the container. `name` is the path without links and dots. */
export type Place =
  | { kind: 'found'; name: string; real: RealPath; stats: Stats }
  /** Nothing is there, but its folder is real. */
  | { kind: 'missing'; name: string; real: RealPath; folder: Stats }
  /** A folder above mounts. It can be listed and passed, nothing else. */
  | { kind: 'passage'; name: string }
  | { kind: 'error'; code: string };

/** The mounted files, as one user of the container sees them. */
export interface Tree extends Files {
  who: Identity;
  accounts: Accounts;
  /** `follow`: also a link at the end of the path. */
  look(containerPath: string, cwd: string, options: { follow: boolean }): Promise<Place>;
  /** Names in a folder, in the image's order, without `.` and `..`. Throws FileError. */
  names(folder: Place): Promise<string[]>;
}

/** What the programs for files need. Others are content with Inside. */
export interface FileInside extends Inside {
  files: Tree;
}

export type FileProgram = (argv: string[], inside: FileInside) => Promise<number>;

/** What the container's kernel would refuse, by its errno. */
export class FileError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'FileError';
    this.code = code;
  }
}

let collator: Intl.Collator | undefined;

/** Sorts names as the image does in its locale en_US.utf8. */
export function inOrder(names: readonly string[]): string[] {
  collator ??= new Intl.Collator('en-US', { ignorePunctuation: true });
  const { compare } = collator;
  return [...names].sort((a, b) => rank(a) - rank(b) || compare(a, b));
}

const rank = (name: string): number => (name === '.' ? 0 : name === '..' ? 1 : 2);
