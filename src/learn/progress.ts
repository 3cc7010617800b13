import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../atomic-file.ts';
import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { type Busy, takeLock } from '../lock.ts';
import { fileReason } from './file-reason.ts';
import { taskAt } from './select.ts';
import type { Provenance, TaskRecord, WalkState } from './state.ts';

const SCHEMA = 'walkthrough/progress/v1';

/** What is stored between two sessions. The state of the lab is not: it is looked at anew. */
export interface Progress {
  schema: typeof SCHEMA;
  course: { id: string; version: string };
  startedAt: string;
  savedAt: string;
  /** Where the commands ran. Absent in files of version 0.1.0. */
  lab?: 'docker' | 'sandbox';
  /** Task id at which to open. */
  at: string;
  tasks: Record<string, TaskRecord>;
}

/** The tool's own folder in the workspace. */
export function toolFolder(workspace: string): string {
  return path.join(workspace, '.walkthrough');
}

/**
 * Reads the progress file. One that is cut short, of another version or of another course is put aside under
 * another name, never deleted; `notice` then says so. Without progress nothing is lost but the record of who did
 * what: the lab's real state is observed at every start.
 *
 * A command that only looks says `lookOnly`, and leaves such a file where it is: another course may be in use there.
 */
export async function loadProgress(
  workspace: string,
  course: Course,
  { lookOnly = false }: { lookOnly?: boolean } = {},
): Promise<{ progress: Progress | null; notice: string | null }> {
  const file = path.join(toolFolder(workspace), 'progress.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { progress: null, notice: null };
  }
  const problem = problemOf(text, course);
  if (problem === null) return { progress: JSON.parse(text) as Progress, notice: null };
  const leftAlone = {
    progress: null,
    notice: `The progress file ${problem}. It is left as it is; your place is not remembered.`,
  };
  if (lookOnly) return leftAlone;
  const aside = `${file}.${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    await rename(file, aside);
  } catch {
    return leftAlone;
  }
  return {
    progress: null,
    notice: `The progress file ${problem}. It is kept as ${path.basename(aside)}; what you did is looked at anew.`,
  };
}

/** Id of the course that was walked in a folder, whichever it is; null where no progress file tells. */
export async function courseIn(workspace: string): Promise<string | null> {
  try {
    const text = await readFile(path.join(toolFolder(workspace), 'progress.json'), 'utf8');
    const id: unknown = (JSON.parse(text) as Partial<Progress> | null)?.course?.id;
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

function problemOf(text: string, course: Course): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is cut short or is not JSON';
  }
  const progress = value as Partial<Progress> | null;
  if (progress === null || typeof progress !== 'object' || progress.schema !== SCHEMA)
    return 'is of another version of this tool';
  if (progress.course?.id !== course.id)
    return `belongs to another course (${progress.course?.id ?? 'unknown'})`;
  if (typeof progress.at !== 'string' || !isRecords(progress.tasks)) return 'is damaged';
  return null;
}

const PROVENANCES: Provenance[] = ['learner', 'hinted', 'auto', 'held', 'none'];

function isRecords(value: unknown): value is Record<string, TaskRecord> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((record) =>
    PROVENANCES.includes((record as TaskRecord | null)?.provenance as Provenance),
  );
}

/** The state worth storing. */
export function toProgress(
  state: WalkState,
  lab: 'docker' | 'sandbox',
  startedAt: string,
  now: string,
): Progress {
  return {
    schema: SCHEMA,
    course: { id: state.course.id, version: state.course.version },
    startedAt,
    savedAt: now,
    lab,
    at: taskAt(state).id,
    tasks: state.records,
  };
}

/**
 * Writes the file in one step: killed at any moment, the old or the new one is there, never half of one. Throws an
 * Error whose message is the reason, in words for the learner.
 */
export async function saveProgress(workspace: string, progress: Progress): Promise<void> {
  const folder = toolFolder(workspace);
  try {
    await mkdir(folder, { recursive: true });
    await writeAtomically(path.join(folder, 'progress.json'), `${JSON.stringify(progress, null, 2)}\n`);
  } catch (error) {
    throw new Error(fileReason(error), { cause: error });
  }
}

/**
 * Takes the workspace for this process. Returns the function that gives it back, or who has it. A lock whose
 * process is gone (killed, machine restarted) is taken over. Throws UserError where nothing can be written.
 * @param makesRoom For what only removes: on a full disk it does without a lock, which nobody else can take there.
 */
export async function lockWorkspace(
  workspace: string,
  { makesRoom = false } = {},
): Promise<(() => Promise<void>) | Busy> {
  try {
    return await takeLock(path.join(toolFolder(workspace), 'lock'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (makesRoom && isFull(error)) return async () => {};
    const made = await stat(toolFolder(workspace)).catch(() => null);
    throw cantWrite(made ? toolFolder(workspace) : workspace, error);
  }
}

function cantWrite(folder: string, error: unknown): UserError {
  const { code } = error as { code?: string };
  const next =
    code === 'EACCES' || code === 'EPERM'
      ? `Choose another folder with --dir. If this one is yours, and you used sudo in it: sudo chown -R "$USER" '${folder}'`
      : isFull(error)
        ? 'Make room, or choose another folder with --dir.'
        : 'Mend that, or choose another folder with --dir.';
  return new UserError(`The folder ${folder} can't be written: ${fileReason(error)}.`, next, EXIT.unusable);
}

function isFull(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return code === 'ENOSPC' || code === 'EDQUOT';
}
