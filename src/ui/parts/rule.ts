import type { LabLabel } from '../../learn/driver-types.ts';
import { lessonAt, passedLessons } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { cells, truncate } from '../../terminal/wrap.ts';
import { type Line, span } from '../line.ts';

/** The line between the transcript and the live part: where the learner is, what holds, which lab. */
export function ruleLine(state: WalkState, label: LabLabel, width: number, glyphs: Glyphs): Line {
  const lesson = lessonAt(state);
  const [task, tasks] = [state.place.task + 1, lesson.tasks.length];
  const here =
    width < 80
      ? `${lesson.step} ${glyphs.dot} task ${task}/${tasks}`
      : `step ${lesson.step}, task ${task} of ${tasks}`;
  const left = ` ${here} ${glyphs.dot} ${passedLessons(state)}/${state.course.lessons.length} hold `;
  const right = ` ${truncate(label.text, Math.max(8, width - cells(left) - 7), glyphs.ellipsis)} `;
  const rest = width - cells(left) - cells(right) - 4;
  return [
    span(glyphs.rule.repeat(2), 'dim'),
    span(left, 'dim'),
    span(glyphs.rule.repeat(Math.max(1, rest)), 'dim'),
    span(right, 'dim'),
    span(glyphs.rule.repeat(2), 'dim'),
  ];
}
