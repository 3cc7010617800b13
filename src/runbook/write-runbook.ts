import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { fileReason } from '../learn/file-reason.ts';
import { toolFolder } from '../learn/progress.ts';
import { putFile } from '../learn/write-files.ts';

export interface WrittenFile {
  /** Absolute. */
  path: string;
  /** Where the learner's version is now, absolute; null where there was none. */
  kept: string | null;
}

/** Remembers what we wrote, so that a file which somebody has changed since is known by that. */
const MEMORY = 'runbook.json';

/**
 * Writes texts into the workspace, by name. A file that was there and is not as we left it is copied to
 * `.walkthrough/kept/` first. Throws UserError where nothing can be written; what was written before that stays.
 */
export async function writeRunbook(
  workspace: string,
  texts: Readonly<Record<string, string>>,
): Promise<WrittenFile[]> {
  const memory = await remembered(workspace);
  const written: WrittenFile[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const put = await putFile(workspace, name, text, (before) => memory[name] === digest(before));
    if ('problem' in put) throw new UserError(put.problem, put.next, EXIT.unusable);
    memory[name] = digest(text);
    // At once: the next file may fail, and this one is ours all the same.
    await remember(workspace, memory);
    written.push({
      path: path.join(workspace, name),
      kept: put.kept === null ? null : path.join(workspace, put.kept),
    });
  }
  return written;
}

async function remembered(workspace: string): Promise<Record<string, unknown>> {
  try {
    return Object(JSON.parse(await readFile(path.join(toolFolder(workspace), MEMORY), 'utf8')));
  } catch {
    return {};
  }
}

async function remember(workspace: string, memory: Record<string, unknown>): Promise<void> {
  const file = path.join(toolFolder(workspace), MEMORY);
  try {
    await mkdir(toolFolder(workspace), { recursive: true });
    await writeFile(file, `${JSON.stringify(memory, null, 2)}\n`);
  } catch (error) {
    throw new UserError(
      `${file} could not be written: ${fileReason(error)}.`,
      'Mend that, then try again.',
      EXIT.unusable,
    );
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
