import { code, fenced } from '../../runbook/markdown-parts.ts';

/**
 * What Markdown or HTML may act on, after code in backquotes that is sure to be read as code: a bar or a backslash in
 * it is read in two ways in a table, and two spans side by side are none. An underscore inside of a word, and a star
 * between spaces, do nothing: they stay, so that raw text can be read.
 */
const ACTIVE =
  /(?<!`)`[^`|\\]+`(?!`)|[@#](?=\w)|[<>&|\\`[\]~]|:(?=\/\/)|(?<=www)\.|(?<![a-z0-9])_|_(?![a-z0-9])|(?<!\w )\*|\*(?! \w|$)/gi;

/**
 * A text of one line as prose, with nothing in it that Markdown or HTML acts on but code in backquotes. References
 * stand where a backslash is read in two ways (before a `|` in a table), and break the links that are found without
 * brackets. An invisible joiner keeps `@name` and `#12` from calling somebody: those are looked for after all escapes
 * are resolved.
 */
export function prose(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(ACTIVE, escaped);
}

/** The same where a line begins: what would be a list or a heading there is text. */
export function proseLine(text: string): string {
  return prose(text).replace(/^(?:[-+#]|(\d+)(?=[.)]))/, (begin, digits) =>
    digits === undefined ? `\\${begin}` : `${begin}\\`,
  );
}

function escaped(one: string): string {
  if (one.length > 1) return one.replaceAll('`', ' ').trim() === '' ? '&#96; &#96;' : one;
  if (one === '@' || one === '#') return `${one}\u2060`;
  return /[*_[\]~]/.test(one) ? `\\${one}` : reference(one);
}

function reference(one: string): string {
  return { '<': '&lt;', '>': '&gt;', '&': '&amp;' }[one] ?? `&#${one.charCodeAt(0)};`;
}

/** A text of one line as code. */
export function codeLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.trim() === '' ? '(nothing)' : code(line);
}

/** The same in a table, which is cut into cells before code is looked for; `\|` is a bar there, `\\|` is not. */
export function codeCell(text: string): string {
  return codeLine(text.replaceAll('\\|', '\\ |')).replaceAll('|', '\\|');
}

/** An entry of a list: the text as code, with its line breaks where it has some. */
export function codeEntry(label: string, text: string): string {
  const whole = text.trimEnd();
  if (!whole.includes('\n')) return `- ${label}: ${codeLine(whole)}`;
  return `- ${label}:\n\n${fenced(whole, 'text').replace(/^/gm, '  ')}`;
}

/** A table of GitHub's Markdown. Cells must be escaped. */
export function table(columns: string[], rows: string[][]): string {
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
