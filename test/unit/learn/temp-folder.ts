import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A real, empty folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  let folder = '';
  // Before the first await: tests that run side by side would take each other's hook.
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  folder = await mkdtemp(path.join(await realpath(tmpdir()), 'wt-unit-'));
  return folder;
}

/** Root may write anywhere, so what nobody may do is tried as the user nobody. False where that can't be done. */
export const canBeNobody = process.getuid?.() !== 0 || process.seteuid !== undefined;

/** Runs `work` without the rights of root. */
export async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
