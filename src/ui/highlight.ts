import { type Span, span, type Tone } from './line.ts';

/** Comments are dim and keywords bold: enough to find one's way, and it reads the same without colours. */
const RULES: Record<string, [RegExp, Tone][]> = {
  sh: [
    [/^(\s*#.*|\s#.*)/, 'dim'],
    [/^\b(?:docker|sudo|psql|pg_basebackup|cd|mkdir|chmod|chown|ls|cat|cp|rm|touch|export)\b/, 'strong'],
  ],
  sql: [
    [/^--.*/, 'dim'],
    [
      /^\b(?:SELECT|FROM|WHERE|CREATE|TABLE|USER|ROLE|WITH|REPLICATION|PASSWORD|INSERT|INTO|VALUES|DROP|ALTER|ORDER|BY|PRIMARY|KEY|NOT|NULL|AND|OR|AS|IF|EXISTS|LIMIT)\b/i,
      'strong',
    ],
  ],
  conf: [
    [/^#.*/, 'dim'],
    [/^[a-z_]+(?=\s*=)/, 'strong'],
  ],
  yaml: [
    [/^#.*/, 'dim'],
    [/^[\w-]+(?=:(?:\s|$))/, 'strong'],
  ],
};

const ALIASES: Record<string, string> = {
  bash: 'sh',
  shell: 'sh',
  yml: 'yaml',
  ini: 'conf',
  postgresql: 'sql',
  psql: 'sql',
};

/** A line of code in spans; languages that we do not know stay as they are. */
export function highlight(line: string, language: string): Span[] {
  const rules = RULES[ALIASES[language] ?? language];
  if (!rules) return [span(line)];
  const spans: Span[] = [];
  let rest = line;
  let plain = '';
  while (rest !== '') {
    const found = rules.flatMap(([pattern, tone]) => {
      const match = pattern.exec(rest);
      return match ? [{ text: match[0], tone }] : [];
    })[0];
    if (found) {
      if (plain) spans.push(span(plain));
      plain = '';
      spans.push(span(found.text, found.tone));
      rest = rest.slice(found.text.length);
      continue;
    }
    // A whole word at once, so that `\b` at the start of a rule means the start of a word.
    const word = /^(?:\w+|\W)/.exec(rest)?.[0] ?? rest;
    plain += word;
    rest = rest.slice(word.length);
  }
  if (plain) spans.push(span(plain));
  return spans;
}
