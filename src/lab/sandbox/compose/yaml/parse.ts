import { type Document, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import type { YamlBounds } from '../bounds.ts';
import { ComposeError } from '../value.ts';
import { SCALARS } from './scalars.ts';
import { firstProblems, slipError } from './slips.ts';

/** Characters that YAML allows; a file with any other is refused before it is read. */
const NOT_ALLOWED =
  /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufeff\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Scalars are read as Go does it, and keys that are there twice are left to the reader. */
const OPTIONS = {
  schema: 'failsafe',
  customTags: SCALARS,
  resolveKnownTags: false,
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
} as const;

/** Parses a text and gives its documents one after the other, with lines from 1. Throws ComposeError in the words of go-yaml. */
export function* parseYaml(written: string, bounds: YamlBounds) {
  if (NOT_ALLOWED.test(written)) throw new ComposeError('yaml: control characters are not allowed');
  const { text, documents, lines } = parse(written.replace(/[^\n]$/, '$&\n'), bounds.moved);
  if (documents.length > bounds.documents) throw new ComposeError('yaml: too many documents');
  for (const [i, document] of documents.entries()) {
    const problems = firstProblems(document, text);
    if (problems.length === 0 && i > 0 && !document.directives?.docStart) {
      problems.push({ message: 'Missing directives-end', at: document.contents?.range?.[0] ?? 0, end: 0 });
    }
    const slip = slipError(problems, document.contents, text, lines);
    if (slip !== null) throw slip;
    if (!written.endsWith('\n')) cutEnd(document, text.length);
    yield { document, line: (node: Node | null) => lines.linePos(node?.range?.[0] ?? 0).line };
  }
}

/** A block at the very end has no line break where the file has none. */
function cutEnd(document: Document, end: number): void {
  visit(document, {
    Scalar(_, node) {
      if (node.range?.[1] === end && node.type !== 'PLAIN')
        node.value = String(node.value).replace(/\n$/, '');
    },
  });
}

/** go-yaml lets what is in brackets or quotes go on in any column, the package only further in: so lines are moved. */
function parse(written: string, most: number): { text: string; documents: Document[]; lines: LineCounter } {
  const far = ' '.repeat(Math.max(...written.split('\n').map((line) => line.search(/\S|$/))) + 1);
  let parsed = 0;
  for (let text = written; ; ) {
    const lines = new LineCounter();
    const documents: Document[] = parseAllDocuments(text, { ...OPTIONS, lineCounter: lines });
    const start = lineToMove(documents, text);
    if (start === null || text.startsWith(far, start)) return { text, documents, lines };
    parsed += text.length;
    if (parsed > most) throw new ComposeError('yaml: too many lines are not indented');
    text = text.slice(0, start) + far + text.slice(start);
  }
}

/** Where the line of the first slip begins, if that is in brackets or quotes. */
function lineToMove(documents: Document[], text: string): number | null {
  const [problem] = documents.flatMap((document) => firstProblems(document, text));
  if (problem === undefined || !/^Missing closing|^Flow \w+ in block/.test(problem.message)) return null;
  const start = text.lastIndexOf('\n', problem.at - 1) + 1;
  const isLast = /^(?:---|\.\.\.)\s|^\s*$/.test(text.slice(start));
  return isLast || text.slice(start, problem.at).trim() !== '' ? null : start;
}
