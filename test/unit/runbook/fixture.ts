import { fileURLToPath } from 'node:url';
import { bindNames } from '../../../src/course/bind.ts';
import { readCourse } from '../../../src/course/read.ts';
import type { Course } from '../../../src/course/types.ts';
import type { Progress } from '../../../src/learn/progress.ts';
import type { TaskRecord } from '../../../src/learn/state.ts';
import { maskSecrets, type TranscriptEntry } from '../../../src/learn/transcript.ts';
import { makeRunbook, type RunbookInput } from '../../../src/runbook/model.ts';
import { PROJECT_MARK } from '../../../src/runbook/shell-text.ts';
import type { Runbook, WorkspaceFile } from '../../../src/runbook/types.ts';

export const WORKSPACE = '/home/me/solutions';
const read = await readCourse(fileURLToPath(new URL('../../../lessons', import.meta.url)));
export const COURSE: Course = bindNames(read, { project: 'solutions' });
const SCRIPTED: Course = bindNames(read, { project: PROJECT_MARK });

/** Ids of the tasks that most tests are about. */
export const TASKS = {
  folders: 'workspace/the-four-folders',
  pull: 'docker/the-postgresql-image',
  both: 'start-leader/both-servers-once',
  user: 'prepare-leader/a-user-that-may-replicate',
  rule: 'prepare-leader/a-rule-that-lets-it-in',
  copy: 'base-backup/the-copy',
  refused: 'verify/a-write-on-the-follower',
};

/** A minute of the day on which all this happened. */
export const at = (minute: number): string => new Date(Date.UTC(2026, 10, 25, 10, minute)).toISOString();

/** The command that a lesson has for a task. */
export function lessonCommand(task: string): string {
  const found = COURSE.lessons.flatMap(({ tasks }) => tasks).find(({ id }) => id === task);
  if (found?.action.kind !== 'command') throw new Error(`no command in ${task}`);
  return found.action.command;
}

/** A line of the transcript, its passwords masked as the driver does. */
export const ran = (
  task: string,
  command: string,
  minute = 1,
  exitCode: number | null = 0,
): TranscriptEntry => ({
  at: at(minute),
  task,
  command: maskSecrets(command, COURSE.names),
  exitCode,
  durationMs: 400,
});

export const file = (path: string, text: string, mode = 0o644): WorkspaceFile => ({
  path,
  bytes: new TextEncoder().encode(text),
  mode,
});

export function progress(tasks: Record<string, TaskRecord>): Progress {
  return {
    schema: 'walkthrough/progress/v1',
    course: { id: COURSE.id, version: COURSE.version },
    startedAt: at(0),
    savedAt: at(59),
    lab: 'docker',
    at: TASKS.folders,
    tasks,
  };
}

/** The runbook of somebody who has done nothing but what is given. */
export function runbookOf(given: Partial<RunbookInput>): Runbook {
  return makeRunbook({
    tool: 'pg-walkthrough 0.1.0',
    now: at(59),
    workspace: WORKSPACE,
    runner: { uid: 1000, gid: 1000, lab: 'docker' },
    dockerFolder: null,
    courseFolder: null,
    course: COURSE,
    scripted: SCRIPTED,
    progress: null,
    entries: [],
    files: [],
    notices: [],
    ...given,
  });
}

/** A task of the runbook. */
export function taskOf(runbook: Runbook, id: string) {
  const found = runbook.lessons.flatMap(({ tasks }) => tasks).find(({ task }) => task.id === id);
  if (!found) throw new Error(`no task ${id}`);
  return found;
}
