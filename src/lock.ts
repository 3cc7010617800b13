import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from './errors.ts';

/** Somebody else holds it. */
export interface Busy {
  pid: number;
}

/**
 * Makes a lock file, in a folder that is made where it is not there. Returns the function that removes it, or who has
 * it. A lock whose process is gone (killed, machine restarted) is taken over. Throws the error of the file system.
 */
export async function takeLock(file: string): Promise<(() => Promise<void>) | Busy> {
  // Not recursive: that would say of a read-only file system that the folder is not there.
  await mkdir(path.dirname(file)).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const mine = `${process.pid} ${await startTime(process.pid)}\n`;
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      const handle = await open(file, 'wx');
      try {
        await handle.writeFile(mine);
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const [pid = 0, started = ''] = (await readFile(file, 'utf8').catch(() => ''))
      .trim()
      .split(' ')
      .map((part, i) => (i === 0 ? Number(part) : part)) as [number, string];
    if (pid > 0 && isAlive(pid) && (await startTime(pid)) === started) return { pid };
    // Somebody may have made it a moment ago and not written into it yet.
    if (pid === 0 && attempt < 5) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    // Moved rather than removed: of two processes that find it stale, one moves it.
    const aside = `${file}.${process.pid}.${attempt}`;
    await rename(file, aside).catch((error: { code?: string }) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(aside, { force: true });
  }
  throw new UserError(`The lock ${file} can't be taken.`, 'Remove it, then try again.', EXIT.unusable);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Start time of a process on Linux (field 22 of /proc/PID/stat), so that a reused pid is not mistaken; '-' elsewhere. */
async function startTime(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}
