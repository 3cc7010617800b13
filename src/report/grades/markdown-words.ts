import { code, fenced } from '../../runbook/markdown-parts.ts';

/**
 * A text of one line as prose, with nothing in it that Markdown or HTML acts on. References stand where a backslash
 * is read in two ways (before a `|` in a table), and break the links that are found without brackets. An invisible
 * joiner keeps `@name` and `#12` from calling somebody: those are looked for after all escapes are resolved. It goes
 * in first, so that it breaks no reference.
 */
export function prose(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[@#](?=\w)/g, '$&\u2060')
    .replace(/[<>&|\\`]/g, reference)
    .replace(/:(?=\/\/)|(?<=www)\./gi, reference)
    .replace(/[*_[\]~]/g, '\\$&');
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
