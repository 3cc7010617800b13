import type { NodeName } from '../../observe/types.ts';
import { node, only, text, texts } from '../args.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach } from '../needs.ts';
import { and, failed, passed } from '../verdict.ts';

type Right = 'login' | 'replication';
const RIGHTS: readonly Right[] = ['login', 'replication'];
const ACCEPTS = ['on', 'wants'] as const;

interface RoleArgs {
  role: string;
  on: NodeName;
  wants: Right[];
}

/** The role exists and may do what it must, and no more: a superuser could read and change everything. */
export const role: CheckKind<RoleArgs> = {
  kind: 'role',
  accepts: ACCEPTS,
  mistakes: [...REACH_TROUBLE, 'role-missing', 'role-cannot-replicate', 'role-is-superuser'],
  parse(raw) {
    only(raw, 'role', ACCEPTS);
    const wants = raw.wants === undefined ? [...RIGHTS] : texts(raw, 'wants').map(asRight);
    return { role: text(raw, 'role'), on: node(raw, 'on', 'leader'), wants };
  },
  title: ({ role, on, wants }) =>
    `${role} on the ${on} has ${and(wants.map((right) => right.toUpperCase()))}`,
  why: () =>
    'The follower logs in with this role to fetch WAL. It should be able to do that and little else.',
  reads: () => ({ parts: ['servers'] }),
  judge(observation, args) {
    const server = reach(observation, args.on);
    if (server.state !== 'up') return server;
    const question = {
      probe: `pg_roles on ${args.on}`,
      wanted: `role ${args.role} with ${and(args.wants.map((right) => right.toUpperCase()))}, no superuser`,
    };
    const found = server.probe.roles.find(({ name }) => name === args.role);
    if (!found) return failed(question, 'role-missing', `no role ${args.role}`, role.why(args));
    const lacking = args.wants.filter((right) => !found[right]).map((right) => `NO${right.toUpperCase()}`);
    if (lacking.length > 0) {
      const why = 'The role exists, but as it is the leader refuses it a replication connection.';
      return failed(question, 'role-cannot-replicate', `${args.role} has ${and(lacking)}`, why);
    }
    if (found.superuser) {
      const why =
        'Its password stands in a file on the follower. Who reads that must not become superuser on the leader.';
      return failed(question, 'role-is-superuser', `${args.role} is a superuser`, why);
    }
    return passed(question, `${args.role} has ${and(args.wants.map((right) => right.toUpperCase()))}`);
  },
};

function asRight(word: string): Right {
  const found = RIGHTS.find((right) => right === word);
  if (!found) throw new ArgumentError('wants', `"wants" can hold: ${RIGHTS.join(', ')}.`);
  return found;
}
