import type { Remark } from '../types.ts';

/** How much a submission may hold. Bytes are those that are really read and written, never what a header says. */
export interface IntakeLimits {
  /** Files, folders and links that are taken. */
  entries: number;
  /** Bytes of one file. A larger one is left out. */
  fileBytes: number;
  /** Bytes of all files that are taken. */
  totalBytes: number;
  /** Folders and a file below each other, as they stand in the archive. */
  depth: number;
  /** Bytes unpacked for each byte of the archive. Looked at once more than `ratioFrom` bytes came out. */
  ratio: number;
  ratioFrom: number;
  /** Entries and bytes that are looked at at all, data folders that are left out included. */
  seenEntries: number;
  seenBytes: number;
}

const MB = 1024 * 1024;

export const INTAKE_LIMITS: IntakeLimits = {
  entries: 2000,
  fileBytes: 8 * MB,
  totalBytes: 64 * MB,
  depth: 20,
  ratio: 100,
  ratioFrom: MB,
  // Who packs the folders of two servers by mistake has some 2,000 files in them, and 16 MB for each WAL file.
  seenEntries: 20_000,
  seenBytes: 1024 * MB,
};

/** The submission can't be used at all. `remark` says why, for its report. */
export class IntakeError extends Error {
  readonly remark: Remark;
  constructor(id: string, where: string, message: string) {
    super(message);
    this.name = 'IntakeError';
    this.remark = { kind: 'intake', id, where, message };
  }
}

/** Counts what comes out of a submission. Each method throws IntakeError when it is too much. */
export interface Meter {
  /** An entry was met, taken or not. */
  seen(): void;
  /** Bytes came out of the archive, taken or not. */
  unpacked(bytes: number): void;
  /** An entry is taken. */
  taken(): void;
  /** Bytes were written into the copy; fewer than none when a file is taken back. */
  written(bytes: number): void;
}

/** `archiveBytes`: size of the archive; null of a folder, which can't hold more than it has. */
export function createMeter(limits: IntakeLimits, where: string, archiveBytes: number | null): Meter {
  let seen = 0;
  let unpacked = 0;
  let taken = 0;
  let written = 0;
  const refuse = (id: string, message: string): never => {
    throw new IntakeError(id, where, message);
  };
  const number = (value: number) => value.toLocaleString('en-US');
  return {
    seen() {
      seen += 1;
      if (seen > limits.seenEntries)
        refuse('too-many-entries', `${where} holds more than ${number(limits.seenEntries)} entries.`);
    },
    unpacked(bytes) {
      unpacked += bytes;
      if (archiveBytes === null) return;
      if (unpacked > limits.ratioFrom && unpacked > limits.ratio * archiveBytes)
        refuse('archive-bomb', `${where} unpacks to more than ${limits.ratio} times its size.`);
      if (unpacked > limits.seenBytes)
        refuse('too-large', `${where} unpacks to more than ${number(limits.seenBytes / MB)} MB.`);
    },
    taken() {
      taken += 1;
      if (taken > limits.entries)
        refuse('too-many-entries', `${where} holds more than ${number(limits.entries)} files and folders.`);
    },
    written(bytes) {
      written += bytes;
      if (written > limits.totalBytes)
        refuse('too-large', `${where} holds more than ${number(limits.totalBytes / MB)} MB of files.`);
    },
  };
}
