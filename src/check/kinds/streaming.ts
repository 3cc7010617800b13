import type { NodeName } from '../../observe/types.ts';
import { node, only, optionalText } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach } from '../needs.ts';
import { nonceMissing, RELATION_MISTAKES, relation } from '../relation.ts';
import { senderOf } from '../source.ts';
import { passed } from '../verdict.ts';

const ACCEPTS = ['of', 'slot', 'user'] as const;

interface StreamingArgs {
  follower: NodeName;
  of: NodeName;
  slot?: string | undefined;
  user?: string | undefined;
}

/** The follower streams from this leader, through its slot, and replays what it receives. */
export const streaming: CheckKind<StreamingArgs> = {
  kind: 'streaming',
  accepts: ACCEPTS,
  mistakes: [...new Set([...REACH_TROUBLE, ...RELATION_MISTAKES])],
  parse(raw) {
    only(raw, 'streaming', ACCEPTS);
    return {
      follower: node(raw, 'streaming'),
      of: node(raw, 'of', 'leader'),
      slot: optionalText(raw, 'slot'),
      user: optionalText(raw, 'user'),
    };
  },
  title: ({ follower, of, slot }) => `${follower} streams from ${of}${slot ? ` through ${slot}` : ''}`,
  why: () => 'A follower is worth having only while it receives every change of the leader, and applies it.',
  // "streaming" alone is no proof, so a record is written on the leader and looked for on the follower.
  reads: () => ({ parts: ['servers'], experiments: ['nonce'] }),
  judge(observation, args) {
    const leader = reach(observation, args.of);
    if (leader.state !== 'up') return leader;
    const follower = reach(observation, args.follower);
    if (follower.state !== 'up') return follower;
    const found = relation(observation, { ...args, leader: args.of }, follower, leader);
    if (found) return { state: 'failed', ...found };
    const untried = nonceMissing(observation);
    if (untried) return untried;
    const lag = senderOf(observation, args.follower, leader)?.lagBytes ?? 0;
    const question = {
      probe: `pg_stat_replication on ${args.of} and a test record`,
      wanted: streaming.title(args),
    };
    return passed(
      question,
      `${args.follower} streams from ${args.of}, ${lag} bytes behind, and replays what it gets`,
    );
  },
};
