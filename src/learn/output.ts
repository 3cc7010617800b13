/** Longest line that is kept, in characters. */
const LINE_LIMIT = 2000;
/** Lines kept of one command: its first, and its last. */
const HEAD = 100;
const TAIL = 200;

/**
 * Collects a command's output as lines, bounded however much comes: the first lines, the last lines, and how many
 * were left out between. A carriage return goes back to the start of the line, as in a terminal.
 */
export class OutputBuffer {
  private readonly head: string[] = [];
  private readonly tail: string[] = [];
  private omitted = 0;
  private partial = '';

  /** Takes a chunk; returns the lines that became complete. */
  add(chunk: string): string[] {
    const lines = (this.partial + chunk).split('\n');
    this.partial = (lines.pop() ?? '').slice(-LINE_LIMIT);
    const complete = lines.map((line) => lastSegment(line).slice(0, LINE_LIMIT));
    for (const line of complete) this.keep(line);
    return complete;
  }

  /** Takes what was left without a line end; returns it as lines. */
  flush(): string[] {
    if (this.partial === '') return [];
    return this.add('\n');
  }

  /** The last `count` lines, the unfinished one included. */
  last(count: number): string[] {
    // With nothing left out the first lines are followed by the last ones.
    const lines = this.omitted > 0 ? this.tail : [...this.head, ...this.tail];
    const partial = lastSegment(this.partial);
    return [...lines, ...(partial === '' ? [] : [partial])].slice(-count);
  }

  text(): string {
    const gap = this.omitted > 0 ? [`… ${this.omitted} lines left out …`] : [];
    return [...this.head, ...gap, ...this.tail].join('\n');
  }

  private keep(line: string): void {
    if (this.head.length < HEAD) {
      this.head.push(line);
      return;
    }
    this.tail.push(line);
    // Trimmed in blocks: removing the first element for each line would make a flood quadratic.
    if (this.tail.length > TAIL * 2) {
      this.omitted += this.tail.length - TAIL;
      this.tail.splice(0, this.tail.length - TAIL);
    }
  }
}

function lastSegment(line: string): string {
  const trimmed = line.replace(/\r+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}
