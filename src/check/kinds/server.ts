import { NODES, type NodeName } from '../../observe/types.ts';
import { choice, node, only, optionalText } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { needEngine, SERVER_TROUBLE, serverTrouble, upServer } from '../needs.ts';
import { STANDING_MISTAKES, standing } from '../standing.ts';
import { failed, passed, quote } from '../verdict.ts';

const ACCEPTS = ['role', 'database'] as const;

interface ServerArgs {
  server: NodeName;
  role: 'primary' | 'standby';
  database?: string | undefined;
}

/** Our own container runs, PostgreSQL in it answers over TCP, and it has the right part to play. */
export const server: CheckKind<ServerArgs> = {
  kind: 'server',
  accepts: ACCEPTS,
  mistakes: ['no-engine', ...SERVER_TROUBLE, ...STANDING_MISTAKES, 'database-missing'],
  parse(raw) {
    only(raw, 'server', ACCEPTS);
    const name = node(raw, 'server');
    const role = choice(raw, 'role', ['primary', 'standby'], name === 'leader' ? 'primary' : 'standby');
    return { server: name, role, database: optionalText(raw, 'database') };
  },
  title: ({ server, role, database }) =>
    `${server} answers as a ${role}${database ? `, with database ${database}` : ''}`,
  why: () =>
    'A container that runs is not yet a server that answers, and a server that answers may play the wrong part.',
  reads: () => ({ parts: ['servers'] }),
  judge(observation, args) {
    const down = needEngine(observation);
    if (down) return down;
    const found = serverTrouble(observation, args.server);
    if (found) return { state: 'failed', ...found };
    const own = upServer(observation, args.server);
    if (!own) throw new Error('a server that is not up must have a trouble');
    const other = NODES.find((name) => name !== args.server) ?? 'leader';
    const question = {
      probe: `pg_is_in_recovery() on ${args.server}`,
      wanted: `${args.server} is a ${args.role}`,
    };
    if (args.role === 'standby') {
      const pair = { follower: args.server, leader: other };
      const wrong = standing(pair, own, upServer(observation, other));
      if (wrong) return { state: 'failed', ...wrong };
    } else if (own.probe.inRecovery) {
      const why =
        'A standby refuses writes, so nothing can be set up on it. There is a standby.signal in its data folder.';
      return failed(
        question,
        args.server === 'leader' ? 'leader-is-standby' : null,
        'true: it is a standby',
        why,
      );
    }
    if (args.database && !own.probe.databases.includes(args.database)) {
      const place = { probe: `pg_database on ${args.server}`, wanted: `database ${args.database}` };
      const why =
        'POSTGRES_DB counts only when the data folder is empty. An old folder keeps its old databases and passwords.';
      return failed(place, 'database-missing', `only ${quote(own.probe.databases.join(', '))}`, why);
    }
    const version = `${Math.floor(own.probe.version / 10000)}.${own.probe.version % 10000}`;
    return passed(question, `PostgreSQL ${version} answers, a ${args.role}`);
  },
};
