import { examine } from '../learn/examine.ts';
import { loadProgress } from '../learn/progress.ts';
import { lastingChecks } from '../learn/select.ts';
import { EXIT_OF, makeResult } from '../report/result.ts';
import { holdLine, textReport } from '../report/text.ts';
import { type Command, chooseLessons, openContext, sameFolders, unusableLines } from './context.ts';
import { isThere } from './workspace.ts';

/** Judges the state as it is now, whoever made it and however. Changes nothing. */
export const check: Command = async (options) => {
  const { workspace, course, lab } = await openContext(options, { create: false });
  const lessons = chooseLessons(course, options.words);
  const started = performance.now();
  const { findings, observation } = await examine(lab, course, lessons.flatMap(lastingChecks));
  const ms = performance.now() - started;
  const { progress } = await loadProgress(workspace, course, { lookOnly: true });
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
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (await isThere(workspace))
    process.stdout.write(textReport(result, course.mistakes, process.stdout.columns ?? 80));
  // Each check would say the same in its own words. A folder that was named wrongly is the likely reason.
  else
    process.stdout.write(
      `The folder ${workspace} is not there yet.\n${holdLine(result)}\nTo begin there: npx walkthrough${sameFolders(options)}\nIf you meant another folder, name that one with --dir.\n`,
    );
  if (!options.json && result.outcome === 'unusable') process.stdout.write(unusableLines(observation));
  return EXIT_OF[result.outcome];
};
