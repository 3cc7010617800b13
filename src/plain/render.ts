import type { Finding } from '../check/finding.ts';
import type { Block } from '../course/types.ts';
import type { FeedItem } from '../learn/state.ts';
import { harmless } from '../terminal/ansi.ts';
import { wrapText } from '../terminal/wrap.ts';
import { endWords, placeOf, plainBlock, STATE_WORDS } from './words.ts';

export interface PlainOptions {
  /** Width to wrap prose at; commands and output are never wrapped, so that they can be copied. */
  columns: number;
}

/**
 * One item of the transcript as lines to append: no escape sequences, every mark said in words, each item ended
 * by a newline. '' when there is nothing to say.
 */
export function renderItem(item: FeedItem, { columns }: PlainOptions): string {
  const prose = (text: string, indent = '') =>
    wrapText(harmless(text), Math.max(20, columns - indent.length)).map((line) => indent + line);
  const blocks = (list: readonly Block[]) => list.flatMap((block) => ['', ...proseBlock(block, prose)]);
  const lines = (): string[] => {
    switch (item.kind) {
      case 'lesson': {
        const { lesson } = item;
        return [
          '',
          ...prose(`Lesson ${lesson.step} of ${item.total}: ${lesson.title}`),
          ...blocks(lesson.intro),
        ];
      }
      case 'task': {
        const { task } = item;
        const place = task.action.kind === 'command' ? `Command, ${placeOf(task.action)}:` : '';
        const todo = task.action.kind === 'command' ? ['', place, harmless(task.action.command)] : [];
        const files =
          task.action.kind === 'write'
            ? ['', ...task.action.files.map((file) => `File to write: ${file.path}`)]
            : [];
        return [
          '',
          ...prose(`Task ${item.number} of ${item.total}: ${task.title}`),
          ...blocks(task.prose),
          ...todo,
          ...files,
        ];
      }
      case 'command': {
        const adapted = item.adapted && item.adapted !== item.command ? item.adapted : undefined;
        return [
          '',
          `Running, ${item.place}:`,
          harmless(item.command),
          ...(adapted ? ['As it runs here:', harmless(adapted)] : []),
          ...item.reasons.flatMap((reason) => prose(`because: ${reason}`, '  ')),
        ];
      }
      case 'output':
        return harmless(item.text).replace(/\n$/, '').split('\n');
      case 'code':
        return plainBlock({ kind: 'code', language: '', text: harmless(item.text) });
      case 'ended':
        return [endWords(item.result)];
      case 'findings':
        return item.findings.flatMap((finding) => findingLines(finding, prose));
      case 'say':
        return item.text.split('\n').flatMap((line) => prose(line));
      case 'done':
        return [
          '',
          `The end of the course. What you did, as a text and as a script: npx walkthrough runbook${item.flags}`,
          `Your lab keeps running until you take it down: npx walkthrough reset${item.flags}`,
        ];
    }
  };
  const text = lines();
  return text.length > 0 ? `${text.join('\n')}\n` : '';
}

type Prose = (text: string, indent?: string) => string[];

function proseBlock(block: Block, prose: Prose): string[] {
  const lines = plainBlock(block);
  return block.kind === 'code' ? lines.map(harmless) : lines.flatMap((line) => prose(line));
}

function findingLines(finding: Finding, prose: Prose): string[] {
  const first = prose(`${STATE_WORDS[finding.state]}: ${finding.title}`);
  if (finding.state === 'passed') return first;
  return [
    ...first,
    ...prose(`saw: ${finding.saw} (${finding.probe})`, '  '),
    ...prose(`wanted: ${finding.wanted}`, '  '),
    ...prose(`why: ${finding.why}`, '  '),
  ];
}
