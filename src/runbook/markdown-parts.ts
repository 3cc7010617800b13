import type { Task } from '../course/types.ts';
import type { TaskRecord } from '../learn/state.ts';
import { count, seconds } from '../plain/words.ts';
import { harmless } from '../terminal/ansi.ts';
import type { RunbookTask } from './types.ts';
import { timeText } from './words.ts';

/** A block of code, with more backquotes around it than it has in it. */
export function fenced(text: string, language: string): string {
  // First: two runs of backquotes with an escape sequence between them become one longer run.
  const safe = harmless(text);
  const fence = '`'.repeat(Math.max(2, longestRun(safe)) + 1);
  return `${fence}${language}\n${safe.replace(/\n$/, '')}\n${fence}`;
}

/** Not Math.max of a list: a text may have more runs than a call takes arguments. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** A short text as code, whatever backquotes it has in it. */
export function code(text: string): string {
  const longest = longestRun(text);
  if (longest === 0) return `\`${text}\``;
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${text} ${fence}`;
}

/** A command that ran, and how it ended. `refused`: its failure is the proof of the task. */
export function commandBlock({ entry, own }: RunbookTask['ran'][number], refused: boolean): string[] {
  const { exitCode, durationMs, at, command } = entry;
  const when = `after ${seconds(durationMs)}, at ${timeText(at)}`;
  const result =
    exitCode === null
      ? `**Stopped** ${when}.`
      : exitCode === 0
        ? `Exit code 0 ${when}.`
        : refused && !own
          ? `Refused, as it must be: exit code ${exitCode} ${when}.`
          : `**Failed**: exit code ${exitCode} ${when}.`;
  return [...(own ? ['A command of your own:'] : []), fenced(command, 'sh'), result];
}

/** Who did the task and when, or that nobody did; nothing where there is nothing to tell. */
export function taskSentence({ task, record, ran }: RunbookTask): string[] {
  const hints = record.hints ? [`${count(record.hints, 'hint')} used.`] : [];
  if (record.everPassed === undefined) {
    if (record.skipped) return ['**Skipped.**', ...hints];
    return ran.length > 0 ? ['**Not passed.**', ...hints] : hints;
  }
  // To have read a text is no deed.
  if (task.action.kind === 'read' && task.checks.length === 0) return hints;
  const by = record.provenance === 'auto' ? 'the tool' : 'you';
  const unknown =
    task.action.kind === 'command' && ran.length === 0
      ? ' The command is not known: it was done in another window.'
      : '';
  return [`Done by ${by} at ${timeText(record.everPassed)}.${unknown}`, ...hints];
}

/** What was asked before the command, what was said, and what is right. */
export function prediction({ prediction }: Task, { predicted }: TaskRecord): string[] {
  if (!prediction || predicted === undefined) return [];
  const { question, options, answer, because } = prediction;
  const said = options[predicted] ?? '';
  const verdict = predicted === answer ? 'That is right.' : `The right answer is "${options[answer] ?? ''}".`;
  return [`Question: ${question}\n\nYou said "${said}". ${verdict} ${because}`];
}
