import type { Names } from '../course/types.ts';
import { DATA_FOLDERS } from '../lab/workspace.ts';
import { marked } from './choose.ts';
import { READ_BY_COMPOSE } from './own-paths.ts';
import { guards, PROJECT_LINES, STEP, waitFor, waitForReplay } from './script-parts.ts';
import { PROJECT_MARK, quoted, quotedWithVariable, textOf, withVariable, writeLines } from './shell-text.ts';
import type { Chosen, Runbook, RunbookLesson, RunbookTask, ScriptFile } from './types.ts';
import { asksFollower, startedBy } from './waits.ts';
import { oneLine, timeText } from './words.ts';

/** The runbook as a bash script that builds the same pair in an empty folder, with docker and Compose alone. */
export function renderScript(runbook: Runbook): string {
  const { course, files } = runbook;
  const body = runbook.lessons.flatMap((lesson) => lessonLines(lesson, runbook));
  const written = fileLines(runbook);
  const uses = (text: string) => [...body, ...written].some((line) => line.includes(text));
  const tops = [...new Set([...files.map(({ path }) => path.split('/')[0] ?? path), ...DATA_FOLDERS])];
  const lines = [
    ...head(runbook),
    'set -euo pipefail',
    "umask 022 # the servers' own user reads the settings",
    '',
    ...guards(tops),
    '',
    ...STEP,
    ...(uses('wait_for ') ? ['', ...waitFor(course.names)] : []),
    ...(uses('wait_for_replay') ? ['', ...waitForReplay(course.names)] : []),
    '',
    "step 'The files'",
    `mkdir -p ${folders(files).map(quoted).join(' ')}`,
    ...written,
    ...body,
    '',
    `printf '\\nThe pair is built. To prove it: %s\\n' ${quoted(proof(runbook))}`,
  ];
  return `${lines.join('\n')}\n`;
}

const proof = ({ courseFolder }: Runbook): string =>
  `npx walkthrough check --dir .${courseFolder === null ? '' : ` --course ${quoted(courseFolder)}`}`;

/** The command line that runs the script in the present folder, where the lab was the one of the runbook. */
export function howToRun({ dockerFolder }: Runbook, script = 'runbook.sh'): string {
  const run = `bash ${quoted(script)}`;
  return dockerFolder === null
    ? run
    : `PATH=${quoted(dockerFolder)}:"$PATH" WALKTHROUGH_SANDBOX="$PWD" ${run}`;
}

function head(runbook: Runbook): string[] {
  const { tool, madeAt, workspace, course, lab, notices } = runbook;
  const { leader, follower, leader_port, follower_port } = course.names;
  const ports = leader_port && follower_port ? `, and the ports ${leader_port} and ${follower_port}` : '';
  return [
    '#!/usr/bin/env bash',
    `# ${oneLine(course.title)}: what was done in ${oneLine(workspace)}, as one script.`,
    `# Made by ${tool} at ${timeText(madeAt)}, in the ${lab} lab. runbook.md tells the same in words.`,
    '#',
    '# Run it in an empty folder:  bash runbook.sh',
    ...(lab === 'sandbox'
      ? ["# Without Docker, with the sandbox's own docker command:", `#   ${oneLine(howToRun(runbook))}`]
      : []),
    '# It needs docker with Compose, and nothing else. No other containers may have the names',
    `# ${leader} and ${follower}${ports}: take your first pair down before.`,
    '# The passwords stand here in plain text, as they do in the files that it writes.',
    ...notices.map((notice) => `# ${oneLine(notice)}`),
  ];
}

const folders = (files: readonly ScriptFile[]): string[] => {
  const parents = files.map(({ path }) => path.split('/').slice(0, -1).join('/'));
  return [...new Set([...parents.filter((parent) => parent !== ''), ...DATA_FOLDERS])];
};

/** The files, those of Compose first; then the project's name is known, which others may have in them. */
function fileLines(runbook: Runbook): string[] {
  const { files, network, course } = runbook;
  const rename = network === null ? null : { from: network, to: marked(network, course.names) };
  const lines: string[] = [];
  const composed = files.filter(({ path }) => READ_BY_COMPOSE.includes(path));
  const others = files.filter((file) => !composed.includes(file));
  for (const file of composed) lines.push('', ...oneFile(file, null));
  if (rename !== null) {
    lines.push('', ...PROJECT_LINES);
    for (const { path, bytes } of composed)
      if (textOf(bytes)?.includes(rename.from)) lines.push('', ...renamedLines(path, rename));
  }
  for (const file of others) lines.push('', ...oneFile(file, rename));
  return lines;
}

interface Rename {
  from: string;
  to: string;
}

/** A file that had to be there before the project's name was known. In place, so that it keeps its mode. */
function renamedLines(path: string, { from, to }: Rename): string[] {
  const [file, copy] = [quoted(path), quoted(`${path}.new`)];
  return [
    `# A comment in ${path} has the name, too.`,
    `sed "s/${from}/${withVariable(to)}/g" ${file} > ${copy}`,
    `cat ${copy} > ${file}`,
    `rm ${copy}`,
  ];
}

function oneFile({ path, bytes, mode, why }: ScriptFile, rename: Rename | null): string[] {
  return [
    `# ${oneLine(path)}. ${why ?? 'As it was in the folder.'}`,
    ...writeLines(path, bytes, rename),
    ...(mode === 0o644 ? [] : [`chmod ${mode.toString(8)} ${quoted(path)}`]),
  ];
}

function lessonLines({ lesson, tasks }: RunbookLesson, runbook: Runbook): string[] {
  const own = tasks.flatMap((task) => taskLines(task, runbook));
  const title = oneLine(`Lesson ${lesson.step}: ${lesson.title}`);
  return own.length === 0 ? ['', `# ${title}. No command is needed.`] : ['', `# ${title}`, ...own];
}

function taskLines({ task, chosen }: RunbookTask, { course, network }: Runbook): string[] {
  if (chosen === null) return [];
  const { names } = course;
  const waits = startedBy(chosen.text, names).map((node) => `wait_for ${quoted(names[node] ?? node)}`);
  return [
    '',
    `step ${quoted(oneLine(task.title))}`,
    ...comment(chosen),
    ...(asksFollower(chosen.text, names) ? ['wait_for_replay'] : []),
    ...commandLines(chosen, network === null ? names : null),
    ...waits,
  ];
}

function comment({ source, why, fails }: Chosen): string[] {
  const lines = source === 'own' ? ['# Your own command.'] : why === '' ? [] : [`# ${why}`];
  if (fails === 'must') lines.push('# It must be refused: that is the proof.');
  if (fails === 'may') lines.push('# It failed in the lesson too, and the checks passed all the same.');
  return lines;
}

/** @param fixed the names of a course whose network is called the same in every folder; null where it is not */
function commandLines({ source, text, fails }: Chosen, fixed: Names | null): string[] {
  const command = fixed ? text.replaceAll(PROJECT_MARK, fixed.project ?? '') : text;
  const lines = source === 'own' ? ownLines(command) : orPresent(withVariable(command));
  if (fails === 'must')
    return ['if', ...indented(lines), 'then', `  echo 'It was not refused.' >&2`, '  exit 1', 'fi'];
  return fails === 'may' ? ['{', ...indented(lines), '} || true'] : lines;
}

/** The learner's command as it ran: in a shell of its own, which stops at no error by itself. */
function ownLines(command: string): string[] {
  // A heredoc or a comment can swallow what comes after it.
  if (/<<|#/.test(command)) return [`bash -c ${quotedWithVariable(command)}`];
  return ['(', '  set +euo pipefail', `  ${withVariable(command)}`, ')'];
}

/** A registry may be out of reach where the image is here already. */
function orPresent(command: string): string[] {
  const [, image] = /^docker pull (\S+)$/.exec(command.trim()) ?? [];
  return image ? [`docker pull ${image} || docker image inspect ${image} >/dev/null`] : [command];
}

/** The first line of each: what is in the quotes of a command must stay as it is. */
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
