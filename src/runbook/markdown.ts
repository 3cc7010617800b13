import { maskSecrets } from '../learn/transcript.ts';
import { count, seconds } from '../plain/words.ts';
import { code, commandBlock, fenced, prediction, taskSentence } from './markdown-parts.ts';
import { coursePaths } from './own-paths.ts';
import { textOf } from './shell-text.ts';
import type { Runbook, RunbookLesson, RunbookTask, WorkspaceFile } from './types.ts';
import { oneLine, timeText } from './words.ts';

/** The runbook for people: what was done, lesson by lesson, with results. Passwords are named, never shown. */
export function renderMarkdown(runbook: Runbook): string {
  const { lessons, strays, notices } = runbook;
  const files = shownFiles(runbook);
  const beside = runbook.found.filter(
    ({ path }) => ![...files.values()].flat().some((file) => file.path === path),
  );
  const parts = [
    ...head(runbook),
    ...notices.map((notice) => `> ${oneLine(notice)}`),
    ...lessons.flatMap((lesson) => lessonParts(lesson, files, runbook)),
    ...(beside.length === 0 ? [] : ['## Other files', ...beside.flatMap((file) => fileParts(file, runbook))]),
    ...(strays.length === 0
      ? []
      : ['## Other commands', 'These belong to tasks that this version of the course does not have.']),
    ...strays.flatMap((entry) => commandBlock({ entry, own: false }, false)),
    ...summary(runbook),
  ];
  return `${parts.join('\n\n')}\n`;
}

function head({ tool, madeAt, startedAt, workspace, lab, course }: Runbook): string[] {
  const rows = [
    `Made at ${timeText(madeAt)}, by ${tool}.`,
    ...(startedAt === null ? [] : [`Begun at ${timeText(startedAt)}.`]),
    `Lab: ${lab}.`,
    `Course: ${course.id}, version ${course.version}.`,
    `Folder: ${code(oneLine(workspace))}`,
  ];
  return [
    `# Runbook: ${course.title}`,
    rows.map((row) => `- ${row}`).join('\n'),
    'This is what was done, with the results. `runbook.sh` beside it builds the same pair in an empty folder. ' +
      'A password of the course stands here by its name, as `{{replicator_password}}`; another one as `***`.',
  ];
}

function lessonParts(
  { lesson, passed, tasks }: RunbookLesson,
  files: Map<string, WorkspaceFile[]>,
  runbook: Runbook,
): string[] {
  const told = tasks.flatMap((task) => taskParts(task, files.get(task.task.id) ?? [], runbook));
  const checked = tasks.filter((one) => isOnlyChecked(one)).map(({ task }) => task.title);
  return [
    `## ${lesson.step}. ${lesson.title}`,
    ...(passed
      ? []
      : [
          told.length + checked.length === 0
            ? 'Nothing was done here.'
            : 'Not all of this lesson was passed.',
        ]),
    ...told,
    ...(checked.length === 0 ? [] : [`Read, and its checks passed: ${checked.join('; ')}.`]),
  ];
}

/** A text with checks that all passed, and nothing more to tell: the lessons on the settings have a dozen of them. */
function isOnlyChecked({ task, record, ran }: RunbookTask): boolean {
  const { everPassed, predicted, hints } = record;
  const quiet = ran.length === 0 && predicted === undefined && !hints;
  return quiet && everPassed !== undefined && task.action.kind === 'read' && task.checks.length > 0;
}

function taskParts(one: RunbookTask, files: WorkspaceFile[], runbook: Runbook): string[] {
  if (isOnlyChecked(one)) return [];
  const { task, record, ran } = one;
  const refused = task.checks.some(({ kind }) => kind === 'read-only');
  const parts = [
    ...taskSentence(one),
    ...prediction(task, record),
    ...ran.flatMap((each) => commandBlock(each, refused)),
    ...files.flatMap((file) => fileParts(file, runbook)),
  ];
  return parts.length === 0 ? [] : [`### ${task.title}`, ...parts];
}

/** The learner's files by the task at which they are shown: the last done one that writes them. */
function shownFiles({ course, lessons, found }: Runbook): Map<string, WorkspaceFile[]> {
  const shown = new Map<string, WorkspaceFile[]>();
  const tasks = lessons.flatMap((lesson) => lesson.tasks);
  for (const path of coursePaths(course)) {
    const file = found.find((one) => one.path === path);
    const writing = tasks.filter(
      ({ task: { action } }) => action.kind === 'write' && action.files.some((one) => one.path === path),
    );
    const at = writing.findLast(({ record }) => record.everPassed !== undefined) ?? writing[0];
    if (file && at) shown.set(at.task.id, [...(shown.get(at.task.id) ?? []), file]);
  }
  return shown;
}

function fileParts({ path, bytes }: WorkspaceFile, { course }: Runbook): string[] {
  const text = textOf(bytes);
  const reference = Object.values(course.files).includes(text ?? '');
  const whose = reference ? 'as the lesson has it' : 'your own version';
  if (text === null) return [`${code(path)}, ${whose}: ${count(bytes.length, 'byte')} that are no text.`];
  const language = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return [`${code(path)}, ${whose}:`, fenced(maskSecrets(text, course.names), LANGUAGES[language] ?? 'text')];
}

const LANGUAGES: Record<string, string> = { yml: 'yaml', yaml: 'yaml', sh: 'sh', sql: 'sql', conf: 'ini' };

function summary({ lessons, strays, spentMs }: Runbook): string[] {
  const tasks = lessons.flatMap((lesson) => lesson.tasks);
  const by = (...who: string[]) => tasks.filter(({ record }) => who.includes(record.provenance)).length;
  const hints = tasks.reduce((sum, { record }) => sum + (record.hints ?? 0), 0);
  const asked = tasks.filter(({ task, record }) => task.prediction && record.predicted !== undefined);
  const right = asked.filter(({ task, record }) => task.prediction?.answer === record.predicted);
  const ran = [...tasks.flatMap((task) => task.ran.map(({ entry }) => entry)), ...strays];
  const failed = ran.filter(({ exitCode }) => exitCode !== 0);
  const skipped = tasks.filter(({ record }) => record.skipped);
  return [
    '## Summary',
    [
      `- ${lessons.filter(({ passed }) => passed).length} of ${lessons.length} lessons passed.`,
      `- ${count(by('learner', 'hinted'), 'task')} done by you, ${by('auto')} by the tool, ${skipped.length} skipped.`,
      `- ${count(hints, 'hint')} used.`,
      `- ${right.length} of ${count(asked.length, 'prediction')} right.`,
      `- ${count(ran.length, 'command')} run, ${failed.length} of them with an exit code that is not 0.`,
      `- Time spent: ${seconds(spentMs)}, without pauses of more than 15 minutes.`,
    ].join('\n'),
  ];
}
