import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';
import { runStatement } from '../statement.ts';

/** Runs a statement every so many seconds, until it fails or somebody presses Ctrl-C. */
export async function watch(session: Session, text: string, seconds: number): Promise<boolean> {
  const stop = new AbortController();
  const end = () => {
    session.inside.stdout.write('\n'); // below the ^C
    stop.abort();
  };
  session.inside.signal.addEventListener('abort', end, { once: true });
  session.onInterrupt = end;
  try {
    while (!stop.signal.aborted) {
      const own = session.style.title === null ? '' : `${session.style.title}\t`;
      const style = { ...session.style, title: `${own}${clock(new Date())} (every ${seconds}s)\n` };
      if (!(await runStatement(session, text, async function* () {}, style))) return false;
      await sleep(seconds * 1000, undefined, { signal: stop.signal }).catch(() => {});
    }
    return true;
  } finally {
    session.onInterrupt = null;
    session.inside.signal.removeEventListener('abort', end);
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time in UTC as strftime's %c prints it in the image's locale, en_US.utf8. */
export function clock(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hour = now.getUTCHours();
  const date = `${DAYS[now.getUTCDay()]} ${two(now.getUTCDate())} ${MONTHS[now.getUTCMonth()]} ${now.getUTCFullYear()}`;
  const time = `${two(hour % 12 || 12)}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
  return `${date} ${time} ${hour < 12 ? 'AM' : 'PM'} UTC`;
}
