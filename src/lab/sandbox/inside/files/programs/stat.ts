import type { Stats } from 'node:fs';
import { refused } from '../../../command/refusal.ts';
import { write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { complain, quoted, reason, usage } from '../messages.ts';
import { see, seeReal } from '../operations.ts';
import { readOptions } from '../options.ts';
import type { FileInside, FileProgram, Place } from '../tree.ts';
import { humanSize, modeText } from './long.ts';

export const stat: FileProgram = async (argv, inside) => {
  const { has, value, operands } = readOptions(argv, {
    flags: 'L',
    values: 'c',
    long: { format: 'c', dereference: 'L' },
  });
  const format = value('c');
  if (format === undefined) throw refused('the sandbox knows stat with -c only', "Add -c '%U %a %n'");
  if (operands.length === 0) throw usage('stat', 'missing operand');
  const strange = [...format.matchAll(/%(.)/g)].find(
    ([, letter = '']) => !'uUgGanNsFAYyhib%'.includes(letter),
  );
  if (strange) throw refused(`the sandbox does not know the format ${strange[0]} of stat`);
  return each(
    inside,
    'stat',
    operands,
    async (name) => {
      const { stats } = await seeReal(inside, name, has('L'));
      const text = format.replace(/%(.)/g, (_, letter: string) => fieldOf(letter, name, stats, inside));
      await write(inside.stdout, `${text}\n`);
    },
    (name, why) => `cannot statx ${quoted(name)}: ${why}`,
  );
};

function fieldOf(letter: string, name: string, stats: Stats, { files: { accounts } }: FileInside): string {
  switch (letter) {
    case 'u':
      return String(accounts.shownUid(stats.uid));
    case 'g':
      return String(accounts.shownGid(stats.gid));
    case 'U':
      return accounts.ownerName(stats.uid).replace(/^\d+$/, 'UNKNOWN');
    case 'G':
      return accounts.groupName(stats.gid).replace(/^\d+$/, 'UNKNOWN');
    case 'a':
      return (stats.mode & 0o7777).toString(8);
    case 'A':
      return modeText(stats);
    case 'n':
      return name;
    case 'N':
      return quoted(name);
    case 's':
      return String(stats.size);
    case 'F':
      return kindOf(stats);
    case 'Y':
      return String(Math.floor(stats.mtimeMs / 1000));
    case 'y':
      return `${stats.mtime.toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
    case 'h':
      return String(stats.nlink);
    case 'i':
      return String(stats.ino);
    case 'b':
      return String(stats.blocks);
    default:
      return '%';
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symbolic link';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.size === 0 ? 'regular empty file' : 'regular file';
}

export const du: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, {
    flags: 'shk',
    long: { summarize: 's', 'human-readable': 'h' },
  });
  const say = (name: string, bytes: number) =>
    write(inside.stdout, `${has('h') ? humanSize(bytes) : Math.ceil(bytes / 1024)}\t${name}\n`);
  return each(
    inside,
    'du',
    operands.length > 0 ? operands : ['.'],
    async (name) => {
      const place = await see(inside, name, false);
      const seen = new Set<string>();
      let failed = false;
      const visit = async (at: Place, shown: string): Promise<number> => {
        const stats = at.kind === 'found' ? at.stats : null;
        const key = `${stats?.dev}:${stats?.ino}`;
        if (stats && stats.nlink > 1 && !stats.isDirectory() && seen.has(key)) return 0;
        seen.add(key);
        let bytes = (stats?.blocks ?? 8) * 512;
        if (stats && !stats.isDirectory()) return bytes;
        const names = await inside.files.names(at).catch(async (error: unknown) => {
          failed = true;
          await complain(inside, 'du', `cannot read directory ${quoted(shown)}: ${reason(error)}`);
          return [];
        });
        for (const entry of names) {
          const full = `${shown.replace(/\/$/, '')}/${entry}`;
          // The server may remove a file meanwhile.
          const below = await inside.files.look(full, inside.cwd, { follow: false });
          if (below.kind !== 'error' && below.kind !== 'missing') bytes += await visit(below, full);
        }
        if (!has('s')) await say(shown, bytes);
        return bytes;
      };
      const bytes = await visit(place, name);
      if (has('s') || (place.kind === 'found' && !place.stats.isDirectory())) await say(name, bytes);
      if (failed) throw new Said();
    },
    (name, why) => `cannot access ${quoted(name)}: ${why}`,
  );
};
