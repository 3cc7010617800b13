import { cells, truncate } from '../terminal/wrap.ts';
import type { Listener } from './batch.ts';
import type { GradedSubmission } from './types.ts';

const BAR = 10;
const TICK_MS = 1000;

export interface Progress extends Listener {
  /** What is being done with a submission now. */
  doing(name: string, what: string): void;
  /** A line of its own, above the one that is drawn over. */
  say(text: string): void;
  end(): void;
}

/** What it is written to. */
type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/**
 * Tells how a batch gets on: a line a submission as it ends, and on a terminal below them one line that is drawn over
 * each second: how many are done, how long the rest will take, and who is being graded.
 */
export function progressLines(total: number, out: Out, jobs: number): Progress {
  const live = out.isTTY === true && process.env.TERM !== 'dumb';
  const going = new Map<string, { since: number; what: string }>();
  const times: number[] = [];
  let ticking: NodeJS.Timeout | undefined;

  /** In one piece, and what was there is only cleared behind the new text: so that nothing flickers. */
  const draw = (above = ''): void => {
    if (!live) {
      if (above !== '') out.write(above);
      return;
    }
    const first = above === '' ? '' : `\r\x1b[K${above}`;
    const line = going.size === 0 ? '' : liveLine((out.columns || 80) - 1);
    out.write(`${first}\r${line}\x1b[K`);
  };

  const liveLine = (width: number): string => {
    const now = performance.now();
    const each = [...going].map(([name, { since, what }]) => ({ name, what, ms: now - since }));
    const [only] = each;
    if (total === 1 && only) return fitting([`${only.name} · ${duration(only.ms)} · ${only.what}`], width);
    const finished = times.length;
    const full = Math.floor((finished / total) * BAR);
    const bar = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] `;
    const left = timeLeft(each.map(({ ms }) => ms));
    const count = `${finished} of ${total}${left === null ? '' : ` · about ${duration(left)} left`} · `;
    const names = each.map(({ name, ms }) => `${name} ${duration(ms)}`);
    const long = each.map(({ what }, at) => `${names[at]} ${what}`);
    const lines = [long, names].map((some) => `${count}${some.join(', ')}`);
    return fitting([...lines.map((line) => `${bar}${line}`), lines[1] ?? ''], width);
  };

  /** null until one has ended. What goes on has used some of its time already. */
  const timeLeft = (elapsed: number[]): number | null => {
    if (times.length === 0) return null;
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    const used = elapsed.reduce((sum, ms) => sum + Math.min(ms, mean), 0);
    return (mean * (total - times.length) - used) / Math.min(jobs, Math.max(1, total - times.length));
  };

  return {
    began(name) {
      going.set(name, { since: performance.now(), what: 'makes a copy' });
      // Never what keeps the process alive.
      if (live) ticking ??= setInterval(() => draw(), TICK_MS).unref();
      draw();
    },
    doing(name, what) {
      const one = going.get(name);
      if (one) one.what = what;
      // With many at a time, each second is often enough.
      if (total === 1) draw();
    },
    ended(record) {
      going.delete(record.name);
      times.push(record.ms);
      draw(`${line(record)}\n`);
    },
    say: (text) => draw(`${text}\n`),
    end() {
      clearInterval(ticking);
      going.clear();
      draw();
    },
  };
}

/** The first that fits, or else the last, cut. */
function fitting(lines: string[], width: number): string {
  return lines.find((one) => cells(one) <= width) ?? truncate(lines.at(-1) ?? '', width);
}

function line(submission: GradedSubmission): string {
  const { name, outcome, score, maxScore, ms, lessons, problem, remarks } = submission;
  if (outcome !== 'graded') return `${name}: no mark: ${problem?.message ?? 'it was cut short.'}`;
  const failed = lessons
    .flatMap(({ checks }) => checks)
    .filter(({ points, maxPoints }) => points < maxPoints);
  const loss = failed[0] ? `first loss: ${failed[0].title}` : score === 0 ? remarks[0]?.message : undefined;
  const first = loss === undefined ? '' : `, ${loss}`;
  return `${name}: ${score} of ${maxScore} points in ${duration(ms)}${first}`;
}

/** `8 s`, `3 min 20 s` */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
