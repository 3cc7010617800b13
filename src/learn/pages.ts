import type { Concept, Mistake } from '../course/types.ts';
import { lessonAt, openFindings, taskAt } from './select.ts';
import type { WalkState } from './state.ts';

/** What there is to explain now: what went wrong here if something did, then the ideas of the lesson. */
export function pagesNow(state: WalkState): { mistakes: Mistake[]; concepts: Concept[] } {
  const { course, visit } = state;
  const named = visit.acted ? openFindings(state, taskAt(state)).map((finding) => finding.mistake) : [];
  return {
    mistakes: pick(course.mistakes, named),
    concepts: pick(course.concepts, lessonAt(state).concepts),
  };
}

/** The pages of these ids in their order, each once; an id without a page is left out. */
function pick<T extends { id: string }>(pages: readonly T[], ids: readonly (string | undefined)[]): T[] {
  return [...new Set(ids)].flatMap((id) => pages.find((one) => one.id === id) ?? []);
}
