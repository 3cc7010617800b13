import type { FindingState } from '../check/finding.ts';
import { inlineText } from '../course/inline-text.ts';
import { describePlace } from '../course/place.ts';
import type { Action, Block } from '../course/types.ts';

/** What a check says, in a word. A mark or a colour never stands alone. */
export const STATE_WORDS: Record<FindingState | 'unknown', string> = {
  passed: 'Passed',
  failed: 'Not yet',
  blocked: 'Waits',
  error: 'Can not be asked',
  unknown: 'Not looked at yet',
};

/** The same for whatever a task asks to do; '' when there is nothing to do but to read. */
export function placeOf(action: Action): string {
  if (action.kind === 'command') return describePlace(action.command);
  return action.kind === 'write' ? 'file' : '';
}

/** What stands before a prediction's question. */
export function predictionLead(action: Action): string {
  return action.kind === 'read' ? 'Question:' : 'Before you run it:';
}

/** The lines of a block, not wrapped; code is indented by four. */
export function plainBlock(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [inlineText(block.inlines)];
    case 'note':
      return [`Watch out: ${withoutWatchOut(inlineText(block.inlines))}`];
    case 'list':
      return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${inlineText(item)}`);
    case 'code':
      return block.text.split('\n').map((line) => `    ${line}`);
  }
}

/** Lessons may begin a note with the words that we put before it ourselves. */
export function withoutWatchOut(text: string): string {
  return text.replace(/^watch out[:.]\s*/i, '');
}

/** `0.4 s`, `12 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1 hint`, `3 hints`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** How a command ended, in words. */
export function endWords(result: {
  exitCode: number | null;
  cancelled: boolean;
  durationMs: number;
}): string {
  const after = seconds(result.durationMs);
  if (result.cancelled) return `Stopped after ${after}.`;
  if (result.exitCode === null) return `Ended by a signal after ${after}.`;
  return result.exitCode === 0
    ? `Done in ${after}.`
    : `Ended with exit code ${result.exitCode} after ${after}.`;
}

/** How to start the walk again in the same folder. */
export const startAgain = (flags: string): string =>
  `Start it again (${flags === '' ? 'npm start' : `npx walkthrough${flags}`}) to go on.`;
