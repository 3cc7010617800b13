import { cells, truncate, wrapText } from '../../terminal/wrap.ts';

/** Characters of one text. Records hold no longer ones, and to measure those takes seconds. */
const LONGEST = 4000;

/** A terminal that is narrower gets lines that are too long for it. */
export const NARROWEST = 40;

/**
 * Lines of a text that are no wider than `width`, with `lead` before the first and its room before the others. Breaks
 * are between words. None of them begins with what a CI system takes for a command: the text had no such line, and to
 * break it must not make one.
 */
export function hanging(lead: string, text: string, width: number): string[] {
  const by = cells(lead);
  const short = clipped(text);
  const lines = wrapText(short, width - by);
  const safe = lines.some(steers) ? wrapText(short, width - by - 1).map(quoted) : lines;
  return safe.map((line, at) => `${at === 0 ? lead : ' '.repeat(by)}${line}`.trimEnd());
}

const steers = (line: string): boolean => /^\s*::/.test(line);
const quoted = (line: string): string => line.replace(/^(\s*)(?=::)/, "$1'");

/** Cut to fit a column, at the end of a word where that leaves more than half of the column in use. */
export function fitting(text: string, width: number): string {
  const cut = truncate(clipped(text), Math.max(1, width));
  const whole = cut.endsWith(CUT) && cut !== text ? cut.replace(/ \S*$/, CUT) : cut;
  return cells(whole) > width / 2 ? whole : cut;
}

const CUT = '…';

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/\p{Surrogate}$/u, '')}…`;
}

/** A heading with what stands under it, and an empty line before both; nothing where nothing does. */
export function section(title: string, lines: string[], width: number): string[] {
  return lines.length === 0 ? [] : ['', ...hanging('', `${title}:`, width), '', ...lines];
}

/** Parts with an empty line between two of them; a part without lines is none. */
export function apart(parts: string[][]): string[] {
  return parts.filter(({ length }) => length > 0).flatMap((part, at) => (at === 0 ? part : ['', ...part]));
}
