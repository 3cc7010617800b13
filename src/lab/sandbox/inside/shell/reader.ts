import { refused } from '../../command/refusal.ts';
import { type Flavour, type List, type Part, SyntaxProblem, type Word } from './syntax.ts';

/** What a here-document waits for: the end of its line. */
interface Waiting {
  end: string;
  /** `<<-`: tabs at the beginning of lines are left out. */
  strip: boolean;
  /** Its delimiter was quoted: nothing in it is replaced. */
  literal: boolean;
  fill(text: Word): void;
}

export const unknownSyntax = (what: string) =>
  refused(`the sandbox's shell does not know ${what}`, 'Use several simple commands');

const NAME = /^[A-Za-z_]\w*/;
/** Characters that end a word. */
const METACHARACTER = /[\s;&|<>()]/;

/** Reads a script character by character: words with their quotes, comments, line ends, here-documents. */
export class Reader {
  readonly text: string;
  readonly flavour: Flavour;
  at = 0;
  line = 1;
  readonly #waiting: Waiting[] = [];
  /** Reads the commands of `$(…)`, up to its bracket. */
  readonly #commands: (reader: Reader) => List;

  constructor(text: string, flavour: Flavour, commands: (reader: Reader) => List) {
    this.text = text;
    this.flavour = flavour;
    this.#commands = commands;
  }

  rest(): string {
    return this.text.slice(this.at);
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Passes blanks, comments and joined lines, but no line end. */
  skipBlanks(): void {
    for (;;) {
      if (this.startsWith('\\\n')) {
        this.at += 2;
        this.line += 1;
      } else if (this.startsWith(' ') || this.startsWith('\t')) this.at += 1;
      else if (this.startsWith('#')) while (!this.done && !this.startsWith('\n')) this.at += 1;
      else return;
    }
  }

  /** Passes line ends too. Here-documents begin after the first one. */
  skipLines(): void {
    for (this.skipBlanks(); this.startsWith('\n'); this.skipBlanks()) this.passLine();
  }

  passLine(): void {
    this.at += 1;
    this.line += 1;
    for (const waiting of this.#waiting.splice(0)) this.#readDocument(waiting);
  }

  await(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** The plain text of the next word when nothing in it is quoted; null otherwise. Passes nothing. */
  peekWord(): string | null {
    const [word = ''] = /^[^\s;&|<>()'"\\$`]+/.exec(this.rest()) ?? [];
    const next = this.text[this.at + word.length];
    return word !== '' && (next === undefined || METACHARACTER.test(next)) ? word : null;
  }

  /** The next word; null where there is none. */
  word(): Word | null {
    const parts: Word = [];
    while (!this.done) {
      const char = this.text[this.at] ?? '';
      if (this.startsWith('\\\n')) {
        this.at += 2;
        this.line += 1;
      } else if (METACHARACTER.test(char)) break;
      else if (char === "'") addText(parts, this.#singleQuoted(), true);
      else if (char === '"') this.#doubleQuoted(parts);
      else if (char === '\\') {
        addText(parts, this.text[this.at + 1] ?? '\\', true);
        this.at += 2;
      } else if (char === '$' || char === '`') this.#dollar(parts, false);
      else {
        addText(parts, char, false);
        this.at += 1;
      }
    }
    return parts.length > 0 ? parts : null;
  }

  #singleQuoted(): string {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw this.unterminated("'");
    const text = this.text.slice(this.at + 1, end);
    this.line += text.split('\n').length - 1;
    this.at = end + 1;
    return text;
  }

  unterminated(quote: string): SyntaxProblem {
    return new SyntaxProblem(
      this.flavour === 'sh'
        ? 'Syntax error: Unterminated quoted string'
        : `unexpected EOF while looking for matching \`${quote}'`,
      this.line,
    );
  }

  #doubleQuoted(parts: Word): void {
    this.at += 1;
    addText(parts, '', true);
    this.#quotedUntil('"', parts);
  }

  /** Text in which only variables and commands are replaced. `end` null: up to the end of the script. */
  #quotedUntil(end: '"' | null, parts: Word): void {
    for (;;) {
      if (this.done) {
        if (end === null) return;
        throw this.unterminated(end);
      }
      const char = this.text[this.at] ?? '';
      if (char === end) {
        this.at += 1;
        return;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        this.at += 2;
        if (next === '\n') this.line += 1;
        else addText(parts, '$`\\'.includes(next) || next === end ? next : `\\${next}`, true);
      } else if (char === '$' || char === '`') this.#dollar(parts, true);
      else {
        if (char === '\n') this.line += 1;
        addText(parts, char, true);
        this.at += 1;
      }
    }
  }

  #dollar(parts: Word, quoted: boolean): void {
    if (this.startsWith('`')) throw unknownSyntax('`…`');
    if (this.startsWith('$((') || this.startsWith('$[')) throw unknownSyntax('arithmetic such as $((1 + 1))');
    if (this.startsWith('$(')) {
      this.at += 2;
      const body = this.#commands(this);
      parts.push({ kind: 'command', body, quoted });
      return;
    }
    const after = this.rest().slice(1);
    const braced = /^\{([A-Za-z_]\w*|\?)\}/.exec(after);
    const name = braced?.[1] ?? NAME.exec(after)?.[0] ?? (after.startsWith('?') ? '?' : null);
    if (name !== null) {
      this.at += 1 + (braced ? braced[0].length : name.length);
      parts.push({ kind: 'variable', name, quoted });
      return;
    }
    const [strange] = /^(?:\{[^}]*\}?|[$!#@*\d-]|["'](?=.))/.exec(after) ?? [];
    // In double quotes a quote after the dollar is just the end of them.
    if (strange !== undefined && !(quoted && /^["']/.test(strange))) {
      if (!/^["']/.test(strange) || this.flavour === 'bash') throw unknownSyntax(`$${strange}`);
    }
    addText(parts, '$', quoted);
    this.at += 1;
  }

  #readDocument({ end, strip, literal, fill }: Waiting): void {
    let text = '';
    while (!this.done) {
      const stop = this.text.indexOf('\n', this.at);
      const next = stop < 0 ? this.text.length : stop;
      const raw = this.text.slice(this.at, next);
      const line = strip ? raw.replace(/^\t+/, '') : raw;
      this.at = stop < 0 ? next : next + 1;
      this.line += 1;
      if (line === end) break;
      text += `${line}\n`;
    }
    const parts: Word = [];
    if (literal) parts.push({ kind: 'text', text, quoted: true });
    else new Reader(text, this.flavour, this.#commands).#quotedUntil(null, parts);
    fill(parts);
  }
}

function addText(parts: Part[], text: string, quoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === 'text' && last.quoted === quoted) last.text += text;
  else parts.push({ kind: 'text', text, quoted });
}
