import type { Verdict } from './finding.ts';
import type { MistakeId } from './mistakes.ts';

/** Where a judge looks, and what it hopes to see there. */
export interface Question {
  probe: string;
  wanted: string;
}

/** Something that does not hold, with all the texts of a verdict. Whether it fails or blocks is the caller's say. */
export interface Trouble extends Question {
  mistake?: MistakeId;
  saw: string;
  why: string;
}

export function passed(question: Question, saw: string): Verdict {
  return { state: 'passed', probe: question.probe, saw };
}

/** `mistake` is null where no named cause fits. */
export function failed(question: Question, mistake: MistakeId | null, saw: string, why: string): Verdict {
  return { state: 'failed', ...trouble(question, mistake, saw, why) };
}

/** The environment can't be asked: never the learner's fault. */
export function cannotAsk(question: Question, mistake: MistakeId | null, saw: string, why: string): Verdict {
  return { state: 'error', ...trouble(question, mistake, saw, why) };
}

export function trouble(question: Question, mistake: MistakeId | null, saw: string, why: string): Trouble {
  const { probe, wanted } = question;
  return { ...(mistake && { mistake }), probe, saw, wanted, why };
}

/** `a, b and c` */
export function and(words: readonly string[]): string {
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `2026-11-25 07:53:28.661 UTC [2251] ` says nothing to a learner, and takes the room of what does. */
const LOG_PREFIX = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \S+ \[\d+\] /;

/** Text from outside, fit to be shown: passwords masked, one line, not endless, without the time of a log line. */
export function quote(line: string): string {
  const masked = line
    .replace(LOG_PREFIX, '')
    .replace(/\b(password\s*=\s*)('(?:[^'\\]|\\.|'')*'|\S+)/gi, '$1***')
    .replace(/\b(password\s+)E?'(?:[^']|'')*'/gi, "$1'***'")
    .replace(/(\w+:\/\/[^\s:/@]+:)[^\s@]+@/g, '$1***@')
    .replace(/\s+/g, ' ')
    .trim();
  return masked.length > 240 ? `${masked.slice(0, 239)}…` : masked;
}
