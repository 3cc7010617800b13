import { type Found, findLessons } from '../../learn/find-lessons.ts';
import { everPassed, type LessonState, lessonAt, lessonState, passedLessons } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { type Line, type Span, span, spread, wrapSpans } from '../line.ts';
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
  const found = findLessons(state.course, list.filter);
  const room = Math.max(1, rows - 1);
  const chosen = found.findIndex(({ index }) => index === list.index);
  const top = scrollTop(chosen, found.length, room);
  const inSight = found
    .slice(top, top + room)
    .map((one) => lessonLine(state, one, one.index === list.index, width, glyphs));
  return [
    headingLine(state, list, width, glyphs),
    ...(found.length > 0 ? inSight : nothingFound(list, width)),
  ];
}

function headingLine(state: WalkState, { filter, shown }: ListState, width: number, glyphs: Glyphs): Line {
  const all = state.course.lessons.length;
  const searched = [span('  search: ', 'dim'), span(filter, 'strong'), span(' ', 'inverse')];
  const words =
    filter === '' ? `${passedLessons(state)} of ${all} hold now` : `${shown.length} of ${all} found`;
  return spread(
    [span('   '), span('Lessons', 'strong'), ...(filter === '' ? [] : searched)],
    [span(words, 'dim')],
    width,
    glyphs.ellipsis,
  );
}

function lessonLine(
  state: WalkState,
  { index, because }: Found,
  chosen: boolean,
  width: number,
  glyphs: Glyphs,
): Line {
  const lesson = lessonAt(state, index);
  const now = lessonState(state, lesson);
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
    ...(because ? [span(`  ${because}`, 'dim')] : []),
  ];
  const right: Span[] = [span(word, 'dim'), span(`${lesson.minutes} min`.padStart(8), 'dim')];
  return spread(left, right, width, glyphs.ellipsis);
}

function nothingFound({ filter }: ListState, width: number): Line[] {
  return wrapSpans(
    [span(`No lesson has "${filter}". Backspace takes the last letter away, Esc all of them.`, 'warn')],
    width,
  );
}

function wordOf(now: LessonState, once: boolean): string {
  if (now === 'passed') return 'holds';
  if (once) return 'held before';
  return now === 'blocked' ? 'waits' : now === 'error' ? 'can not be asked' : 'open';
}
