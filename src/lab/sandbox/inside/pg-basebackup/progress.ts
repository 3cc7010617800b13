/** How much of a backup is there. */
export interface Progress {
  /** Bytes. */
  done: number;
  /** kB, an estimate of the server's. */
  totalKb: number;
  tablespacesDone: number;
  tablespaces: number;
  verbose: boolean;
  /** Path of the file that comes just now; null at the end. */
  file: string | null;
}

const NAME_WIDTH = 35;

/** The line of -P, without its end; with -v it has the name of the file, or blanks that cover the last one. */
export function progressLine({
  done,
  totalKb,
  tablespacesDone,
  tablespaces,
  verbose,
  file,
}: Progress): string {
  const doneKb = Math.floor(done / 1024);
  // The estimate may be too low: then the total grows with what is there.
  const total = String(Math.max(totalKb, doneKb));
  const percent = totalKb > 0 ? Math.min(100, Math.floor((doneKb * 100) / totalKb)) : 0;
  const shownPercent = verbose && file === null ? 100 : percent;
  const sizes = `${String(doneKb).padStart(total.length)}/${total} kB (${shownPercent}%)`;
  const line = `${sizes}, ${tablespacesDone}/${tablespaces} tablespace${tablespaces === 1 ? '' : 's'}`;
  if (!verbose) return line;
  if (file === null) return `${line} ${' '.repeat(NAME_WIDTH + 5)}`;
  const name = file.length > NAME_WIDTH ? `...${file.slice(-(NAME_WIDTH - 3))}` : file;
  return `${line} (${name.padEnd(NAME_WIDTH)})`;
}

export interface ReporterOptions {
  totalKb: number;
  verbose: boolean;
  /** A terminal shows one line that changes. */
  terminal: boolean;
  write(text: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Reporter {
  /** So many more bytes of this file have come. Prints a line at most once a second. */
  add(bytes: number, file: string): void;
  tablespaceDone(): void;
  finished(): void;
}

/** Reports the progress of one tablespace, all that a server of the sandbox has. */
export function newReporter({ totalKb, verbose, terminal, write, now }: ReporterOptions): Reporter {
  const state: Progress = { done: 0, totalKb, tablespacesDone: 0, tablespaces: 1, verbose, file: null };
  let lastSecond = 0;
  const print = (last: boolean) => {
    write(`${progressLine(state)}${terminal && !last ? '\r' : '\n'}`);
    lastSecond = Math.floor(now() / 1000);
    state.totalKb = Math.max(state.totalKb, Math.floor(state.done / 1024));
  };
  return {
    add(bytes, file) {
      state.done += bytes;
      state.file = file;
      if (Math.floor(now() / 1000) !== lastSecond) print(false);
    },
    tablespaceDone: () => print(false),
    finished() {
      Object.assign(state, { file: null, tablespacesDone: 1 });
      print(true);
    },
  };
}
