import { describe, expect, it } from 'vitest';
import { readControlFile } from '../../../src/lab/pg-control.ts';
import { controlBytes } from './control-bytes.ts';

const GOOD = { systemId: 7_577_777_777_777_777_777n, state: 6, checkpoint: 0x3027988n, timeline: 1 };

describe('pg_control', () => {
  it('tells the system, the state, the checkpoint and the timeline', () => {
    expect(readControlFile(controlBytes(GOOD))).toEqual({
      systemId: '7577777777777777777',
      state: 'in production',
      checkpoint: '0/3027988',
      timeline: 1,
    });
  });

  it.each([
    [0, 'starting up'],
    [1, 'shut down'],
    [2, 'shut down in recovery'],
    [3, 'shutting down'],
    [4, 'in crash recovery'],
    [5, 'in archive recovery'],
    [6, 'in production'],
    [7, 'unknown'],
    [-1, 'unknown'],
  ])('state %i is %s', (state, words) => {
    expect(readControlFile(controlBytes({ ...GOOD, state }))?.state).toBe(words);
  });

  it.each([
    [0xa_0000_0000n, 'A/0'],
    [0xffff_ffff_ffff_ffffn, 'FFFFFFFF/FFFFFFFF'],
    [0x1_0000_00ffn, '1/FF'],
  ])('writes a position as PostgreSQL does: %i is %s', (checkpoint, text) => {
    expect(readControlFile(controlBytes({ ...GOOD, checkpoint }))?.checkpoint).toBe(text);
  });

  it('keeps every digit of a system identifier beyond 2^63', () => {
    const systemId = 18_446_744_073_709_551_615n;
    expect(readControlFile(controlBytes({ ...GOOD, systemId }))?.systemId).toBe('18446744073709551615');
  });

  it('needs 52 bytes', () => {
    expect(readControlFile(controlBytes({ ...GOOD, length: 52 }))?.timeline).toBe(1);
    expect(readControlFile(controlBytes(GOOD).subarray(0, 51))).toBeNull();
    expect(readControlFile(Buffer.alloc(0))).toBeNull();
  });
});
