import type { NodeName } from '../../observe/types.ts';
import { node, only, text } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach } from '../needs.ts';
import { explainRefusal, hbaTrouble, REFUSAL_MISTAKES } from '../refusal.ts';
import { cannotAsk, failed, passed, quote } from '../verdict.ts';

const ACCEPTS = ['on'] as const;

interface LoginArgs {
  user: string;
  on: NodeName;
}

/**
 * Role, password, pg_hba.conf as it is loaded, and the network, proved in one go. `docker exec … psql` proves none
 * of them: inside the leader's container every connection is trusted.
 */
export const replicationLogin: CheckKind<LoginArgs> = {
  kind: 'replication-login',
  accepts: ACCEPTS,
  mistakes: [...new Set([...REACH_TROUBLE, ...REFUSAL_MISTAKES])],
  parse(raw) {
    only(raw, 'replication-login', ACCEPTS);
    return { user: text(raw, 'replication-login'), on: node(raw, 'on', 'leader') };
  },
  title: ({ user, on }) => `${user} can log in to the ${on} over the network for replication`,
  why: () => 'Without this connection there is no base backup and no streaming.',
  reads: () => ({ parts: ['servers'], experiments: ['replication-login'] }),
  judge(observation, args) {
    const server = reach(observation, args.on);
    if (server.state !== 'up') return server;
    const tried = observation.experiments['replication-login'];
    const from = tried && 'from' in tried ? ` from ${tried.from}` : '';
    const question = {
      probe: `a replication connection to ${args.on}${from}`,
      wanted: `${args.user} is let in, and pg_hba.conf has no error`,
    };
    if (!tried || tried.state === 'not-tried') {
      const reason = quote(tried?.reason ?? 'nobody asked for it');
      return cannotAsk(question, null, `not tried: ${reason}`, replicationLogin.why(args));
    }
    const broken = hbaTrouble(server);
    if (broken) {
      const place = { ...question, probe: `pg_hba_file_rules on ${args.on}` };
      return failed(place, broken.mistake, broken.saw, broken.why);
    }
    if (tried.state === 'refused') {
      const { mistake, saw, why } = explainRefusal(tried.message, args.user, server);
      return failed(question, mistake, saw, why);
    }
    if (tried.systemId !== server.probe.systemId) {
      const saw = `another server answered, with system identifier ${tried.systemId}`;
      const why = `The name ${args.on} leads to another PostgreSQL on that network.`;
      return failed(question, 'leader-unreachable', saw, why);
    }
    return passed(question, `${args.user} is let in, timeline ${tried.timeline}`);
  },
};
