import { ComposeError } from '../value.ts';
import type { Mark } from './error.ts';

/** What ends a line in YAML: besides the usual ones NEL, LS and PS. */
const BREAKS = '\r\n\u0085\u2028\u2029';

/** Characters that YAML allows; a file with any other is refused before it is read. */
const NOT_ALLOWED =
  /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** The text of a file and a place in it. Past its end every character is ''. */
export class Reader {
  private readonly text: string;
  private index = 0;
  private line = 0;
  private column = 0;

  constructor(text: string) {
    this.text = text.replace(/^\ufeff/, '');
    if (NOT_ALLOWED.test(this.text)) throw new ComposeError('yaml: control characters are not allowed');
  }

  mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** The character `ahead` places from here. */
  char(ahead = 0): string {
    return this.text.charAt(this.index + ahead);
  }

  get atEnd(): boolean {
    return this.index >= this.text.length;
  }

  startsWith(piece: string): boolean {
    return this.text.startsWith(piece, this.index);
  }

  isBlank(ahead = 0): boolean {
    const char = this.char(ahead);
    return char === ' ' || char === '\t';
  }

  isBreak(ahead = 0): boolean {
    const char = this.char(ahead);
    return char !== '' && BREAKS.includes(char);
  }

  /** A blank, a line break or the end. */
  isGap(ahead = 0): boolean {
    return this.char(ahead) === '' || this.isBlank(ahead) || this.isBreak(ahead);
  }

  /** Takes one character that is no line break. */
  take(): string {
    const char = this.char();
    this.index += 1;
    this.column += 1;
    return char;
  }

  /** Takes one line break; `\r\n` is one, and all of the usual ones are `\n` to YAML. */
  takeBreak(): string {
    const char = this.char();
    this.index += this.startsWith('\r\n') ? 2 : 1;
    this.line += 1;
    this.column = 0;
    return char === '\u2028' || char === '\u2029' ? char : '\n';
  }

  skipBlanks(): void {
    while (this.isBlank()) this.take();
  }

  /** Up to the end of the line. */
  takeRest(): string {
    let rest = '';
    while (!this.atEnd && !this.isBreak()) rest += this.take();
    return rest;
  }

  /** `---` or `...` at the beginning of a line. */
  atDocumentMarker(): boolean {
    return this.column === 0 && (this.startsWith('---') || this.startsWith('...')) && this.isGap(3);
  }
}
