import { EXIT, UserError } from '../errors.ts';
import { nextMove } from '../learn/autopilot.ts';
import { startDriver } from '../learn/driver.ts';
import type { Driver } from '../learn/driver-types.ts';
import { allLastingChecks, examine } from '../learn/examine.ts';
import { loadProgress, lockWorkspace } from '../learn/progress.ts';
import { lessonAt, taskAt } from '../learn/select.ts';
import { renderItem } from '../plain/render.ts';
import { EXIT_OF, makeResult } from '../report/result.ts';
import { textReport } from '../report/text.ts';
import { type Command, findLesson, openContext, refuseProblems } from './context.ts';

/** All steps unattended: do each task, check it, stop at the first failure. */
export const run: Command = async (options) => {
  const talk = options.json ? process.stderr : process.stdout;
  const { workspace, course, lab } = await openContext(options, { create: true });
  talk.write(`Lab: ${lab.kind}. Folder: ${workspace}\n`);
  const lock = await lockWorkspace(workspace);
  if ('pid' in lock) {
    throw new UserError(
      `Another walk (process ${lock.pid}) is in the folder ${workspace}.`,
      'End it first, or choose another folder with --dir.',
      EXIT.unusable,
    );
  }
  const started = performance.now();
  try {
    refuseProblems(await lab.ready());
    const { progress, notice } = await loadProgress(workspace, course);
    if (notice) talk.write(`${notice}\n`);
    const last = options.to === undefined ? course.lessons.length : findLesson(course, options.to).step;
    const first = options.from === undefined ? 1 : findLesson(course, options.from).step;
    if (first > last)
      throw new UserError(`--from ${first} comes after --to ${last}.`, 'Give the smaller number to --from.');
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
    else process.stdout.write(`\n${textReport(result)}`);
    if (cutShort) return EXIT.interrupted;
    if (code === EXIT.failed) {
      talk.write(
        `Stopped at step ${lessonAt(state).step}, "${taskAt(state).title}". To go on from there: walkthrough run --from ${lessonAt(state).step}\n`,
      );
    }
    // A step can fail at its moment although all lasting checks hold: that is a failure all the same.
    return code === EXIT.passed ? EXIT_OF[result.outcome] : Math.max(code, EXIT_OF[result.outcome]);
  } finally {
    await lock();
    await lab.close();
  }
};

/** Presses the keys of an unattended walk until it ends or stops. Ctrl-C ends the command, then the walk. */
export async function drive(driver: Driver): Promise<number> {
  const interrupt = () => {
    driver.send({ kind: 'interrupt' });
    driver.send({ kind: 'interrupt' });
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
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
  process.removeListener('SIGINT', interrupt);
  process.removeListener('SIGTERM', interrupt);
  return code;
}
