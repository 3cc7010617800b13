import { escapePattern, isPattern, unescapePattern } from '../files/pattern.ts';
import type { List, Word } from './syntax.ts';

/** What the words of a command are made from. */
export interface Expansion {
  variable(name: string): string;
  /** Standard output of commands, without the line ends at its end. */
  output(body: List): Promise<string>;
  glob(pattern: string): Promise<string[]>;
  home: string;
}

/** The fields that a word becomes: none, one or many. */
export async function expandWord(word: Word, expansion: Expansion): Promise<string[]> {
  // Each as a pattern, with what is quoted in it escaped.
  const fields: string[] = [];
  let field: string | null = null;
  for (const part of withHome(word, expansion.home)) {
    if (part.kind === 'text') {
      field = (field ?? '') + (part.quoted ? escapePattern(part.text) : part.text.replace(/\\/g, '\\\\'));
      continue;
    }
    const value =
      part.kind === 'variable' ? expansion.variable(part.name) : await expansion.output(part.body);
    if (part.quoted) {
      field = (field ?? '') + escapePattern(value);
      continue;
    }
    const pieces = value.replace(/\\/g, '\\\\').split(/[ \t\n]+/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && field !== null) {
        fields.push(field);
        field = null;
      }
      if (piece !== '') field = (field ?? '') + piece;
    }
  }
  if (field !== null) fields.push(field);
  const found: string[] = [];
  for (const one of fields) {
    const matches = isPattern(one) ? await expansion.glob(one) : [];
    // A pattern that matches nothing stays as it is.
    found.push(...(matches.length > 0 ? matches : [unescapePattern(one)]));
  }
  return found;
}

/** A word as one string: nothing is split, nothing is a pattern. For assignments and targets of redirections. */
export async function expandToText(word: Word, expansion: Expansion): Promise<string> {
  let text = '';
  for (const part of withHome(word, expansion.home)) {
    if (part.kind === 'text') text += part.text;
    else text += part.kind === 'variable' ? expansion.variable(part.name) : await expansion.output(part.body);
  }
  return text;
}

/** `~` and `~/…` at the beginning of a word. */
function withHome(word: Word, home: string): Word {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted || !/^~(?:\/|$)/.test(first.text)) return word;
  if (first.text === '~' && rest.length > 0) return word;
  return [{ kind: 'text', text: home, quoted: true }, { ...first, text: first.text.slice(1) }, ...rest];
}
