import type { Finding, FindingState } from '../check/finding.ts';
import { inlineText } from '../course/inline-text.ts';
import type { Concept, Mistake } from '../course/types.ts';
import { lessonAt, openFindings, taskAt } from './select.ts';
import type { WalkState } from './state.ts';

/** A check that does not hold, and the page of its cause. */
export interface Wrong {
  finding: Finding;
  mistake: Mistake;
}

/** What there is to explain now: what went wrong here if something did, then the ideas of the lesson. */
export function pagesNow(state: WalkState): { mistakes: Mistake[]; concepts: Concept[] } {
  const { concepts } = state.course;
  return {
    mistakes: [...new Set(wrongNow(state).map(({ mistake }) => mistake))],
    concepts: lessonAt(state).concepts.flatMap((id) => concepts.find((one) => one.id === id) ?? []),
  };
}

/** How the paragraph of a mistake's page begins that says what to do. */
const WAY_OUT = 'To mend it:';

/** The way out of a mistake, as its page says it; null where the page has none. */
export function wayOutOf({ prose }: Mistake): string | null {
  for (const block of prose) {
    const text = block.kind === 'paragraph' ? inlineText(block.inlines) : '';
    if (text.startsWith(WAY_OUT)) return text;
  }
  return null;
}

/** What comes first where several checks do not hold: a fault, then what waits, then what can't be asked. */
const ORDER: FindingState[] = ['failed', 'blocked', 'error'];

/**
 * The named causes of what does not hold in this task, the most telling first. What was so when the learner came is
 * no fault: it is what there is to do. It becomes one once something was tried, here or in another window.
 */
export function wrongNow(state: WalkState): Wrong[] {
  const { course, visit } = state;
  return openFindings(state, taskAt(state))
    .filter(({ id, mistake }) => visit.acted || (visit.arrivedWith && visit.arrivedWith[id] !== mistake))
    .flatMap((finding) => {
      const mistake = course.mistakes.find((one) => one.id === finding.mistake);
      return mistake ? [{ finding, mistake }] : [];
    })
    .toSorted((a, b) => ORDER.indexOf(a.finding.state) - ORDER.indexOf(b.finding.state));
}
