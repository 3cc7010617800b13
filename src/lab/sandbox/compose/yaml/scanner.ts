import { type Mark, scannerError } from './error.ts';
import { Reader } from './reader.ts';
import { scanBlock, scanPlain, scanQuoted } from './scalars.ts';
import type { Token, TokenKind } from './token.ts';
import { scanAnchor, scanDirective, scanTag } from './words.ts';

/** A place where a mapping's key may have begun: that shows only when its `:` comes. */
interface SimpleKey {
  mark: Mark;
  /** Nothing but a key can stand here: it begins a line of a block mapping. */
  required: boolean;
  /** Number of the key's first token since the beginning of the text. */
  token: number;
}

const FLOW_TOKENS: Record<string, TokenKind> = {
  '[': 'flow-sequence',
  ']': 'flow-sequence-end',
  '{': 'flow-mapping',
  '}': 'flow-mapping-end',
};

/** A key must end on its line, and within this many characters. */
const LONGEST_KEY = 1024;

/** go-yaml looks this many tokens beyond the next one, so a slip there comes before what the parser thinks. */
const LOOK_AHEAD = 2;

/**
 * Makes tokens of YAML by the rules of YAML 1.1 as libyaml and go-yaml apply them. It is ours because its refusals are
 * shown to the learner, who is to read what Docker Compose would say.
 */
export class Scanner {
  private readonly reader: Reader;
  private readonly queue: Token[] = [];
  private taken = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  /** One for each level of brackets, the first for none. */
  private readonly keys: (SimpleKey | null)[] = [null];
  private keyAllowed = true;

  constructor(text: string) {
    this.reader = new Reader(text);
  }

  peek(): Token {
    while (this.queue.length <= LOOK_AHEAD || this.headMayBeKey()) this.fetch();
    const [head] = this.queue;
    if (head === undefined) throw new Error('the scanner made no token');
    return head;
  }

  next(): Token {
    const token = this.peek();
    this.queue.shift();
    this.taken += 1;
    return token;
  }

  private headMayBeKey(): boolean {
    const level = this.keys.findIndex((key) => key?.token === this.taken);
    return level !== -1 && this.liveKey(level) !== null;
  }

  private get inFlow(): boolean {
    return this.keys.length > 1;
  }

  private fetch(): void {
    const { reader } = this;
    this.skipToToken();
    this.closeBlocks(reader.mark().column);
    if (reader.atEnd) this.endOfDocument('stream-end', 0);
    else if (reader.mark().column === 0 && reader.char() === '%') this.directive();
    else if (reader.atDocumentMarker()) {
      this.endOfDocument(reader.char() === '-' ? 'document-start' : 'document-end', 3);
    } else this.fetchContent(reader.char());
  }

  private fetchContent(char: string): void {
    const { reader } = this;
    const gapNext = reader.isGap(1);
    if (char === '[' || char === '{') this.openFlow(char);
    else if (char === ']' || char === '}') this.closeFlow(char);
    else if (char === ',') this.indicator('flow-entry', true);
    else if (char === '-' && gapNext) this.blockEntry();
    else if (char === '?' && (this.inFlow || gapNext)) this.explicitKey();
    else if (char === ':' && (this.inFlow || gapNext)) this.value();
    else if (char === '*' || char === '&') this.mayBeKey(() => scanAnchor(reader));
    else if (char === '!') this.mayBeKey(() => scanTag(reader));
    else if ((char === '|' || char === '>') && !this.inFlow) this.blockScalar();
    else if (char === '"' || char === "'") {
      this.mayBeKey((mark) => ({ kind: 'scalar', text: scanQuoted(reader), plain: false, mark }));
    } else if (this.beginsPlain(char)) this.plainScalar();
    else throw scannerError('found character that cannot start any token', reader.mark(), reader.mark());
  }

  private beginsPlain(char: string): boolean {
    const { reader } = this;
    if (char === '-') return !reader.isBlank(1);
    if (char === '?' || char === ':') return !this.inFlow && !reader.isGap(1);
    return !reader.isGap() && !',[]{}#&*!|>\'"%@`'.includes(char);
  }

  /** Skips blanks, comments and line breaks. A tab may not stand where indentation counts. */
  private skipToToken(): void {
    const { reader } = this;
    for (;;) {
      while (reader.char() === ' ' || (reader.char() === '\t' && (this.inFlow || !this.keyAllowed)))
        reader.take();
      if (reader.char() === '#') reader.takeRest();
      if (!reader.isBreak()) return;
      reader.takeBreak();
      if (!this.inFlow) this.keyAllowed = true;
    }
  }

  private push(token: Token): void {
    this.queue.push(token);
  }

  private indicator(kind: TokenKind, keyAllowed: boolean, length = 1): void {
    this.dropKey();
    this.keyAllowed = keyAllowed;
    const mark = this.reader.mark();
    for (let i = 0; i < length; i++) this.reader.take();
    this.push({ kind, mark } as Token);
  }

  private endOfDocument(kind: TokenKind, length: number): void {
    this.closeBlocks(-1);
    this.indicator(kind, false, length);
  }

  private directive(): void {
    this.closeBlocks(-1);
    this.dropKey();
    this.keyAllowed = false;
    this.push(scanDirective(this.reader));
  }

  private openFlow(char: string): void {
    this.saveKey();
    this.keys.push(null);
    this.indicator(FLOW_TOKENS[char] ?? 'flow-sequence', true);
  }

  private closeFlow(char: string): void {
    this.dropKey();
    if (this.inFlow) this.keys.pop();
    this.keyAllowed = false;
    const mark = this.reader.mark();
    this.reader.take();
    this.push({ kind: FLOW_TOKENS[char] ?? 'flow-sequence-end', mark } as Token);
  }

  private blockEntry(): void {
    if (!this.inFlow) {
      this.needsKeyAllowed('block sequence entries are not allowed in this context');
      this.openBlock('block-sequence', this.reader.mark());
    }
    this.indicator('entry', true);
  }

  private explicitKey(): void {
    if (!this.inFlow) {
      this.needsKeyAllowed('mapping keys are not allowed in this context');
      this.openBlock('block-mapping', this.reader.mark());
    }
    this.indicator('key', !this.inFlow);
  }

  private value(): void {
    const key = this.liveKey(this.keys.length - 1);
    if (key !== null) {
      const place = key.token - this.taken;
      this.queue.splice(place, 0, { kind: 'key', mark: key.mark });
      this.openBlock('block-mapping', key.mark, place);
      this.keys[this.keys.length - 1] = null;
      this.indicator('value', false);
      return;
    }
    if (!this.inFlow) {
      this.needsKeyAllowed('mapping values are not allowed in this context');
      this.openBlock('block-mapping', this.reader.mark());
    }
    this.indicator('value', !this.inFlow);
  }

  private mayBeKey(scan: (mark: Mark) => Token): void {
    this.saveKey();
    this.keyAllowed = false;
    this.push(scan(this.reader.mark()));
  }

  private plainScalar(): void {
    this.mayBeKey((mark) => {
      const { text, broken } = scanPlain(this.reader, this.inFlow, this.indent + 1);
      if (broken) this.keyAllowed = true;
      return { kind: 'scalar', text, plain: true, mark };
    });
  }

  private blockScalar(): void {
    this.dropKey();
    this.keyAllowed = true;
    const mark = this.reader.mark();
    this.push({ kind: 'scalar', text: scanBlock(this.reader, this.indent), plain: false, mark });
  }

  private needsKeyAllowed(problem: string): void {
    if (!this.keyAllowed) throw scannerError(problem, this.reader.mark(), this.reader.mark());
  }

  private openBlock(kind: TokenKind, mark: Mark, place = this.queue.length): void {
    if (this.inFlow || this.indent >= mark.column) return;
    this.indents.push(this.indent);
    this.indent = mark.column;
    this.queue.splice(place, 0, { kind, mark } as Token);
  }

  private closeBlocks(column: number): void {
    if (this.inFlow) return;
    while (this.indent > column) {
      this.push({ kind: 'block-end', mark: this.reader.mark() });
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const mark = this.reader.mark();
    const required = !this.inFlow && this.indent === mark.column;
    this.dropKey();
    this.keys[this.keys.length - 1] = { mark, required, token: this.taken + this.queue.length };
  }

  private dropKey(): void {
    const level = this.keys.length - 1;
    const key = this.keys[level];
    if (key?.required) throw this.noColon(key);
    this.keys[level] = null;
  }

  /** The key of a level, null once it is too far behind to be one. */
  private liveKey(level: number): SimpleKey | null {
    const key = this.keys[level] ?? null;
    if (key === null) return null;
    const here = this.reader.mark();
    if (key.mark.line === here.line && key.mark.index + LONGEST_KEY >= here.index) return key;
    if (key.required) throw this.noColon(key);
    this.keys[level] = null;
    return null;
  }

  private noColon(key: SimpleKey): Error {
    return scannerError("could not find expected ':'", key.mark, this.reader.mark());
  }
}
