import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { MachineFacts } from './adapt.ts';
import { ask } from './ask.ts';
import { DATA_FOLDERS } from './workspace.ts';

/** What of this machine decides whether a command fits, as far as both labs see it alike. */
export async function machineFacts(
  command: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  names: Record<string, string>,
): Promise<Omit<MachineFacts, 'rootless' | 'imagePresent'>> {
  const usesSudo = /\bsudo\b/.test(command);
  return {
    root: process.getuid?.() === 0,
    sudo: usesSudo && (await quietSudo(env)),
    ownData: usesSudo && (await ownsData(cwd)),
    image: names.image ?? '',
    leader: names.leader ?? '',
    superuser: names.superuser ?? '',
    database: names.database ?? '',
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  };
}

/** A command that is about the image itself, so that only for it we ask whether the image is here. */
export const asksForImage = (command: string): boolean => /^docker pull /.test(command);

async function quietSudo(env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await ask('sudo', ['-n', 'true'], { env, timeoutMs: 3000 })).exitCode === 0;
}

/** True when both data folders can be entered and belong to us with all that is directly in them. */
async function ownsData(workspace: string): Promise<boolean> {
  const uid = process.getuid?.();
  try {
    for (const folder of DATA_FOLDERS) {
      const full = path.join(workspace, folder);
      const entries = ['.', ...(await readdir(full))];
      for (const entry of entries) if ((await stat(path.join(full, entry))).uid !== uid) return false;
    }
    return true;
  } catch {
    return false;
  }
}
