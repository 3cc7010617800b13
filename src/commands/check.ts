import { examine } from '../learn/examine.ts';
import { loadProgress } from '../learn/progress.ts';
import { lastingChecks } from '../learn/select.ts';
import { EXIT_OF, makeResult } from '../report/result.ts';
import { textReport } from '../report/text.ts';
import { type Command, chooseLessons, openContext } from './context.ts';

/** Judges the state as it is now, whoever made it and however. Changes nothing. */
export const check: Command = async (options) => {
  const { workspace, course, lab } = await openContext(options, { create: false });
  const lessons = chooseLessons(course, options.words);
  const started = performance.now();
  const { findings, observation } = await examine(lab, course, lessons.flatMap(lastingChecks));
  const ms = performance.now() - started;
  const { progress } = await loadProgress(workspace, course);
  const result = makeResult({
    tool: options.tool,
    course,
    lessons,
    findings,
    observation,
    records: progress?.tasks ?? {},
    ms,
  });
  await lab.close();
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : textReport(result));
  return EXIT_OF[result.outcome];
};
