/** Applies `700` or `u+rwx,go-w` to a mode. null for what is no mode. */
export function changedMode(written: string, mode: number, folder: boolean): number | null {
  if (/^[0-7]{1,4}$/.test(written)) return Number.parseInt(written, 8);
  let result = mode & 0o7777;
  for (const clause of written.split(',')) {
    const [, who = '', actions = ''] = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(clause) ?? [];
    if (actions === '') return null;
    for (const [, sign = '', letters = ''] of actions.matchAll(/([-+=])([rwxXst]*)/g)) {
      result = applied(result, who, sign, letters, folder);
    }
  }
  return result;
}

const SHIFTS: Record<string, number> = { u: 6, g: 3, o: 0 };

/** umask 022: without a letter of who, others than the owner don't get the right to write. */
const UMASK = 0o022;

function applied(mode: number, who: string, sign: string, letters: string, folder: boolean): number {
  const all = who === '' || who.includes('a');
  const classes = all ? ['u', 'g', 'o'] : [...who];
  let rights = 0;
  if (letters.includes('r')) rights |= 4;
  if (letters.includes('w')) rights |= 2;
  if (letters.includes('x') || (letters.includes('X') && (folder || (mode & 0o111) !== 0))) rights |= 1;
  let bits = 0;
  let reach = 0;
  for (const one of classes) {
    bits |= rights << (SHIFTS[one] ?? 0);
    reach |= 7 << (SHIFTS[one] ?? 0);
  }
  if (letters.includes('s'))
    bits |= (classes.includes('u') ? 0o4000 : 0) | (classes.includes('g') ? 0o2000 : 0);
  if (letters.includes('t')) bits |= 0o1000;
  if (who === '') bits &= ~UMASK;
  if (sign === '+') return mode | bits;
  if (sign === '-') return mode & ~bits;
  return (mode & ~reach) | bits;
}
