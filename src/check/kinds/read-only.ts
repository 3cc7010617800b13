import { NODES, type NodeName } from '../../observe/types.ts';
import { node, only } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach, upServer } from '../needs.ts';
import { STANDING_MISTAKES, standing } from '../standing.ts';
import { cannotAsk, failed, passed, quote } from '../verdict.ts';

interface ReadOnlyArgs {
  follower: NodeName;
}

/** SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006';

/** The follower is a standby, and refuses a write because of that and of nothing else. */
export const readOnly: CheckKind<ReadOnlyArgs> = {
  kind: 'read-only',
  follows: true,
  accepts: [],
  mistakes: [...REACH_TROUBLE, ...STANDING_MISTAKES],
  parse(raw) {
    only(raw, 'read-only', []);
    return { follower: node(raw, 'read-only') };
  },
  title: ({ follower }) => `${follower} refuses writes`,
  why: () => 'Only the leader takes writes. If the follower took them too, the two copies would drift apart.',
  reads: () => ({ parts: ['servers'], experiments: ['write-on-follower'] }),
  judge(observation, args) {
    const { follower } = args;
    const server = reach(observation, follower);
    if (server.state !== 'up') return server;
    const leader = NODES.find((name) => name !== follower) ?? 'leader';
    // A standby stays read-only also while its leader is away; then only its own state is judged.
    const found = standing({ follower, leader }, server, upServer(observation, leader));
    if (found) return { state: 'failed', ...found };
    const tried = observation.experiments['write-on-follower'];
    const question = { probe: `CREATE TABLE on ${follower}`, wanted: `refused with SQLSTATE ${READ_ONLY}` };
    if (!tried || tried.state === 'not-tried') {
      return cannotAsk(
        question,
        null,
        `not tried: ${quote(tried?.reason ?? 'nobody asked for it')}`,
        readOnly.why(args),
      );
    }
    if (tried.state === 'accepted') {
      const why = 'It took a write, so it acts as a second primary. The two copies drift apart from now on.';
      return failed(question, 'follower-is-primary', 'the write was accepted', why);
    }
    if (tried.code !== READ_ONLY) {
      const why = 'It was refused for another reason, which does not prove that the follower is read-only.';
      return failed(question, null, `refused with ${tried.code}: ${quote(tried.message)}`, why);
    }
    return passed(question, `refused with ${tried.code}: ${quote(tried.message)}`);
  },
};
