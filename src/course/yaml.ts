import { type Document, isCollection, isMap, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { Fields } from './fields.ts';
import type { Report } from './problem.ts';
import { type Origin, QUOTE_COLON, textList } from './yaml-nodes.ts';

/** A piece of YAML inside a file. `firstLine` is the file's line (from 1) of the piece's first line. */
export interface YamlSource {
  text: string;
  firstLine: number;
  /** What it is, for messages: `front matter`, `check "slot-exists"`. */
  what: string;
}

/** To YAML, a value that begins with `{{` is a map inside a map. */
const BARE_NAME = /(?:[:,[-]|^)\s*\{\{/;
const QUOTE_NAMES = 'put quotes around a value that begins with {{';

/** Reads a piece of YAML that must be a map. */
export function readFields(source: YamlSource, report: Report): Fields | undefined {
  const parsed = parse(source, report);
  if (!parsed) return undefined;
  const { document, origin } = parsed;
  if (isMap(document.contents)) {
    return new Fields(document.contents, origin, source.firstLine, source.what, report);
  }
  report(source.firstLine, `${source.what} must be a map of keys and values`);
  return undefined;
}

/** Reads a piece of YAML that must be a list of strings. */
export function readTexts(source: YamlSource, report: Report): { text: string; line: number }[] | undefined {
  const parsed = parse(source, report);
  if (!parsed) return undefined;
  return textList(parsed.document.contents, parsed.origin, source.firstLine, source.what, report);
}

function parse(source: YamlSource, report: Report): { document: Document; origin: Origin } | undefined {
  const counter = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: counter, prettyErrors: false });
  const fileLine = (offset: number) => source.firstLine + Math.max(counter.linePos(offset).line, 1) - 1;
  for (const problem of [...document.errors, ...document.warnings]) {
    const line = fileLine(problem.pos[0]);
    const written = source.text.split('\n')[line - source.firstLine] ?? '';
    report(line, `YAML of ${source.what}: ${advice(problem.message, written)}`);
  }
  if (document.errors.length > 0) return undefined;
  let bare = false;
  visit(document, {
    Pair: (_, pair) => {
      if (!isCollection(pair.key)) return undefined;
      report(fileLine(pair.key.range?.[0] ?? 0), `YAML of ${source.what}: ${QUOTE_NAMES}`);
      bare = true;
      return visit.SKIP;
    },
  });
  if (bare) return undefined;
  const origin: Origin = {
    document,
    lineAt: (node) => {
      const range = (node as Node | null | undefined)?.range;
      return range ? fileLine(range[0]) : undefined;
    },
  };
  return { document, origin };
}

/** What the parser says in the words of YAML's grammar, in words for the two slips that writers make most. */
function advice(message: string, written: string): string {
  if (BARE_NAME.test(written)) return QUOTE_NAMES;
  if (message.startsWith('Nested mappings')) return QUOTE_COLON;
  return (message.split('\n')[0] ?? message).replace(/:$/, '');
}
