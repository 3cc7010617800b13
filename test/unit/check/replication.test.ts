import { describe, expect, it } from 'vitest';
import { replicationOf } from '../../../src/check/replication.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { changed, pairStreams, probeOf } from '../../helpers/observations.ts';

const tell = (seen: Observation) => replicationOf(seen, 'follower_slot');
const without = (seen: Observation, change: (copy: Observation) => void) => tell(changed(seen, change));

describe('positions of a follower', () => {
  it('are what it received, flushed and replayed', () => {
    expect(tell(pairStreams(0x200)).positions).toEqual({
      received: '0/3027988',
      flushed: '0/3027888',
      replayed: '0/3027788',
    });
  });

  it('count what was replayed as received, where the receiver has just begun to count', () => {
    const { positions } = without(pairStreams(0), (copy) => {
      const follower = probeOf(copy, 'follower');
      Object.assign(follower.receiver ?? {}, { writtenLsn: '0/0', flushedLsn: '0/3000000' });
      follower.receivedLsn = '0/3000000';
    });
    expect(positions).toEqual({ received: '0/3027988', flushed: '0/3027988', replayed: '0/3027988' });
  });

  it('stay known while it receives nothing', () => {
    const { positions } = without(pairStreams(0x200), (copy) => {
      Object.assign(probeOf(copy, 'follower'), { receiver: null, receivedLsn: '0/3027988' });
    });
    expect(positions).toEqual({ received: '0/3027988', flushed: '0/3027988', replayed: '0/3027788' });
  });

  it('are none of a primary', () => {
    const alone = without(pairStreams(0), (copy) => {
      Object.assign(probeOf(copy, 'follower'), { inRecovery: false, receiver: null });
    });
    expect(alone.positions).toBeNull();
  });
});

describe('the lag', () => {
  const cut = (copy: Observation) => {
    probeOf(copy, 'leader').senders = [];
    probeOf(copy, 'follower').receiver = null;
  };

  it('is what the leader says while WAL flows', () => {
    expect(tell(pairStreams(56))).toMatchObject({ lagBytes: 56, streams: true, diverged: false });
  });

  it('is the distance of both positions while none flows', () => {
    expect(without(pairStreams(4096), cut)).toMatchObject({ lagBytes: 4096, streams: false });
    expect(without(pairStreams(-4096), cut)).toMatchObject({ lagBytes: -4096, diverged: true });
  });

  it('is not told of another cluster', () => {
    const other = without(pairStreams(4096), (copy) => {
      cut(copy);
      probeOf(copy, 'follower').systemId = '2';
    });
    expect(other.lagBytes).toBeNull();
  });

  it('is not guessed while only the follower says that it receives', () => {
    const early = without(pairStreams(0), (copy) => {
      probeOf(copy, 'leader').senders = [];
      probeOf(copy, 'leader').lsn = '0/3027000';
    });
    expect(early).toMatchObject({ lagBytes: null, diverged: false, streams: false });
  });

  it('is not that of a base backup, which streams too', () => {
    const backup = without(pairStreams(0), (copy) => {
      for (const sender of probeOf(copy, 'leader').senders) sender.application = 'pg_basebackup';
      copy.nodes.follower.server = { state: 'down', reason: '', logs: [] };
    });
    expect(backup).toMatchObject({ lagBytes: null, streams: false, sender: null });
  });
});

it('a follower that fetches old WAL streams', () => {
  const catching = without(pairStreams(4096), (copy) => {
    for (const sender of probeOf(copy, 'leader').senders) sender.state = 'catchup';
  });
  expect(catching.streams).toBe(true);
});

it('the slot is the one of the course, else any', () => {
  expect(replicationOf(pairStreams(0), 'other').slot?.name).toBe('follower_slot');
  expect(replicationOf(pairStreams(0), undefined).slot?.name).toBe('follower_slot');
});
