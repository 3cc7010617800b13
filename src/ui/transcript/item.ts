import type { Finding } from '../../check/finding.ts';
import type { Course } from '../../course/types.ts';
import type { FeedItem, Tone as SayTone } from '../../learn/state.ts';
import { endWords } from '../../plain/words.ts';
import { harmless, keepColours } from '../../terminal/ansi.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { splitCells } from '../../terminal/wrap.ts';
import { blockLines } from '../blocks.ts';
import { BLANK, GUTTER, type Line, marked, type Span, span, spoken, spread } from '../line.ts';
import { checkMark } from '../parts/checks.ts';
import { commandLines, labelled } from '../parts/task.ts';

/** Rows that one line of output may take in the transcript. */
const LONGEST_OUTPUT = 8;

/** What an item of the transcript is drawn with. */
export interface Pen {
  width: number;
  glyphs: Glyphs;
  course: Course;
}

/** One item of the transcript as rows, drawn once and for ever. */
export function itemLines(item: FeedItem, pen: Pen): Line[] {
  const { width, glyphs } = pen;
  switch (item.kind) {
    case 'lesson': {
      const { lesson } = item;
      const number = span(String(lesson.step).padStart(2), 'strong');
      const right = span(`lesson ${lesson.step} of ${item.total}, about ${lesson.minutes} min`, 'dim');
      return [
        BLANK,
        BLANK,
        spread([number, span(' '), span(lesson.title, 'strong')], [right], width, glyphs.ellipsis),
        [span('   '), span(glyphs.rule.repeat(Math.min(width - GUTTER, lesson.title.length)), 'dim')],
        ...(lesson.intro.length > 0 ? [BLANK, ...blockLines(lesson.intro, width, glyphs)] : []),
      ];
    }
    case 'task': {
      const { task } = item;
      const right = span(`task ${item.number} of ${item.total}`, 'dim');
      return [
        BLANK,
        spread([span('   '), span(task.title, 'strong')], [right], width, glyphs.ellipsis),
        ...(task.prose.length > 0 ? [BLANK, ...blockLines(task.prose, width, glyphs)] : []),
        BLANK,
      ];
    }
    case 'command': {
      const place = [span('   '), span(item.place, 'dim')];
      const adapted =
        item.adapted && item.adapted !== item.command
          ? labelled('runs as', [span(harmless(item.adapted))], width)
          : [];
      return [
        place,
        ...commandLines(harmless(item.command), span(glyphs.pointer, 'dim'), 'strong', width),
        ...adapted,
        ...(adapted.length > 0
          ? item.reasons.flatMap((reason) => labelled('why', spoken(reason, 'dim'), width))
          : []),
      ];
    }
    case 'output':
      return keepColours(item.text)
        .replace(/\n$/, '')
        .split('\n')
        .flatMap((row) => {
          const parts = splitCells(row, width - GUTTER);
          const cut =
            parts.length > LONGEST_OUTPUT ? [...parts.slice(0, LONGEST_OUTPUT), glyphs.ellipsis] : parts;
          return cut.map((part) => [span('   '), span(part)]);
        });
    case 'code':
      return [
        ...harmless(item.text)
          .split('\n')
          .map((row) => [span(' '.repeat(GUTTER + 2)), span(row)]),
        BLANK,
      ];
    case 'ended':
      return [[span('   '), span(endWords(item.result), endTone(item.result))], BLANK];
    case 'findings':
      return [...item.findings.flatMap((finding) => findingLines(finding, pen)), BLANK];
    case 'say': {
      const [first = '', ...others] = item.text.split('\n');
      return [
        ...marked(sayMark(item.tone, glyphs), spoken(first), width),
        ...others.flatMap((line) => marked(span(' '), spoken(line), width)),
        BLANK,
      ];
    }
    case 'done':
      return [BLANK, [span('   '), span('The end of the course.', 'strong')], BLANK];
  }
}

function endTone(result: { exitCode: number | null; cancelled: boolean }): 'dim' | 'warn' {
  return result.exitCode === 0 || result.cancelled ? 'dim' : 'warn';
}

function sayMark(tone: SayTone, glyphs: Glyphs): Span {
  if (tone === 'good') return span(glyphs.passed, 'good');
  if (tone === 'bad') return span(glyphs.failed, 'bad');
  return tone === 'warn' ? span(glyphs.error, 'warn') : span(' ');
}

/** A finding; one that does not pass says what was seen, what was wanted, why it matters, and the likely cause. */
function findingLines(finding: Finding, { width, glyphs, course }: Pen): Line[] {
  const mark = checkMark(finding.state, glyphs);
  const word =
    finding.state === 'blocked'
      ? [span('  waits', 'dim')]
      : finding.state === 'error'
        ? [span('  can not be asked', 'dim')]
        : [];
  const first = marked(mark, [...spoken(finding.title), ...word], width);
  if (finding.state === 'passed') return first;
  const mistake = course.mistakes.find((one) => one.id === finding.mistake);
  return [
    ...first,
    ...labelled('saw', spoken(finding.saw), width),
    ...labelled('wanted', spoken(finding.wanted), width),
    ...labelled('why', spoken(finding.why, 'dim'), width),
    ...(mistake ? labelled('cause', spoken(`${mistake.title} (? explains it)`), width) : []),
  ];
}
