import { passedLessons, recordOf, taskAt } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import { count, predictionLead } from '../../plain/words.ts';
import { type Line, span, wrapSpans } from '../line.ts';

/** The prediction that is open: the question, and its options by number. */
export function predictLines(state: WalkState, width: number): Line[] {
  const { action, prediction } = taskAt(state);
  if (!prediction) return [];
  return [
    ...wrapSpans([span(`${predictionLead(action)} `, 'accent'), span(prediction.question)], width),
    ...prediction.options.flatMap((option, index) => choice(String(index + 1), option, width)),
  ];
}

/** What the learner may do about a task whose checks do not pass. */
export function skipLines(width: number): Line[] {
  return [
    ...wrapSpans([span('This task does not hold yet. ', 'accent'), span('What now?')], width),
    ...choice('1', 'Stay with it', width),
    ...choice('2', 'Let the tool do it', width),
    ...choice('3', 'Go on without it; steps that need it wait', width),
  ];
}

/** What the learner may do about a lesson that holds on arrival. */
export function testOutLines(width: number): Line[] {
  return [
    ...wrapSpans([span('All of this lesson holds already. ', 'accent'), span('What now?')], width),
    ...choice('1', 'Walk through it', width),
    ...choice('2', 'Count it as done, and go on', width),
  ];
}

/** Whether to quit although a command runs. */
export function leaveLines(width: number): Line[] {
  return [
    ...wrapSpans([span('A command is running. ', 'accent'), span('Stop it and quit?')], width),
    ...choice('y', 'Stop it and quit; your place is kept', width),
    ...choice('n', 'Let it go on', width),
  ];
}

function choice(key: string, text: string, width: number): Line[] {
  return wrapSpans([span(text)], width, 8).map((row, index) =>
    index === 0 ? [span('     '), span(key, 'accent'), span('  '), ...row.slice(1)] : row,
  );
}

/** The end: what holds, and how it went. */
export function doneLines(state: WalkState, width: number): Line[] {
  const all = state.course.lessons.length;
  const hold = passedLessons(state);
  const tasks = state.course.lessons.flatMap((lesson) => lesson.tasks);
  const hints = tasks.reduce((sum, task) => sum + (recordOf(state, task).hints ?? 0), 0);
  const asked = tasks.filter((task) => task.prediction && recordOf(state, task).predicted !== undefined);
  const right = asked.filter((task) => recordOf(state, task).predicted === task.prediction?.answer);
  const by = (who: string) => tasks.filter((task) => recordOf(state, task).provenance === who).length;
  const own = by('learner') + by('hinted');
  const held = by('held') > 0 ? `${by('held')} held already, ` : '';
  return [
    ...wrapSpans(
      hold === all
        ? [
            span(`All ${all} steps hold. `, 'good'),
            span('The rows of the leader reach your follower, and it refuses writes.'),
          ]
        : [
            span(`${hold} of ${all} steps hold. `, 'warn'),
            span('Press l to see which are open, and go back to one.'),
          ],
      width,
    ),
    ...wrapSpans(
      [
        span(
          `${count(own, 'task')} by you, ${by('auto')} by the tool, ${held}${count(hints, 'hint')}` +
            (asked.length > 0 ? `, ${right.length} of ${count(asked.length, 'prediction')} right` : ''),
          'dim',
        ),
      ],
      width,
    ),
    ...wrapSpans(
      [
        span('What you did, as a text and as a script: '),
        span(`npx walkthrough runbook${state.flags}`, 'strong'),
      ],
      width,
    ),
    ...wrapSpans(
      [
        span('Your lab keeps running. Take it down with: '),
        span(`npx walkthrough reset${state.flags}`, 'strong'),
      ],
      width,
    ),
  ];
}
