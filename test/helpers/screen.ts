import xterm from '@xterm/headless';

const { Terminal } = xterm;

/** An emulated terminal: what a learner would see after the bytes that a program wrote. */
export class Emulator {
  private readonly terminal: InstanceType<typeof Terminal>;

  rows: number;
  columns: number;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.terminal = new Terminal({ cols: columns, rows, scrollback: 20_000, allowProposedApi: true });
  }

  /** The emulator itself, for what is drawn with colours. */
  get emulated(): InstanceType<typeof Terminal> {
    return this.terminal;
  }

  write(bytes: string): Promise<void> {
    return new Promise((resolve) => this.terminal.write(bytes, resolve));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.terminal.resize(columns, rows);
  }

  /** Answers that the terminal sends back (cursor position and the like). */
  onReply(listener: (bytes: string) => void): void {
    this.terminal.onData(listener);
  }

  /** The rows in sight, top to bottom, without trailing spaces. */
  visible(): string[] {
    const buffer = this.terminal.buffer.active;
    return Array.from({ length: this.rows }, (_, row) => this.row(buffer.baseY + row));
  }

  /** The scrollback and the rows in sight. */
  all(): string[] {
    const buffer = this.terminal.buffer.active;
    return Array.from({ length: buffer.length }, (_, row) => this.row(row));
  }

  /** Row and column of the cursor, from 0, in the part in sight. */
  cursor(): { row: number; column: number } {
    const { cursorY, cursorX } = this.terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  private row(index: number): string {
    return this.terminal.buffer.active.getLine(index)?.translateToString(true) ?? '';
  }
}
