import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { bindNames } from '../course/bind.ts';
import { projectNameOf } from '../course/project-name.ts';
import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { courseIn, loadProgress, toolFolder } from '../learn/progress.ts';
import { readTranscript } from '../learn/transcript.ts';
import { renderMarkdown } from '../runbook/markdown.ts';
import { makeRunbook } from '../runbook/model.ts';
import { readOwnFiles } from '../runbook/read-files.ts';
import { howToRun, renderScript } from '../runbook/script.ts';
import { PROJECT_MARK } from '../runbook/shell-text.ts';
import type { Runbook } from '../runbook/types.ts';
import { writeRunbook } from '../runbook/write-runbook.ts';
import { type Command, type Options, openCourse } from './context.ts';
import { findWorkspace, lookAtWorkspace } from './workspace.ts';

/** Writes what the learner did as runbook.md and runbook.sh. Needs no lab: it looks at what is on the disk. */
export const runbook: Command = async (options) => {
  const read = await openCourse(options.course);
  const workspace = await lookAtWorkspace(await findWorkspace(options.dir));
  const told = await gather(options, read, workspace);
  const written = await writeRunbook(workspace, {
    'runbook.md': renderMarkdown(told),
    'runbook.sh': renderScript(told),
  });
  if (options.json) {
    const { lab, notices, tool } = told;
    const { id, version } = told.course;
    const document = {
      schema: 'walkthrough/runbook/v1',
      tool,
      course: { id, version },
      lab,
      folder: workspace,
      files: written,
      notices,
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return EXIT.passed;
  }
  for (const { path: file, kept } of written)
    process.stdout.write(`Wrote ${file}.${kept === null ? '' : ` Your version is kept as ${kept}.`}\n`);
  for (const notice of told.notices) process.stdout.write(`${notice}\n`);
  const run = howToRun(told, path.join(workspace, 'runbook.sh'));
  process.stdout.write(
    `To build the same pair again, take this one down (npx walkthrough reset), then run in an empty folder:\n${run}\n`,
  );
  return EXIT.passed;
};

/** Reads all that the runbook is made of. Throws UserError where there is nothing to tell, or it is another course's. */
async function gather(options: Options, read: Course, workspace: string): Promise<Runbook> {
  await refuseMissing(workspace);
  const other = await courseIn(workspace);
  if (other !== null && other !== read.id)
    throw new UserError(
      `What was done in the folder ${workspace} belongs to another course (${other}).`,
      'Name that course with --course DIR, or another folder with --dir.',
    );
  const project = process.env.COMPOSE_PROJECT_NAME ?? projectNameOf(workspace);
  const course = bindNames(read, { ...read.names, project });
  const scripted = bindNames(read, { ...read.names, project: PROJECT_MARK });
  const [{ progress, notice }, { entries, damaged }, own] = await Promise.all([
    loadProgress(workspace, course, { lookOnly: true }),
    readTranscript(workspace),
    readOwnFiles(workspace, course),
  ]);
  if (
    entries.length === 0 &&
    Object.keys(progress?.tasks ?? {}).length === 0 &&
    notice === null &&
    damaged === 0
  )
    throw nothingYet(`Nothing was done in the folder ${workspace} yet.`);
  const lab = progress?.lab ?? (await labIn(options, workspace));
  return makeRunbook({
    tool: options.tool,
    now: new Date().toISOString(),
    workspace,
    runner: {
      uid: process.getuid?.() ?? 0,
      gid: process.getgid?.() ?? 0,
      lab,
    },
    dockerFolder: lab === 'sandbox' ? await sandboxDocker() : null,
    courseFolder: options.course === undefined ? null : path.resolve(options.course),
    course,
    scripted,
    progress,
    entries,
    files: own.files,
    notices: [
      ...(notice === null ? [] : [`${notice} Who did what is not in this runbook.`]),
      ...(damaged === 0
        ? []
        : [`${damaged} of the lines in transcript.ndjson can't be read; they are left out.`]),
      ...own.notices,
    ],
  });
}

async function refuseMissing(workspace: string): Promise<void> {
  if (!(await stat(workspace).catch(() => null))) throw nothingYet(`There is no folder ${workspace}.`);
}

function nothingYet(message: string): UserError {
  return new UserError(message, 'Begin with npx walkthrough, or name your folder with --dir.');
}

/** Folder of the `docker` command that the sandbox's shell has first on its PATH. */
async function sandboxDocker(): Promise<string> {
  const { programFile } = await import('../lab/sandbox/engine/processes.ts');
  return path.dirname(programFile(path.join('bin', 'docker')));
}

/** The lab where the progress file does not tell: the one that left something here, or that was asked for. */
async function labIn({ lab }: Options, workspace: string): Promise<'docker' | 'sandbox'> {
  if (lab !== 'auto') return lab;
  const sandbox = await access(path.join(toolFolder(workspace), 'sandbox')).then(
    () => true,
    () => false,
  );
  return sandbox ? 'sandbox' : 'docker';
}
