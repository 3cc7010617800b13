import { ComposeError } from '../value.ts';
import { type Mark, parserError } from './error.ts';
import type { Node } from './node.ts';
import { Scanner } from './scanner.ts';
import type { Token, TokenKind } from './token.ts';

/** Reads all documents of a text, as libyaml's parser does. Throws ComposeError in the words of go-yaml. */
export function* parseDocuments(text: string): Generator<Node> {
  const scanner = new Scanner(text);
  let first = true;
  for (;;) {
    while (!first && scanner.peek().kind === 'document-end') scanner.next();
    if (beginsContent(scanner.peek()) && first) {
      yield new Parser(scanner).document();
    } else {
      directives(scanner);
      const token = scanner.peek();
      if (token.kind === 'stream-end') return;
      if (token.kind !== 'document-start') {
        throw parserError('did not find expected <document start>', null, token.mark);
      }
      scanner.next();
      yield new Parser(scanner).document();
    }
    if (scanner.peek().kind === 'document-end') scanner.next();
    first = false;
  }
}

function beginsContent(token: Token): boolean {
  return !['directive', 'document-start', 'stream-end'].includes(token.kind);
}

function directives(scanner: Scanner): void {
  for (let token = scanner.peek(); token.kind === 'directive'; token = scanner.peek()) {
    if (token.name === 'YAML' && !/^1\.[12]$/.test(token.value)) {
      throw parserError('found incompatible YAML document', null, token.mark);
    }
    scanner.next();
  }
}

class Parser {
  private readonly anchors = new Map<string, Node>();
  /** Anchors of nodes that are not complete yet. */
  private readonly open = new Set<string>();
  /** An anchor that is named inside its own node: said only once the rest is found to be right. */
  private selfContained: string | null = null;
  private readonly scanner: Scanner;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  document(): Node {
    if (this.isNext('directive', 'document-start', 'document-end', 'stream-end')) {
      return this.nothing(this.scanner.peek().mark);
    }
    const node = this.node({ block: true, indentless: false });
    if (this.selfContained !== null) {
      throw new ComposeError(`yaml: anchor '${this.selfContained}' value contains itself`);
    }
    return node;
  }

  private isNext(...kinds: TokenKind[]): boolean {
    return kinds.includes(this.scanner.peek().kind);
  }

  private nothing(mark: Mark, tag = ''): Node {
    return { kind: 'scalar', text: '', plain: true, tag, line: mark.line + 1 };
  }

  /** `indentless`: a sequence may stand in the column of the key that it belongs to. */
  private node({ block, indentless }: { block: boolean; indentless: boolean }): Node {
    const start = this.scanner.peek().mark;
    const properties = { anchor: '', tag: '' };
    for (let token = this.scanner.peek(); ; token = this.scanner.peek()) {
      if (token.kind === 'alias') {
        this.scanner.next();
        return this.alias(token.name, start);
      }
      if ((token.kind !== 'anchor' && token.kind !== 'tag') || properties[token.kind] !== '') break;
      properties[token.kind] = token.name;
      this.scanner.next();
    }
    const { anchor, tag } = properties;
    this.open.add(anchor);
    const node =
      this.content(start, tag, block, indentless) ?? (anchor + tag === '' ? null : this.nothing(start, tag));
    this.open.delete(anchor);
    if (node === null)
      throw parserError('did not find expected node content', start, this.scanner.peek().mark);
    if (anchor !== '') this.anchors.set(anchor, node);
    return node;
  }

  private alias(name: string, mark: Mark): Node {
    if (this.open.has(name)) {
      this.selfContained ??= name;
      return this.nothing(mark);
    }
    const node = this.anchors.get(name);
    if (node === undefined) throw new ComposeError(`yaml: unknown anchor '${name}' referenced`);
    return node;
  }

  private content(start: Mark, tag: string, block: boolean, indentless: boolean): Node | null {
    const token = this.scanner.peek();
    const line = start.line + 1;
    if (token.kind === 'scalar') {
      this.scanner.next();
      return { kind: 'scalar', text: token.text, plain: token.plain, tag, line };
    }
    if (indentless && token.kind === 'entry') {
      return { kind: 'sequence', items: this.indentlessSequence(), tag, line };
    }
    if (token.kind === 'flow-sequence') return { kind: 'sequence', items: this.flowSequence(), tag, line };
    if (token.kind === 'flow-mapping') return { kind: 'mapping', pairs: this.flowMapping(), tag, line };
    if (block && token.kind === 'block-sequence') {
      return { kind: 'sequence', items: this.blockSequence(), tag, line };
    }
    if (block && token.kind === 'block-mapping') {
      return { kind: 'mapping', pairs: this.blockMapping(), tag, line };
    }
    return null;
  }

  private indentlessSequence(): Node[] {
    const items: Node[] = [];
    while (this.isNext('entry')) {
      const { mark } = this.scanner.next();
      items.push(this.blockNode(mark, false, 'entry', 'key', 'value', 'block-end'));
    }
    return items;
  }

  private blockSequence(): Node[] {
    const { mark } = this.scanner.next();
    const items: Node[] = [];
    while (this.isNext('entry')) {
      const entry = this.scanner.next();
      items.push(this.blockNode(entry.mark, false, 'entry', 'block-end'));
    }
    this.end('block-end', "did not find expected '-' indicator", mark);
    return items;
  }

  private blockMapping(): [Node, Node][] {
    const { mark } = this.scanner.next();
    const pairs: [Node, Node][] = [];
    while (this.isNext('key')) {
      const start = this.scanner.next().mark;
      const key = this.blockNode(start, true, 'key', 'value', 'block-end');
      if (!this.isNext('value')) pairs.push([key, this.nothing(this.scanner.peek().mark)]);
      else {
        const colon = this.scanner.next().mark;
        pairs.push([key, this.blockNode(colon, true, 'key', 'value', 'block-end')]);
      }
    }
    this.end('block-end', 'did not find expected key', mark);
    return pairs;
  }

  /** A node of a block collection, or nothing where one of `ends` comes at once. */
  private blockNode(mark: Mark, indentless: boolean, ...ends: TokenKind[]): Node {
    return this.isNext(...ends) ? this.nothing(mark) : this.node({ block: true, indentless });
  }

  private end(kind: TokenKind, problem: string, start: Mark): void {
    if (!this.isNext(kind)) throw parserError(problem, start, this.scanner.peek().mark);
    this.scanner.next();
  }

  private flowSequence(): Node[] {
    const items: Node[] = [];
    this.flow('flow-sequence-end', "did not find expected ',' or ']'", () => {
      if (!this.isNext('key')) items.push(this.node({ block: false, indentless: false }));
      else {
        const { mark } = this.scanner.peek();
        const pair = this.flowPair('flow-sequence-end');
        items.push({ kind: 'mapping', pairs: [pair], tag: '', line: mark.line + 1 });
      }
    });
    return items;
  }

  private flowMapping(): [Node, Node][] {
    const pairs: [Node, Node][] = [];
    this.flow('flow-mapping-end', "did not find expected ',' or '}'", () => {
      if (this.isNext('key')) pairs.push(this.flowPair('flow-mapping-end'));
      else {
        const key = this.node({ block: false, indentless: false });
        pairs.push([key, this.nothing(this.scanner.peek().mark)]);
      }
    });
    return pairs;
  }

  /** Entries with commas between them; one may follow the last. */
  private flow(end: TokenKind, problem: string, entry: () => void): void {
    const { mark } = this.scanner.next();
    for (let first = true; !this.isNext(end); first = false) {
      if (!first) {
        if (!this.isNext('flow-entry')) throw parserError(problem, mark, this.scanner.peek().mark);
        this.scanner.next();
        if (this.isNext(end)) break;
      }
      entry();
    }
    this.scanner.next();
  }

  private flowPair(end: TokenKind): [Node, Node] {
    const { mark } = this.scanner.next();
    const key = this.flowNode(mark, 'value', 'flow-entry', end);
    if (!this.isNext('value')) return [key, this.nothing(mark)];
    this.scanner.next();
    return [key, this.flowNode(mark, 'flow-entry', end)];
  }

  private flowNode(mark: Mark, ...ends: TokenKind[]): Node {
    return this.isNext(...ends) ? this.nothing(mark) : this.node({ block: false, indentless: false });
  }
}
