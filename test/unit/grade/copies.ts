import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { takeCopy } from '../../../src/grade/intake/copy.ts';
import type { Found } from '../../../src/grade/intake/find.ts';
import { INTAKE_LIMITS, IntakeError, type IntakeLimits } from '../../../src/grade/intake/limits.ts';
import type { Remark } from '../../../src/grade/types.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

/** All that is below a folder: path, and what is there. Links are not followed. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = async (at: string): Promise<void> => {
    for (const name of (await readdir(path.join(folder, at))).sort()) {
      const inside = path.join(at, name);
      const full = path.join(folder, inside);
      const stats = await lstat(full);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) found[inside] = `link ${await readlink(full)}`;
      else if (stats.isDirectory()) found[inside] = `folder ${mode}`;
      else found[inside] = `${mode} ${(await readFile(full)).toString('latin1')}`;
      if (stats.isDirectory()) await visit(inside);
    }
  };
  await visit('');
  return found;
}

export interface Taken {
  remarks: Remark[];
  /** Set when the whole was refused. */
  refused: Remark | null;
  /** Of the copy. */
  copy: Record<string, string>;
  /** Whether all beside the copy is as it was. */
  untouched: boolean;
  /** The folder of the copy. */
  into: string;
}

/** Takes a copy in a room with a sentinel beside it: in the folder above, and where links and names may lead. */
export async function take(
  kind: Found['kind'],
  made: Buffer | ((folder: string) => Promise<void>),
  limits: Partial<IntakeLimits> = {},
): Promise<Taken> {
  const room = await temporaryFolder();
  const around = path.join(room, 'around');
  const into = path.join(around, 'copies', 'anna');
  await mkdir(path.join(around, 'sentinel', 'deep'), { recursive: true });
  await writeFile(path.join(around, 'sentinel', 'secret.txt'), 'a secret');
  await mkdir(path.join(around, 'copies'));
  const handedIn = path.join(room, kind === 'folder' ? 'anna' : `anna.${kind}`);
  if (typeof made === 'function') {
    await mkdir(handedIn);
    await made(handedIn);
  } else await writeFile(handedIn, made);

  const before = await snapshot(around);
  const found: Found = { name: 'anna', path: handedIn, kind };
  let remarks: Remark[] = [];
  let refused: Remark | null = null;
  try {
    remarks = await takeCopy(found, into, { ...INTAKE_LIMITS, ...limits });
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    refused = error.remark;
  }
  const after = await snapshot(around);
  const outside = Object.entries(after).filter(([name]) => !name.startsWith('copies/'));
  const others = Object.keys(after).filter((name) => /^copies\/(?!anna(?:\/|$))/.test(name));
  const were = Object.entries(before).filter(([name]) => !name.startsWith('copies/'));
  const untouched = others.length === 0 && JSON.stringify(outside) === JSON.stringify(were);
  return { remarks, refused, copy: await snapshot(into), untouched, into };
}
