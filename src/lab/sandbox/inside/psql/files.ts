import { readFile } from 'node:fs/promises';
import type { Session } from './session.ts';
import type { NamedSource } from './source.ts';
import { textSource } from './source.ts';

export type Script =
  | ({ ok: true } & NamedSource)
  | { ok: false; message: string /** Messages name it before what is wrong. */; opened: boolean };

const REASONS: Record<string, string> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
};

/** A script by its path in the container; `-` is standard input. */
export async function readScript({ inside, stdin }: Session, name: string): Promise<Script> {
  if (name === '-') return { ok: true, name: '<stdin>', source: stdin };
  const real = await inside.files.real(name, inside.cwd);
  if (!real) return { ok: false, message: `${name}: ${REASONS.ENOENT}`, opened: false };
  try {
    return { ok: true, name, source: textSource(await readFile(real.path, 'utf8')) };
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    // psql opens a folder without a complaint, and only then fails to read it.
    if (code === 'EISDIR')
      return { ok: false, message: 'could not read from input file: Is a directory', opened: true };
    return { ok: false, message: `${name}: ${REASONS[code] ?? message}`, opened: false };
  }
}
