import { EXIT } from '../errors.ts';
import { allLastingChecks, examine } from '../learn/examine.ts';
import { loadProgress } from '../learn/progress.ts';
import { type LessonResult, makeResult } from '../report/result.ts';
import { type Command, labLine, openContext, unusableLines } from './context.ts';

/** Where the learner is, what was passed once, and what holds now. Exits 0 when it could look, 3 when not. */
export const status: Command = async (options) => {
  const context = await openContext(options, { create: false });
  const { workspace, course, lab } = context;
  const started = performance.now();
  const { progress, notice } = await loadProgress(workspace, course, { lookOnly: true });
  const { findings, observation } = await examine(lab, course, allLastingChecks(course));
  const records = progress?.tasks ?? {};
  const result = makeResult({
    tool: options.tool,
    course,
    lessons: course.lessons,
    findings,
    observation,
    records,
    ms: performance.now() - started,
  });
  await lab.close();
  const code = result.outcome === 'unusable' ? EXIT.unusable : EXIT.passed;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return code;
  }
  const lines = [`Folder: ${workspace}`, labLine(context)];
  if (notice) lines.push(notice);
  const here = course.lessons.find((lesson) => lesson.tasks.some((task) => task.id === progress?.at));
  lines.push(
    here
      ? `You are at step ${here.step}: ${here.title}`
      : 'You have not begun yet: start with npx walkthrough',
    '',
  );
  for (const lesson of result.lessons) {
    const tasks = course.lessons[lesson.step - 1]?.tasks ?? [];
    const done = tasks.length > 0 && tasks.every((task) => records[task.id]?.everPassed);
    const by = done ? `, ${WHO[lesson.provenance]}` : '';
    lines.push(`${String(lesson.step).padStart(2)}  ${NOW[lesson.state].padEnd(13)}  ${lesson.title}${by}`);
    if (done && lesson.state !== 'passed' && lesson.state !== 'error') {
      const open = lesson.checks.find((one) => one.state !== 'passed');
      if (open) lines.push(`                   it was done; now: ${open.saw}`);
    }
  }
  lines.push(
    '',
    `${result.passed} of ${result.total} steps hold now. A step holds when all of its checks pass.`,
  );
  if (result.lessons.some(({ state }) => state === 'blocked'))
    lines.push('Blocked: it waits for a step before it that does not hold.');
  process.stdout.write(`${lines.join('\n')}\n`);
  if (code === EXIT.unusable) process.stdout.write(unusableLines(observation));
  return code;
};

const NOW: Record<LessonResult['state'], string> = {
  passed: 'holds now',
  failed: 'does not hold',
  blocked: 'blocked',
  error: "can't be told",
  skipped: 'does not hold',
};

const WHO: Record<LessonResult['provenance'], string> = {
  learner: 'done by you',
  hinted: 'done by you, with hints',
  auto: 'done by the tool',
  held: 'held already',
  none: 'done by nobody yet',
};
