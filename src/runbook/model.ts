import type { Course } from '../course/types.ts';
import type { Progress } from '../learn/progress.ts';
import type { TranscriptEntry } from '../learn/transcript.ts';
import { choose, type OldFolder } from './choose.ts';
import { formsOf, type Runner } from './forms.ts';
import { COMPOSE_FILES } from './own-paths.ts';
import { scriptFiles } from './script-files.ts';
import { textOf } from './shell-text.ts';
import type { Runbook, RunbookTask, WorkspaceFile } from './types.ts';

export interface RunbookInput {
  tool: string;
  /** ISO time. */
  now: string;
  workspace: string;
  runner: Runner;
  dockerFolder: string | null;
  courseFolder: string | null;
  /** Bound to the learner's project. */
  course: Course;
  /** The same course, bound to PROJECT_MARK. */
  scripted: Course;
  progress: Progress | null;
  entries: readonly TranscriptEntry[];
  files: readonly WorkspaceFile[];
  notices: readonly string[];
}

/** Puts together who did what, what ran, and what is there now. Pure. */
export function makeRunbook(input: RunbookInput): Runbook {
  const { course, scripted, entries, progress, files, runner } = input;
  const { names } = course;
  const records = progress?.tasks ?? {};
  const network = networkIn(files, course);
  const folder: OldFolder = { workspace: input.workspace, names, network };
  const lessons = course.lessons.map((lesson, l) => {
    const tasks = lesson.tasks.map((task, t): RunbookTask => {
      const record = records[task.id] ?? { provenance: 'none' as const };
      const mine = entries.filter((entry) => entry.task === task.id);
      const { action } = task;
      const marked = scripted.lessons[l]?.tasks[t]?.action;
      if (action.kind !== 'command' || marked?.kind !== 'command')
        return { task, record, ran: mine.map((entry) => ({ entry, own: true })), chosen: null };
      const forms = formsOf(action.command, marked.command, names, runner);
      const ran = mine.map((entry) => ({ entry, own: forms.find(entry.command) === null }));
      return { task, record, ran, chosen: choose({ task, record, ran }, forms, folder) };
    });
    return { lesson, passed: tasks.every(({ record }) => record.everPassed !== undefined), tasks };
  });
  const known = new Set(course.lessons.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
  return {
    tool: input.tool,
    madeAt: input.now,
    workspace: input.workspace,
    lab: runner.lab,
    dockerFolder: input.dockerFolder,
    course,
    courseFolder: input.courseFolder,
    startedAt: progress?.startedAt ?? null,
    lessons,
    strays: entries.filter(({ task }) => !known.has(task)),
    files: scriptFiles(course, files, records, input.workspace),
    found: [...files],
    network,
    spentMs: timeSpent([
      ...entries.flatMap(({ at, durationMs }) => [Date.parse(at) - durationMs, Date.parse(at)]),
      ...Object.values(records).flatMap(({ everPassed }) => Date.parse(everPassed ?? '')),
      Date.parse(progress?.startedAt ?? ''),
    ]),
    notices: [...input.notices],
  };
}

/**
 * The network as Docker names it in the learner's folder. Null where a Compose file gives it that name itself, so
 * that it has it in every folder, or where the course has none.
 */
function networkIn(files: readonly WorkspaceFile[], { names }: Course): string | null {
  if (!names.network || !names.project) return null;
  const network = `${names.project}_${names.network}`;
  const given = files.some(({ path, bytes }) => {
    const lines = COMPOSE_FILES.includes(path) ? (textOf(bytes) ?? '').split('\n') : [];
    return lines.some((line) => line.replace(/(?:^|\s)#.*/, '').includes(network));
  });
  return given ? null : network;
}

/** A longer silence is a pause, in milliseconds. */
const PAUSE = 15 * 60_000;

/** Sum of the times between one event and the next, without pauses; what is no time is left out. */
export function timeSpent(times: readonly number[]): number {
  const sorted = times.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  return sorted
    .slice(1)
    .map((time, at) => time - (sorted[at] ?? time))
    .filter((gap) => gap <= PAUSE)
    .reduce((sum, gap) => sum + gap, 0);
}
