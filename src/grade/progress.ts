import type { Listener } from './batch.ts';
import type { GradedSubmission } from './types.ts';

const BAR = 20;

/**
 * Tells how a batch gets on: a line a submission as it ends, and on a terminal below them one line that is drawn over:
 * a bar, who is being graded, and how long the rest will take.
 */
export function progressLines(
  total: number,
  out: NodeJS.WriteStream,
  jobs: number,
): Listener & { end(): void } {
  const going = new Set<string>();
  const times: number[] = [];
  let finished = 0;
  const live = out.isTTY === true && total > 1;
  const clear = () => {
    if (live) out.write('\r\x1b[K');
  };
  const draw = () => {
    if (live) out.write(bar().slice(0, (out.columns ?? 80) - 1));
  };
  const bar = (): string => {
    const full = Math.round((finished / total) * BAR);
    const mean = times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null;
    const left = mean === null ? '' : ` · about ${duration((mean * (total - finished)) / jobs)} left`;
    return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${finished} of ${total}${left} · ${[...going].join(', ')}`;
  };
  return {
    began(name) {
      going.add(name);
      clear();
      draw();
    },
    ended(record) {
      going.delete(record.name);
      finished += 1;
      times.push(record.ms);
      clear();
      out.write(`${line(record)}\n`);
      draw();
    },
    end: clear,
  };
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
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
