import type { IntakeLimits } from './limits.ts';

/** A file, folder or link of a submission, wherever it comes from. Nothing of it is to be trusted. */
export interface Entry {
  /** As it is written, with `/`. */
  name: string;
  type: 'file' | 'folder' | 'symbolic-link' | 'hard-link' | 'special';
  executable: boolean;
  /** Of a link: as it is written. A hard link's target begins at the top of the archive. */
  target(): Promise<string>;
  /**
   * The content of a file. Read before the next entry is asked for, or not at all, or in part. It throws EntryError
   * when only this file can't be read.
   */
  content(): AsyncIterable<Uint8Array>;
}

/** This entry can't be read; the others may be fine. `what` goes on after its name: `can't be read`. */
export class EntryError extends Error {
  readonly id: string;
  readonly what: string;
  constructor(id: string, what: string) {
    super(what);
    this.name = 'EntryError';
    this.id = id;
    this.what = what;
  }
}

export function tooLarge({ fileBytes }: IntakeLimits): EntryError {
  return new EntryError('file-too-large', `is larger than ${fileBytes / 1024 / 1024} MB`);
}

const LINK_BYTES = 4096;

/** The text that a link's content is, in archives that keep it so. */
export async function linkText(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > LINK_BYTES) throw new EntryError('link-outside', 'is a link with a target that is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
