import type { LiveAnswer, Question } from '../learn/live-answer.ts';
import { count } from './words.ts';

/** What stands over a query. */
export const queryLead = ({ on }: Question): string => `See it on the ${on}:`;

/** What is said of an answer beside its table, in sentences. Undefined is an answer that is on its way. */
export function answerWords({ on }: Question, answer: LiveAnswer | undefined): string[] {
  if (answer === undefined) return [`Asking the ${on} now.`];
  if (answer.state === 'unanswered') return [answer.why];
  const left = answer.total - answer.rows.length;
  return [
    ...(answer.total === 0 ? ['There are no rows now.'] : []),
    ...(left > 0 ? [`And ${count(left, 'more row')}.`] : []),
    ...(answer.note ? [answer.note] : []),
  ];
}

/** What stands over the table: whose answer it is. */
export const answerLead = ({ on }: Question): string => `What your ${on} says now:`;
