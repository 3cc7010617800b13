import type { NodeName, TableState } from '../../observe/types.ts';
import { node, only, text } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach } from '../needs.ts';
import { nonceMissing, RELATION_MISTAKES, relation } from '../relation.ts';
import { failed, passed } from '../verdict.ts';
import { missingTable } from './table.ts';

const ACCEPTS = ['from', 'to'] as const;

interface ReplicatedArgs {
  table: string;
  from: NodeName;
  to: NodeName;
}

/** The table is the same on both nodes, and it got there by replication. */
export const replicated: CheckKind<ReplicatedArgs> = {
  kind: 'replicated',
  follows: true,
  accepts: ACCEPTS,
  mistakes: [
    ...new Set([
      ...REACH_TROUBLE,
      // Which slot it streams through, if any, is for `streaming` to judge.
      ...RELATION_MISTAKES.filter((id) => id !== 'slot-unused' && id !== 'slot-wrong-type'),
      'table-missing' as const,
      'table-in-wrong-database' as const,
      'rows-differ' as const,
      'content-differs' as const,
    ]),
  ],
  parse(raw) {
    only(raw, 'replicated', ACCEPTS);
    return {
      table: text(raw, 'replicated'),
      from: node(raw, 'from', 'leader'),
      to: node(raw, 'to', 'follower'),
    };
  },
  title: ({ table, from, to }) => `${table} is the same on ${from} and ${to}`,
  why: () => 'This is what it was all for: what is written on the leader can be read on the follower.',
  reads: () => ({ parts: ['servers', 'table'], experiments: ['nonce'] }),
  judge(observation, args) {
    const leader = reach(observation, args.from);
    if (leader.state !== 'up') return leader;
    const follower = reach(observation, args.to);
    if (follower.state !== 'up') return follower;
    // The same rows can also come from a dump, or from typing them twice: the relation must be right as well.
    const found = relation(observation, { follower: args.to, leader: args.from }, follower, leader);
    if (found) return { state: 'failed', ...found };
    const untried = nonceMissing(observation);
    if (untried) return untried;
    const question = {
      probe: `content of ${args.table} on ${args.from} and ${args.to}`,
      wanted: 'the same rows on both, at least one',
    };
    const [source, copy] = [leader.probe.table, follower.probe.table];
    if (!source) return missingTable(args.table, args.from, leader);
    if (!copy) {
      const why =
        'The follower is up to date, but has no such table. If this stays so, it needs a new base backup.';
      return failed(question, 'content-differs', `no table ${args.table} on ${args.to}`, why);
    }
    if (source.rowCount === 0) {
      return failed(
        question,
        'rows-differ',
        `${args.table} is empty`,
        'An empty table is the same everywhere. Insert its rows first.',
      );
    }
    if (!sameContent(source, copy)) {
      const why =
        'The follower is up to date, but holds other rows than the leader. If this stays so, it needs a new base backup.';
      const saw = `${count(source)} on ${args.from}, ${count(copy)} on ${args.to}, contents differ`;
      return failed(question, 'content-differs', saw, why);
    }
    return passed(question, `${count(source)}, the same on both`);
  },
};

/** There is no hash without a primary key; then the rows themselves are compared, if all of them were read. */
function sameContent(source: TableState, copy: TableState): boolean {
  if (source.rowCount !== copy.rowCount) return false;
  if (source.hash !== null || copy.hash !== null) return source.hash === copy.hash;
  return source.rows.length === source.rowCount && JSON.stringify(source.rows) === JSON.stringify(copy.rows);
}

function count({ rowCount }: TableState): string {
  return `${rowCount} ${rowCount === 1 ? 'row' : 'rows'}`;
}
