import { everPassed, type LessonState, lessonState, passedLessons } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { type Line, type Span, span, spread } from '../line.ts';
import { checkMark } from '../parts/checks.ts';
import { type ListState, scrollTop } from './state.ts';

/** The lessons with what holds of each now; the chosen row behind the pointer, always in sight. */
export function listLines(
  state: WalkState,
  list: ListState,
  width: number,
  rows: number,
  glyphs: Glyphs,
): Line[] {
  const { lessons } = state.course;
  const heading = spread(
    [span('   '), span('Lessons', 'strong')],
    [span(`${passedLessons(state)} of ${lessons.length} hold now`, 'dim')],
    width,
    glyphs.ellipsis,
  );
  const room = Math.max(1, rows - 1);
  const top = scrollTop(list.index, lessons.length, room);
  const inSight = lessons.slice(top, top + room).map((lesson, offset): Line => {
    const index = top + offset;
    const now = lessonState(state, lesson);
    const chosen = index === list.index;
    const here = index === state.place.lesson;
    const word = here ? 'you are here' : wordOf(now, everPassed(state, lesson));
    // While a lesson is being done, what is open in it is no fault.
    const shown = now === 'open' || (here && (now === 'failed' || now === 'blocked')) ? 'unknown' : now;
    const left: Span[] = [
      span(' '),
      span(chosen ? glyphs.pointer : ' ', 'accent'),
      span(' '),
      checkMark(shown, glyphs, !everPassed(state, lesson)),
      span(` ${String(lesson.step).padStart(2)}  `, 'dim'),
      span(lesson.title, chosen ? 'accent' : 'plain'),
    ];
    const right: Span[] = [span(word, 'dim'), span(`${lesson.minutes} min`.padStart(8), 'dim')];
    return spread(left, right, width, glyphs.ellipsis);
  });
  return [heading, ...inSight];
}

function wordOf(now: LessonState, once: boolean): string {
  if (now === 'passed') return 'holds';
  if (once) return 'held before';
  return now === 'blocked' ? 'waits' : now === 'error' ? 'can not be asked' : 'open';
}
