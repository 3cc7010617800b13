import type { MistakeId } from './mistakes.ts';
import type { UpServer } from './needs.ts';
import { quote } from './verdict.ts';

/** Why a replication connection was refused. `mistake` is null when the message is none that we know. */
export interface Refusal {
  mistake: MistakeId | null;
  saw: string;
  why: string;
}

export const REFUSAL_MISTAKES: readonly MistakeId[] = [
  'hba-broken',
  'hba-not-reloaded',
  'hba-missing',
  'role-missing',
  'wrong-password',
  'role-cannot-replicate',
  'leader-unreachable',
];

const NO_ENTRY = /no pg_hba\.conf entry|pg_hba\.conf rejects/;
const PASSWORD = /password authentication failed|no password supplied|empty password/;
const RIGHTS =
  /must be superuser or replication role|permission denied to start WAL sender|not permitted to log in/i;
const NO_ROLE = /role "[^"]*" does not exist/;
const UNREACHABLE =
  /could not translate host name|could not connect|connection refused|timeout expired|no route to host|network is unreachable|server closed the connection|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT/i;

/**
 * Explains the message with which the leader refused `user` (PostgreSQL 14 to 18, libpq or pg). What the leader
 * knows of its rules and roles decides where the message alone can't.
 */
export function explainRefusal(message: string, user: string, leader: UpServer): Refusal {
  const saw = quote(message);
  if (NO_ENTRY.test(message)) return noEntry(saw, user, leader);
  const role = leader.probe.roles.find((one) => one.name === user);
  if (NO_ROLE.test(message) || (PASSWORD.test(message) && !role)) {
    // With md5 and scram PostgreSQL answers the same for a role that does not exist, so as not to tell strangers.
    return {
      mistake: 'role-missing',
      saw: `${saw} (pg_roles has no ${user})`,
      why: `The role ${user} must exist first.`,
    };
  }
  if (PASSWORD.test(message)) return badPassword(saw, user, role?.password, leader);
  if (RIGHTS.test(message)) {
    const why = `The role ${user} exists, but it needs both LOGIN and REPLICATION.`;
    return { mistake: 'role-cannot-replicate', saw, why };
  }
  if (UNREACHABLE.test(message)) {
    const why =
      'The leader can not be reached by its name over the network. Both must be in the same Docker network.';
    return { mistake: 'leader-unreachable', saw, why };
  }
  return { mistake: null, saw, why: 'Without this connection there is no base backup and no streaming.' };
}

/** True for messages that `explainRefusal` can name. */
export function isRefusal(message: string): boolean {
  return [NO_ENTRY, PASSWORD, RIGHTS, NO_ROLE, UNREACHABLE].some((pattern) => pattern.test(message));
}

/** What is wrong in the leader's pg_hba.conf as a file, or null. */
export function hbaTrouble(leader: UpServer): Refusal | null {
  const { hba } = leader;
  const why = 'The server keeps its old rules for now, and it will not start again with this file.';
  if (hba.state === 'unreadable') return { mistake: 'hba-broken', saw: quote(hba.message), why };
  const errors = hba.errors.map(({ line, error }) => `line ${line}: ${quote(error)}`);
  return errors.length > 0 ? { mistake: 'hba-broken', saw: errors.join('; '), why } : null;
}

function noEntry(saw: string, user: string, leader: UpServer): Refusal {
  const broken = hbaTrouble(leader);
  if (broken) return broken;
  const rules = leader.hba.state === 'read' ? leader.hba.rules : [];
  // The image's own rules are for the container itself: nobody comes from there over the network.
  const mine = rules.filter(
    ({ type, database, user: users, address }) =>
      type.startsWith('host') &&
      database.includes('replication') &&
      (users.includes(user) || users.includes('all')) &&
      !/^(127\.|::1|localhost)/.test(address ?? ''),
  );
  const open = mine.find(({ method }) => method !== 'reject');
  // A rule for other addresses that is loaded does not help, however often it is reloaded.
  const anywhere = !open?.address || /^(all|0\.0\.0\.0(\/0)?|samenet|samehost)$/.test(open.address);
  if (open && mine[0] === open && (anywhere || leader.probe.hbaChangedSinceLoad !== false)) {
    const why =
      'The rule is in the file, but the server still works with the rules it loaded before. It must reload.';
    return {
      mistake: 'hba-not-reloaded',
      saw: `${saw} (yet line ${open.line} of pg_hba.conf has a rule)`,
      why,
    };
  }
  const why = `A rule for the word "replication", for ${user} and for any address is missing. A rule for "all" does not count here.`;
  return { mistake: 'hba-missing', saw, why };
}

function badPassword(saw: string, user: string, verifier: string | undefined, leader: UpServer): Refusal {
  const rules = leader.hba.state === 'read' ? leader.hba.rules : [];
  const scram = rules.some(({ method, user: users }) => method === 'scram-sha-256' && users.includes(user));
  if (verifier === 'md5' && scram) {
    const why = 'The rule asks for SCRAM, but the stored password is an MD5 one. Set the password again.';
    return { mistake: 'wrong-password', saw, why };
  }
  const stored = verifier === 'none' ? ` (${user} has no password)` : '';
  return {
    mistake: 'wrong-password',
    saw: saw + stored,
    why: `${user} has another password than the lesson gives it.`,
  };
}
