import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tarOf, zipOf } from './archives.ts';
import { take } from './copies.ts';

const FILES = [
  { name: 'docker-compose.yml', content: 'services: {}\n' },
  { name: 'leader/postgresql.conf', content: 'wal_level = replica\n'.repeat(20) },
  { name: 'leader/setup-leader.sh', content: '#!/bin/bash\n' },
];

/** The same numbers in each run (mulberry32), so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The archive with a few bytes changed, and at times cut short. */
function damaged(archive: Buffer, seed: number): Buffer {
  const random = numbers(seed);
  const copy = Buffer.from(archive);
  for (let changes = 1 + random(6); changes > 0; changes--) {
    const extremes = [0, 0xff, 0x7f, 0x80, random(256)];
    copy[random(copy.length)] = extremes[random(extremes.length)] ?? 0;
  }
  return random(5) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}

const RUNS = Number(process.env.DAMAGED_ARCHIVES ?? 60);

// Anything but a copy or an IntakeError ends the test: `take` throws it on.
it.each(['zip', 'tar', 'tar.gz'])(
  'a damaged %s is taken in part or refused, and writes nowhere else',
  async (form) => {
    const tar = await tarOf(FILES);
    const whole = form === 'zip' ? zipOf(FILES) : form === 'tar' ? tar : gzipSync(tar);
    for (let seed = 0; seed < RUNS; seed++) {
      const { untouched, refused, copy } = await take(form === 'zip' ? 'zip' : 'tar', damaged(whole, seed));
      expect({ seed, untouched }).toEqual({ seed, untouched: true });
      if (refused !== null) expect({ seed, copy }).toEqual({ seed, copy: {} });
    }
  },
  60_000,
);
