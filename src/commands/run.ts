import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { nextMove } from '../learn/autopilot.ts';
import { startDriver } from '../learn/driver.ts';
import type { Driver } from '../learn/driver-types.ts';
import { allLastingChecks, examine } from '../learn/examine.ts';
import { loadProgress } from '../learn/progress.ts';
import { lessonAt, taskAt } from '../learn/select.ts';
import { renderItem } from '../plain/render.ts';
import { EXIT_OF, makeResult } from '../report/result.ts';
import { textReport } from '../report/text.ts';
import {
  type Command,
  findLesson,
  labLine,
  type Options,
  openContext,
  openCourse,
  refuseProblems,
  sameFolders,
  unusableLines,
} from './context.ts';
import { takeWorkspace } from './workspace.ts';

/** All steps unattended: do each task, check it, stop at the first failure. */
export const run: Command = async (options) => {
  const talk = options.json ? process.stderr : process.stdout;
  // Before anything is made: a wrong number must leave nothing behind.
  const read = await openCourse(options.course);
  const { first, last } = chooseRange(read, options);
  const context = await openContext(options, { create: true, read });
  const { workspace, course, lab } = context;
  talk.write(`${labLine(context)}\nFolder: ${workspace}\n`);
  const release = await takeWorkspace(workspace);
  const started = performance.now();
  try {
    refuseProblems(await lab.ready());
    const { progress, notice } = await loadProgress(workspace, course);
    if (notice) talk.write(`${notice}\n`);
    const driver = startDriver({
      course,
      lab,
      records: progress?.tasks ?? {},
      startedAt: progress?.startedAt ?? new Date().toISOString(),
      unattended: true,
      firstLesson: first - 1,
      lastLesson: last - 1,
      streamOutput: true,
      poll: false,
    });
    driver.onFeed((item) => talk.write(renderItem(item, { columns: talk.columns ?? 80 })));
    const code = await drive(driver);
    const { findings, observation } = await examine(lab, course, allLastingChecks(course));
    const lessons = course.lessons.slice(first - 1, last);
    const state = driver.getState();
    const cutShort = code === EXIT.interrupted;
    const result = makeResult({
      tool: options.tool,
      course,
      lessons,
      findings,
      observation,
      records: state.records,
      ms: performance.now() - started,
      cutShort,
    });
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else process.stdout.write(`\n${textReport(result, course.mistakes, process.stdout.columns ?? 80)}`);
    if (result.outcome === 'unusable') talk.write(unusableLines(observation));
    if (code !== EXIT.passed) {
      const { step } = lessonAt(state);
      const again = `npx walkthrough run --from ${step}${sameFolders(options)}`;
      talk.write(`Stopped at step ${step}, "${taskAt(state).title}". To go on from there: ${again}\n`);
    }
    if (cutShort) return EXIT.interrupted;
    // A step can fail at its moment although all lasting checks hold: that is a failure all the same.
    return code === EXIT.passed ? EXIT_OF[result.outcome] : Math.max(code, EXIT_OF[result.outcome]);
  } finally {
    await release();
    await lab.close();
  }
};

/** The first and the last step that are asked for. */
function chooseRange(course: Course, { from, to }: Options): { first: number; last: number } {
  const last = to === undefined ? course.lessons.length : findLesson(course, to).step;
  const first = from === undefined ? 1 : findLesson(course, from).step;
  if (first > last)
    throw new UserError(`--from ${first} comes after --to ${last}.`, 'Give the smaller number to --from.');
  return { first, last };
}

/** Ways to say that the walk must end. A reader of the output that went away (`| head`) is one more. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Presses the keys of an unattended walk until it ends or stops. Ctrl-C ends the command, then the walk. */
export async function drive(driver: Driver): Promise<number> {
  const interrupt = () => {
    driver.send({ kind: 'interrupt' });
    driver.send({ kind: 'interrupt' });
  };
  // Kept until the end: a second Ctrl-C must not kill us while the command's children are still being ended.
  for (const ending of ENDINGS) process.on(ending, interrupt);
  process.stdout.on('error', interrupt);
  const stopped = new Promise<number>((resolve) => {
    const advance = () => {
      const move = nextMove(driver.getState());
      if (move === 'stop') resolve(EXIT.failed);
      else if (move !== null) driver.send(move);
    };
    // Not from within the driver's own notification: it has effects of the last step still to start.
    driver.subscribe(() => setImmediate(advance));
    setImmediate(advance);
  });
  const code = await Promise.race([driver.finished, stopped]);
  for (const ending of ENDINGS) process.off(ending, interrupt);
  process.stdout.off('error', interrupt);
  return code;
}
