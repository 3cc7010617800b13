import { type Span, span } from './line.ts';

interface Language {
  /** What begins a comment, at the start of a line or after a space. */
  comment: string;
  /** Tried at the start of each word. */
  keyword: RegExp;
}

const LANGUAGES: Record<string, Language> = {
  sh: {
    comment: '#',
    keyword: /^(?:docker|sudo|psql|pg_basebackup|cd|mkdir|chmod|chown|ls|cat|cp|rm|touch|export)\b/,
  },
  sql: {
    comment: '--',
    keyword:
      /^(?:SELECT|FROM|WHERE|CREATE|TABLE|USER|ROLE|WITH|REPLICATION|PASSWORD|INSERT|INTO|VALUES|DROP|ALTER|ORDER|BY|PRIMARY|KEY|NOT|NULL|AND|OR|AS|IF|EXISTS|LIMIT)\b/i,
  },
  conf: { comment: '#', keyword: /^[a-z_]+(?=\s*=)/ },
  yaml: { comment: '#', keyword: /^[\w-]+(?=:(?:\s|$))/ },
};

const ALIASES: Record<string, string> = {
  bash: 'sh',
  shell: 'sh',
  yml: 'yaml',
  ini: 'conf',
  postgresql: 'sql',
};

/**
 * A line of code in spans: comments dim, keywords bold. That is enough to find one's way, and it reads the same
 * without colours. A language that we do not know stays as it is.
 */
export function highlight(line: string, name: string): Span[] {
  const language = LANGUAGES[ALIASES[name] ?? name];
  if (!language) return [span(line)];
  const at = commentStart(line, language.comment);
  const code = at < 0 ? line : line.slice(0, at);
  const words = (code.match(/\w[\w-]*|\W+/g) ?? []).reduce<{ spans: Span[]; rest: string }>(
    ({ spans, rest }, word) => {
      const found = language.keyword.exec(rest)?.[0] === word;
      return { spans: [...spans, span(word, found ? 'strong' : 'plain')], rest: rest.slice(word.length) };
    },
    { spans: [], rest: code },
  );
  return at < 0 ? words.spans : [...words.spans, span(line.slice(at), 'dim')];
}

function commentStart(line: string, marker: string): number {
  for (let at = line.indexOf(marker); at >= 0; at = line.indexOf(marker, at + 1)) {
    if (at === 0 || line[at - 1] === ' ') return at;
  }
  return -1;
}
