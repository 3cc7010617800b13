import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { write } from '../../streams.ts';
import { each } from '../each.ts';
import { complain, quoted, quotedIfNeeded, reason } from '../messages.ts';
import { isFolder, see } from '../operations.ts';
import { type Options, readOptions } from '../options.ts';
import { type FileInside, type FileProgram, inOrder, type Place } from '../tree.ts';
import { humanSize, inColumns, longRow, timeText } from './long.ts';

interface Entry {
  /** As it is printed. */
  name: string;
  place: Extract<Place, { kind: 'found' | 'passage' }>;
}

const LONG_NAMES = { all: 'a', 'almost-all': 'A', 'human-readable': 'h', directory: 'd', reverse: 'r' };

export const ls: FileProgram = async (argv, inside) => {
  const options = readOptions(argv, { flags: 'laA1dhnrtR', long: LONG_NAMES, exitCode: 2 });
  const { has } = options;
  const operands = options.operands.length > 0 ? options.operands : ['.'];
  const plain: Entry[] = [];
  const folders: Entry[] = [];
  let code = await each(
    inside,
    'ls',
    operands,
    async (name) => {
      // A link that is named is followed, except where it would be described.
      const described = has('l') || has('n') || has('d');
      const place = await see(inside, name, !described);
      (isFolder(place) && !has('d') ? folders : plain).push({ name, place });
    },
    (name, why) => `cannot access ${quoted(name)}: ${why}`,
    2,
  );
  await print(inside, sorted(plain, options), options);
  const titled = operands.length > 1 || has('R');
  let first = plain.length === 0;
  for (const folder of sorted(folders, options)) {
    code = Math.max(code, await listFolder(inside, folder, options, { titled, first }));
    first = false;
  }
  return code;
};

async function listFolder(
  inside: FileInside,
  { name, place }: Entry,
  options: Options,
  { titled, first }: { titled: boolean; first: boolean },
): Promise<number> {
  const { has } = options;
  const entries: Entry[] = [];
  const names = await inside.files.names(place).catch(async (error: unknown) => {
    await complain(inside, 'ls', `cannot open directory ${quoted(name)}: ${reason(error)}`);
    return null;
  });
  if (names === null) return 2;
  const shown = has('a')
    ? ['.', '..', ...names]
    : has('A')
      ? names
      : names.filter((one) => !one.startsWith('.'));
  let code = await each(
    inside,
    'ls',
    shown,
    async (entry) => {
      // Above a mount there may be a folder that is none of ours.
      const at = await see(inside, `${name}/${entry}`, false).catch((error: unknown) => {
        if (entry === '..') return { kind: 'passage', name: '/' } as const;
        throw error;
      });
      entries.push({ name: entry, place: at });
    },
    (entry, why) => `cannot access ${quoted(`${name}/${entry}`)}: ${why}`,
    1,
  );
  if (titled) await write(inside.stdout, `${first ? '' : '\n'}${quotedIfNeededHere(inside, name)}:\n`);
  const ordered = sorted(entries, options);
  if (has('l') || has('n')) {
    const blocks = ordered.reduce((sum, entry) => sum + (statsOf(entry)?.blocks ?? 8), 0);
    await write(inside.stdout, `total ${has('h') ? humanSize(blocks * 512) : Math.ceil(blocks / 2)}\n`);
  }
  await print(inside, ordered, options);
  if (!has('R')) return code;
  for (const entry of ordered) {
    if (entry.name === '.' || entry.name === '..' || !isFolder(entry.place)) continue;
    const below = { name: `${name.replace(/\/$/, '')}/${entry.name}`, place: entry.place };
    code = Math.max(code, await listFolder(inside, below, options, { titled: true, first: false }));
  }
  return code;
}

const statsOf = ({ place }: Entry): Stats | null => (place.kind === 'found' ? place.stats : null);

function sorted(entries: Entry[], { has }: Options): Entry[] {
  const order = inOrder(entries.map(({ name }) => name));
  const all = [...entries].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  if (has('t')) all.sort((a, b) => (statsOf(b)?.mtimeMs ?? 0) - (statsOf(a)?.mtimeMs ?? 0));
  return has('r') ? all.reverse() : all;
}

/** On a screen names that a shell would not take as one word are quoted. */
const quotedIfNeededHere = ({ terminal }: FileInside, name: string): string =>
  terminal ? quotedIfNeeded(name) : name;

async function print(inside: FileInside, entries: Entry[], options: Options): Promise<void> {
  const { has } = options;
  if (entries.length === 0) return;
  if (has('l') || has('n')) return printLong(inside, entries, options);
  const names = entries.map(({ name }) => quotedIfNeededHere(inside, name));
  const width = 'columns' in inside.stdout && Number(inside.stdout.columns);
  const text =
    inside.terminal && !has('1') ? inColumns(names, width || 80) : names.map((name) => `${name}\n`).join('');
  await write(inside.stdout, text);
}

async function printLong(inside: FileInside, entries: Entry[], { has }: Options): Promise<void> {
  const { accounts } = inside.files;
  const now = new Date();
  const rows: string[][] = [];
  for (const entry of entries) {
    const stats = statsOf(entry);
    const row = longRow(stats, accounts);
    const target =
      stats?.isSymbolicLink() && entry.place.kind === 'found'
        ? ` -> ${await readlink(entry.place.real.path)}`
        : '';
    rows.push([
      row.mode,
      String(row.links),
      has('n') ? String(stats ? accounts.shownUid(stats.uid) : 0) : row.owner,
      has('n') ? String(stats ? accounts.shownGid(stats.gid) : 0) : row.group,
      has('h') ? humanSize(row.size) : String(row.size),
      timeText(row.time, now),
      quotedIfNeededHere(inside, entry.name) + target,
    ]);
  }
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  // Names are at the left of their columns, numbers at the right.
  const pads = [
    0,
    width(1),
    has('n') ? width(2) : -width(2),
    has('n') ? width(3) : -width(3),
    width(4),
    0,
    0,
  ];
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const pad = pads[column] ?? 0;
      return pad < 0 ? cell.padEnd(-pad) : cell.padStart(pad);
    });
    await write(inside.stdout, `${cells.join(' ')}\n`);
  }
}
