import type { Course, Lesson } from '../course/types.ts';

/** A lesson that a search has found. */
export interface Found {
  /** Its index in the course. */
  index: number;
  /** The concept that has the words, where the title has not all of them; '' otherwise. */
  because: string;
}

/**
 * The lessons that have all of these words, or words that begin with them, in their title, their id or their
 * concepts, in the order of the course. Nothing typed finds all.
 */
export function findLessons(course: Course, typed: string): Found[] {
  const wanted = wordsOf(typed);
  return course.lessons.flatMap((lesson, index) => {
    const own = wordsOf(`${lesson.title} ${lesson.id}`);
    const left = wanted.filter((word) => !begins(own, word));
    if (left.length === 0) return [{ index, because: '' }];
    const concepts = conceptsOf(course, lesson);
    const reasons = left.map((word) => concepts.find(({ words }) => begins(words, word)));
    return reasons.includes(undefined) ? [] : [{ index, because: reasons[0]?.title ?? '' }];
  });
}

function conceptsOf(course: Course, { concepts }: Lesson): { title: string; words: string[] }[] {
  return concepts.flatMap((id) => {
    const title = course.concepts.find((one) => one.id === id)?.title ?? id;
    return [{ title, words: wordsOf(`${title} ${id}`) }];
  });
}

const begins = (words: readonly string[], start: string): boolean =>
  words.some((word) => word.startsWith(start));

/** `pg_hba.conf` is three words, so that its end is found, too. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
