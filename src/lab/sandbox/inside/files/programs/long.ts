import type { Stats } from 'node:fs';
import type { Accounts } from '../identity.ts';

const KINDS: [keyof Stats & `is${string}`, string][] = [
  ['isDirectory', 'd'],
  ['isSymbolicLink', 'l'],
  ['isFIFO', 'p'],
  ['isSocket', 's'],
  ['isCharacterDevice', 'c'],
  ['isBlockDevice', 'b'],
];

/** `drwxr-xr-x`, as ls prints it. */
export function modeText(stats: Stats): string {
  const kind = KINDS.find(([is]) => (stats[is] as () => boolean).call(stats))?.[1] ?? '-';
  const { mode } = stats;
  const bits = [...'rwxrwxrwx'].map((letter, index) => (mode & (0o400 >> index) ? letter : '-'));
  const special = (at: number, bit: number, letter: string) => {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(2, 0o4000, 's');
  special(5, 0o2000, 's');
  special(8, 0o1000, 't');
  return kind + bits.join('');
}

/** A row of the long format. Stats are null for a folder above mounts, which is the image's own. */
export interface LongRow {
  mode: string;
  links: number;
  owner: string;
  group: string;
  size: number;
  time: Date;
  blocks: number;
}

export function longRow(stats: Stats | null, accounts: Accounts): LongRow {
  if (stats === null) {
    return {
      mode: 'drwxr-xr-x',
      links: 1,
      owner: 'root',
      group: 'root',
      size: 4096,
      time: new Date(),
      blocks: 8,
    };
  }
  return {
    mode: modeText(stats),
    links: stats.nlink,
    owner: accounts.ownerName(stats.uid),
    group: accounts.groupName(stats.gid),
    size: stats.size,
    time: stats.mtime,
    blocks: stats.blocks,
  };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** ls tells the year instead of the hour for what is older, or lies ahead. */
const HALF_A_YEAR_MS = (365.2425 / 2) * 86_400_000;

/** `Nov 25 12:54`. A container's clock is in UTC. */
export function timeText(time: Date, now: Date): string {
  const day = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`;
  const age = now.getTime() - time.getTime();
  if (age < 0 || age > HALF_A_YEAR_MS) return `${day}  ${time.getUTCFullYear()}`;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${day} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
}

/** 1024-based with one digit after the point below ten, rounded up: `4.0K`, `42M`. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024) {
    value /= 1024;
    unit += 1;
  }
  const rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  if (rounded >= 1024) return `1.0${UNITS[unit + 1]}`;
  return `${rounded < 10 ? rounded.toFixed(1) : rounded}${UNITS[unit]}`;
}

const UNITS = 'KMGTPE';

/** Names in columns, each filled before the next, as ls prints them on a screen of this width. */
export function inColumns(names: readonly string[], width: number): string {
  const widths = names.map((name) => [...name].length + 2);
  for (let rows = 1; rows <= names.length; rows += 1) {
    const columns: number[] = [];
    for (let at = 0; at < names.length; at += rows) columns.push(Math.max(...widths.slice(at, at + rows)));
    const total = columns.reduce((sum, one) => sum + one, 0) - 2;
    if (total >= width && rows < names.length) continue;
    const lines = Array.from({ length: rows }, (_, row) => {
      const line = columns.map((one, column) => {
        const name = names[column * rows + row] ?? '';
        const last = (column + 1) * rows + row >= names.length;
        return last ? name : name + ' '.repeat(one - [...name].length);
      });
      return `${line.join('')}\n`;
    });
    return lines.join('');
  }
  return '';
}
