/** Docker's words for a span of time in milliseconds: `3 seconds`, `About a minute`, `2 weeks`. */
export function span(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  const minutes = Math.trunc(seconds / 60);
  const hours = Math.trunc(milliseconds / 3_600_000 + 0.5);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(hours / 24 / 365)} years`;
}

/** `3 seconds ago`. Times are ISO; '' for a time that is not known gives `N/A`, as docker writes it. */
export function ago(time: string, now: number): string {
  return time === '' ? 'N/A' : `${span(now - Date.parse(time))} ago`;
}

const UNIT_SECONDS: Record<string, number> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** Seconds of a duration as Compose writes it, `1m30s`; null for anything else. */
export function durationSeconds(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|us|µs|ns|m|s))+$/.test(text)) return null;
  let seconds = 0;
  for (const [, amount = '0', unit = 's'] of text.matchAll(/([\d.]+)(h|ms|us|µs|ns|m|s)/g))
    seconds += Number(amount) * (UNIT_SECONDS[unit] ?? 0);
  return seconds;
}

/** `2026-11-25 12:30:12 +0000 UTC`, the form of `docker ps --format '{{.CreatedAt}}'`. */
export function fullTime(iso: string): string {
  return iso === '' ? '' : `${iso.slice(0, 19).replace('T', ' ')} +0000 UTC`;
}
