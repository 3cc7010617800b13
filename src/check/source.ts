import type { NodeName, Observation, Sender, Slot } from '../observe/types.ts';
import { parseConninfo } from './conninfo.ts';
import type { MistakeId } from './mistakes.ts';
import type { UpServer } from './needs.ts';
import { type Question, quote, type Trouble, trouble } from './verdict.ts';

/** A follower and its leader. `slot` and `user` are judged only where they are given. */
export interface Pair {
  follower: NodeName;
  leader: NodeName;
  slot?: string | undefined;
  user?: string | undefined;
}

export const CONNINFO_MISTAKES: readonly MistakeId[] = ['backup-without-conninfo', 'conninfo-wrong'];
export const SLOT_MISTAKES: readonly MistakeId[] = ['slot-missing', 'slot-lost', 'slot-wrong-type'];

/** Does `primary_conninfo` lead to the leader, as the wanted user? Null when it does. */
export function conninfoTrouble(observation: Observation, conninfo: string, pair: Pair): Trouble | null {
  const question = {
    probe: `primary_conninfo on ${pair.follower}`,
    wanted: `host=${pair.leader}${pair.user ? ` user=${pair.user}` : ''}`,
  };
  if (conninfo.trim() === '') {
    const why = 'The follower does not know its leader. `pg_basebackup -R` writes this line for it.';
    return trouble(question, 'backup-without-conninfo', 'it is not set', why);
  }
  const { host = '', user = '' } = parseConninfo(conninfo);
  const names = namesOf(observation, pair.leader);
  const right = host.split(',').some((one) => names.includes(one)) && (!pair.user || user === pair.user);
  if (right) return null;
  return wrongSource(question, quote(`host=${host || '(none)'} user=${user || '(none)'}`));
}

function wrongSource(question: Question, saw: string): Trouble {
  const why =
    'The follower must ask this leader, and log in as the user that may replicate and do little else.';
  return trouble(question, 'conninfo-wrong', saw, why);
}

/** The follower streams from this leader, but as another user. */
export function userTrouble(sender: Sender, pair: Pair): Trouble | null {
  if (!pair.user || sender.user === pair.user) return null;
  const question = {
    probe: `pg_stat_replication on ${pair.leader}`,
    wanted: `a WAL sender of user ${pair.user}`,
  };
  return wrongSource(question, `the follower streams as user ${quote(sender.user)}`);
}

/** Every name under which the node can be reached from another container. */
function namesOf(observation: Observation, node: NodeName): string[] {
  const { container } = observation.nodes[node];
  return 'addresses' in container ? [node, container.name, ...container.addresses.map(bare)] : [node];
}

/** The slot as the leader has it, or why it can't be used. */
export function usableSlot(name: string, leader: NodeName, server: UpServer): Slot | Trouble {
  const { slots } = server.probe;
  const slot = slots.find((one) => one.name === name);
  const question = { probe: `pg_replication_slots on ${leader}`, wanted: `one physical slot named ${name}` };
  if (!slot) {
    const others = slots.map((one) => one.name).join(', ');
    const why = 'Without a slot the leader may throw away WAL that the follower has not read yet.';
    return trouble(
      question,
      'slot-missing',
      others ? `no ${name}, only ${others}` : 'no replication slot',
      why,
    );
  }
  if (slot.type !== 'physical' || slot.temporary) {
    const why = 'Only a physical slot that stays can keep WAL for a follower that is away.';
    return trouble(
      question,
      'slot-wrong-type',
      `${name} is ${slot.temporary ? 'temporary' : slot.type}`,
      why,
    );
  }
  if (slot.walStatus === 'lost') {
    const why =
      'The leader had to remove WAL that this slot should keep. Drop it, make it anew, take a new base backup.';
    return trouble(question, 'slot-lost', `${name} has wal_status lost`, why);
  }
  return slot;
}

export function isTrouble(found: Slot | Trouble): found is Trouble {
  return 'probe' in found;
}

/**
 * The leader's WAL sender that serves this follower. Backups stream too, but they follow nothing. The address
 * decides where both sides have one of the same family; the loopback address of a sandbox tells nothing.
 */
export function senderOf(observation: Observation, follower: NodeName, leader: UpServer): Sender | undefined {
  const { container } = observation.nodes[follower];
  const addresses = 'addresses' in container ? container.addresses.map(bare).filter((one) => one !== '') : [];
  const senders = leader.probe.senders.filter(
    ({ application }) => !/^pg_(basebackup|receivewal)$/.test(application),
  );
  const exact = senders.find(({ address }) => address !== null && addresses.includes(bare(address)));
  return exact ?? senders.find(({ address }) => !comparable(address, addresses));
}

function comparable(address: string | null, addresses: string[]): boolean {
  const family = (one: string) => one.includes(':');
  return address !== null && addresses.some((one) => family(one) === family(bare(address)));
}

/** `172.18.0.3/32` and `::ffff:172.18.0.3` are the same address. */
function bare(address: string): string {
  return address.replace(/\/\d+$/, '').replace(/^::ffff:/i, '');
}
