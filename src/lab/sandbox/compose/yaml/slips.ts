import type { Document, LineCounter, Node } from 'yaml';
import { isCollection, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import { ComposeError } from '../value.ts';

/** What the package says of a text, and where. `end`: of the key, if it is one. */
export interface Problem {
  message: string;
  at: number;
  end: number;
}

interface Slip extends Problem {
  text: string;
  lines: LineCounter;
  /** Nodes that begin before it and are not complete, the outermost first. */
  open: Node[];
}

/** Words of go-yaml: its scanner counts lines from 1, its parser from 0. `piece`: what it names instead of the slip. */
type Said = [words: string, firstLine: 0 | 1, piece?: Node | undefined, at?: number];

const NO_CONTENT: Said = ['did not find expected node content', 0];
const NO_DOCUMENT: Said = ['did not find expected <document start>', 0];

/** What go-yaml says, by what the package says. Of one place that has several, the first here counts. */
const WORDS: [RegExp, Said | ((slip: Slip) => Said)][] = [
  [/^Tabs are not allowed|^Block scalars? (?!header)/, tab],
  [/^Missing closing/, openQuote],
  [/^Plain value cannot start with (?!flow)/, ['found character that cannot start any token', 1]],
  [/cannot be an empty string/, ['did not find expected alphabetic or numeric character', 1]],
  [/^Invalid escape sequence \\[xuU]/, ['did not find expected hexdecimal number', 1]],
  [/^Invalid escape sequence/, ['found unknown escape character', 1]],
  [/^Block scalar header|^Not a YAML token/, ['did not find expected comment or line break', 1]],
  [/^Unexpected .*seq.*-ind/, ['block sequence entries are not allowed in this context', 1]],
  [/^Unresolved tag/, ['cannot decode a value as what its tag says', 1]],
  [/^A block sequence/, unfinished],
  [/^Nested mappings|^Implicit|^Block collections/, key],
  [/^Unexpected (?:,|empty item)|flow indicator character ,/, NO_CONTENT],
  [/^Flow |^Unexpected flow-/, ending],
  [/^Unsupported YAML version/, ['found incompatible YAML document', 0]],
  [/^Unknown directive/, ['found unknown directive name', 1]],
  [/^Missing directives-end/, NO_DOCUMENT],
  [/^/, unfinished],
];

/** What the package minds and go-yaml does not, and the other way round. */
const ALLOWED = /^Map comment with trailing content|^Comments must be separated/;
const REFUSED = /^Unsupported YAML version|^Unknown directive|^Unresolved tag: .*:(?:int|bool|null)$/;

/** The first problems of a document as the package sees it, all in one place. */
export function firstProblems({ errors, warnings }: Document, text: string): Problem[] {
  const refused = warnings.filter(({ message }) => REFUSED.test(message));
  const problems = [...errors.filter(({ message }) => !ALLOWED.test(message)), ...refused].map(
    ({ message, pos: [start, end] }) => ({ message, at: placeOf(message, start, text), end }),
  );
  const first = Math.min(...problems.map(({ at }) => at));
  return problems.filter(({ at }) => at === first);
}

/** The package may name the end of what was before, and of open quotes the end of the last line that it accepts. */
function placeOf(message: string, start: number, text: string): number {
  if (message.startsWith('Missing closing')) return text.indexOf('\n', start) + 1 || text.length;
  const space = message.startsWith('Block') ? /^\s*/ : /^(?:\s|#.*)*/;
  return start + (space.exec(text.slice(start))?.[0].length ?? 0);
}

/**
 * What go-yaml says of the problems that a document has in one place, null of none. It names the line where the piece
 * around them begins rather than theirs, unless that is the first, and leaves the first line away.
 */
export function slipError(problems: Problem[], root: unknown, text: string, lines: LineCounter) {
  for (const [said, answer] of WORDS) {
    const problem = problems.find(({ message }) => said.test(message));
    if (problem === undefined) continue;
    const slip = { ...problem, text, lines, open: nodesUpTo(root, problem.at, text) };
    const [words, firstLine, piece, at = slip.at] = typeof answer === 'function' ? answer(slip) : answer;
    const starts = piece === undefined ? [at] : [startOf(piece), at];
    const line = starts.map((offset) => lines.linePos(offset).line).find((one) => one > 1);
    return new ComposeError(`yaml: ${line === undefined ? '' : `line ${line - 1 + firstLine}: `}${words}`);
  }
  return null;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : Infinity;
}

/** Each time the last one that begins before the offset, unless it is in brackets and complete. */
function nodesUpTo(node: unknown, offset: number, text: string): Node[] {
  if (!isNode(node) || startOf(node) >= offset) return [];
  const items: unknown[] = isCollection(node) ? node.items : [];
  if (items.some((item) => startOf(item) === offset)) return [node];
  const parts = items.flatMap((item) => (isPair(item) ? [item.key, item.value] : [item]));
  const last = parts.findLast((part) => startOf(part) < offset);
  const end = node.range?.[1] ?? 0;
  const inBrackets = isCollection(node) && end <= offset && /[\]}]/.test(text.charAt(end - 1));
  if (inBrackets && !(isNode(last) && last.range?.[1] === end)) return [];
  return [node, ...nodesUpTo(last, offset, text)];
}

/** Text without quotes, or in a block, would go on after the tab. */
function tab(slip: Slip): Said {
  const { text, at, open } = slip;
  const before = open.at(-1);
  const { type, source } = isScalar(before) ? before : {};
  if (type?.startsWith('BLOCK')) {
    if (!/\t\s*$/.test(text.slice(0, at))) return unfinished(slip);
    return ['found a tab character where an indentation space is expected', 1, before];
  }
  if (type === 'PLAIN' && source !== '' && text.slice(before?.range?.[1], at).trim() === '') {
    return ['found a tab character that violates indentation', 1, before];
  }
  return ['found character that cannot start any token', 1];
}

function openQuote({ text, at, open }: Slip): Said {
  const next = /^(?:---|\.\.\.)\s/.test(text.slice(at)) ? 'document indicator' : 'end of stream';
  return [`found unexpected ${next}`, 1, open.at(-1)];
}

/** A key without a colon, or a colon after what can not be a key. */
function key(slip: Slip): Said {
  const { message, at, end, text, lines } = slip;
  const inside = around(slip);
  const isNext = inside !== undefined && lines.linePos(startOf(inside)).col === lines.linePos(at).col;
  if (isNext && !inside.flow) return ["could not find expected ':'", 1];
  if (inside?.flow || message.startsWith('Implicit map keys')) return unfinished(slip);
  const colon = end + text.slice(end).search(/:\s|$/);
  return ['mapping values are not allowed in this context', 1, undefined, colon];
}

/** The end of the file or a bracket, where a value or an item may be missing. */
function ending(slip: Slip): Said {
  return /[-,[{:]\s*$/.test(slip.text.slice(0, slip.at)) ? NO_CONTENT : unfinished(slip);
}

/** What does not belong where it stands. */
function unfinished(slip: Slip): Said {
  const inside = around(slip);
  if (inside === undefined) return NO_DOCUMENT;
  const block = isSeq(inside) ? "'-' indicator" : 'key';
  const bracket = slip.text.charAt(startOf(inside)) === '{' ? "',' or '}'" : "',' or ']'";
  return [`did not find expected ${inside.flow ? bracket : block}`, 0, inside];
}

/** The innermost list or mapping that is in brackets, or begins no further right. */
function around({ at, text, open, lines }: Slip) {
  const all = open.filter((node) => isCollection(node));
  if (all.at(-1)?.flow) return all.findLast((node) => /[[{]/.test(text.charAt(startOf(node))));
  const column = (node: unknown) => lines.linePos(startOf(node)).col;
  const blocks = all.filter((node) => column(node) <= lines.linePos(at).col);
  // A list in the column of its key does not count.
  return blocks.findLast((node, i) => isMap(node) || i === 0 || column(node) !== column(blocks[i - 1]));
}
