import type { NodeName } from '../../observe/types.ts';
import { choice, node, only, text } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach } from '../needs.ts';
import { isTrouble, SLOT_MISTAKES, usableSlot } from '../source.ts';
import { failed, passed } from '../verdict.ts';

const ACCEPTS = ['on', 'wants'] as const;

interface SlotArgs {
  slot: string;
  on: NodeName;
  /** `reserved`: something has streamed through it, so that it keeps WAL. A new slot keeps none. */
  wants: 'exists' | 'reserved';
}

export const slot: CheckKind<SlotArgs> = {
  kind: 'slot',
  accepts: ACCEPTS,
  mistakes: [...REACH_TROUBLE, ...SLOT_MISTAKES, 'slot-unused'],
  parse(raw) {
    only(raw, 'slot', ACCEPTS);
    const wants = choice(raw, 'wants', ['exists', 'reserved'], 'exists');
    return { slot: text(raw, 'slot'), on: node(raw, 'on', 'leader'), wants };
  },
  title: ({ slot, on, wants }) =>
    wants === 'exists' ? `${slot} exists on the ${on}` : `${slot} keeps WAL on the ${on}`,
  why: () => 'Without a slot, a follower that falls behind may have to start over with a new base backup.',
  reads: () => ({ parts: ['servers'] }),
  judge(observation, args) {
    const server = reach(observation, args.on);
    if (server.state !== 'up') return server;
    const found = usableSlot(args.slot, args.on, server);
    if (isTrouble(found)) return { state: 'failed', ...found };
    const question = {
      probe: `pg_replication_slots on ${args.on}`,
      wanted: `physical slot ${args.slot}${args.wants === 'reserved' ? ' with a restart_lsn' : ''}`,
    };
    if (args.wants === 'reserved' && found.restartLsn === null) {
      const why = 'A slot keeps WAL only from the moment when something first streams through it.';
      return failed(question, 'slot-unused', `${args.slot} has no restart_lsn`, why);
    }
    const held = found.restartLsn ? `keeps WAL from ${found.restartLsn}` : 'keeps no WAL yet';
    return passed(question, `${args.slot} is physical and ${held}`);
  },
};
