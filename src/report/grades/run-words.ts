/** Characters of one line of an output; what programs print on one line can be all that they print. */
const LONGEST = 600;

/** Lines before the last ones that are shown because they name an error. */
const NAMED = 3;

const NAMES_ERROR = /\b(?:error|fatal|panic|denied|no such|not found|cannot|can't|does not exist)\b/i;

/** Stands where lines are left out. */
const GAP = '…';

/**
 * Lines of an output that hold its error: the last ones, and the first that name one. A program that goes on after its
 * error (pg_basebackup counts kilobytes) buries it. A line that a loop printed again and again stands there once.
 */
export function tellingLines(output: string, last: number): string[] {
  const lines = linesOf(output);
  const early = lines.length - last;
  const before = lines.flatMap(({ text }, at) => (at < early && NAMES_ERROR.test(text) ? at : []));
  const after = lines.flatMap((_, at) => (at >= early ? at : []));
  const shown = [...before.slice(0, NAMED), ...after];
  return shown.flatMap((at, nth) => {
    const { text = '', times = 1 } = lines[at] ?? {};
    const gap = nth > 0 && at > (shown[nth - 1] ?? 0) + 1 ? [GAP] : [];
    return [...gap, times === 1 ? text : `${text} (${times} times)`];
  });
}

/** Those that are not empty, each once where it stands several times in a row. */
function linesOf(output: string): { text: string; times: number }[] {
  const lines: { text: string; times: number }[] = [];
  for (const line of output.split('\n')) {
    const text = line
      .slice(0, LONGEST)
      .replace(/\p{Surrogate}$/u, '')
      .replace(/\s+/g, ' ')
      .trimEnd();
    const known = lines.at(-1);
    if (text === '') continue;
    if (known?.text === text) known.times += 1;
    else lines.push({ text, times: 1 });
  }
  return lines;
}
