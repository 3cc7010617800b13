import { describe, expect, test } from 'vitest';
import { remember, type Sample } from '../../src/learn/history.ts';
import type { ContainerState, NodeName, Observation } from '../../src/observe/types.ts';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { contentWidth } from '../../src/terminal/size.ts';
import { cells } from '../../src/terminal/wrap.ts';
import { textOf } from '../../src/ui/line.ts';
import { clusterLines } from '../../src/ui/parts/cluster.ts';
import { fakeDriver } from '../helpers/fake-driver.ts';
import { UNICODE_ENV } from '../helpers/frames.ts';
import { changed, EMPTY_LAB, LEADER_UP, later, pairStreams, probeOf } from '../helpers/observations.ts';

/** The panel after these observations, one a second. */
function panel(
  seen: readonly Observation[],
  columns: number,
  { rows = 24, env = UNICODE_ENV }: { rows?: number; env?: NodeJS.ProcessEnv } = {},
): string {
  const observation = seen.at(-1) ?? null;
  const history = seen.reduce<readonly Sample[]>(
    (past, one, second) => remember(past, later(one, second), 'follower_slot'),
    [],
  );
  const state = { ...fakeDriver().getState(), observation, history };
  return textOf(clusterLines(state, { rows, columns }, glyphsFor(env, 'linux')));
}

/** The node's server can't be asked, and its container is as given. */
const down = (
  seen: Observation,
  name: NodeName,
  container: Partial<Extract<ContainerState, { id: string }>>,
  reason = '',
) =>
  changed(seen, (copy) => {
    Object.assign(copy.nodes[name].container, container);
    copy.nodes[name].server = { state: 'down', reason, logs: [] };
  });

/** Nothing comes from the leader, whose slot is there for nobody. */
const unused = (seen: Observation) =>
  changed(seen, (copy) => {
    const leader = probeOf(copy, 'leader');
    leader.senders = [];
    for (const slot of leader.slots) slot.active = false;
  });

const MOVING = [0, 0, 1000, 8000, 20000, 15000, 9000, 2048].map((lag, at) =>
  pairStreams(lag, 0x3027988 + at * 4096),
);

const STATES: Record<string, Observation[]> = {
  'no containers yet': [EMPTY_LAB],
  'the leader only': [LEADER_UP],
  'streaming, at rest': [pairStreams(0), pairStreams(0)],
  'streaming, with a lag that moves': MOVING,
  'replay is paused': [
    changed(pairStreams(65536), (copy) => {
      probeOf(copy, 'follower').replayPause = 'paused';
    }),
  ],
  diverged: [pairStreams(-4096)],
  'the leader restarts in a loop': [down(pairStreams(0), 'leader', { state: 'restarting' })],
  'the follower is stopped': [unused(down(pairStreams(0), 'follower', { state: 'exited' }))],
  'the follower waits': [
    changed(unused(pairStreams(4096)), (copy) => {
      probeOf(copy, 'follower').receiver = null;
    }),
  ],
  'two primaries': [
    changed(unused(pairStreams(0)), (copy) => {
      Object.assign(probeOf(copy, 'follower'), { inRecovery: false, receiver: null, lsn: '0/17A2B30' });
    }),
  ],
  "a container that is somebody else's": [
    changed(LEADER_UP, ({ nodes }) => {
      const owner = 'the compose project "shop" in /home/you/projects/shop';
      nodes.leader = {
        container: { state: 'foreign', name: 'leader', owner },
        server: { state: 'down', reason: '', logs: [] },
      };
    }),
  ],
};

test('60 columns: two rows', () => {
  for (const seen of Object.values(STATES)) expect(panel(seen, 60).split('\n')).toHaveLength(2);
  const text = Object.entries(STATES).map(([name, seen]) => `${name}\n${panel(seen, 60)}`);
  expect(text.join('\n')).toMatchInlineSnapshot(`
      "no containers yet
         leader ○ not started ╌╌╌ follower ○ not started
         slot ○ not known
      the leader only
         leader ● primary 0/3027988 ╌╌╌ follower ○ not started
         slot ○ inactive, holds nothing
      streaming, at rest
         leader ● primary 0/3027988 ━━▶ follower ● standby
         slot ● active, holds 1.5 kB  lag ● 0 B
      streaming, with a lag that moves
         leader ● primary 0/302E988 ━▶━ follower ● standby
         slot ● active, holds 1.5 kB  lag ○ 2.0 kB, 3.1 s  ▄█▇▅▂
      replay is paused
         leader ● primary 0/3027988 ━━▶ follower ○ replay paused
         slot ● active, holds 1.5 kB  lag ○ 64 kB, 3.1 s  █
      diverged
         leader ● primary 0/3027988 ━━▶ follower ! diverged
         slot ● active, holds 1.5 kB  lag ! diverged by 4.0 kB
      the leader restarts in a loop
         leader ! keeps restarting ╌╌╌ follower ○ not streaming
         slot ○ not known  received 0/3027988  flushed 0/3027988
      the follower is stopped
         leader ● primary 0/3027988 ╌╌╌ follower ○ exited (0)
         slot ○ inactive, holds 1.5 kB
      the follower waits
         leader ● primary 0/3027988 ╌╌╌ follower ○ not streaming
         slot ○ inactive, holds 1.5 kB  lag ○ 4.0 kB  █
      two primaries
         leader ● primary 0/3027988 ╌╌╌ follower ! primary
         slot ○ inactive, holds 1.5 kB
      a container that is somebody else's
         leader ! not ours ╌╌╌ follower ○ not started
         slot ○ not known"
    `);
});

test('88 columns: a picture', () => {
  const text = Object.entries(STATES).map(([name, seen]) => `${name}\n${panel(seen, 88)}`);
  expect(text.join('\n')).toMatchInlineSnapshot(`
    "no containers yet
       leader        ○ not started                 ╌╌╌╌╌╌╌╌╌  follower ○ not started
       follower_slot ○ not known
    the leader only
       leader :5433  ● primary  0/3027988          ╌╌╌╌╌╌╌╌╌  follower ○ not started
       follower_slot ○ inactive, holds nothing
    streaming, at rest
       leader :5433  ● primary  0/3027988  ━━━━━━━▶  follower :5434 ● standby, streaming
       follower_slot ● active, holds 1.5 kB          received 0/3027988  flushed 0/3027988
       lag           ● 0 B                           replayed 0/3027988
    streaming, with a lag that moves
       leader :5433  ● primary  0/302E988  ━▶━━▶━━▶  follower :5434 ● standby, streaming
       follower_slot ● active, holds 1.5 kB          received 0/302E988  flushed 0/302E588
       lag           ○ 2.0 kB, 3.1 s  ▁▁▂▄█▇▅▂       replayed 0/302E188
    replay is paused
       leader :5433  ● primary  0/3027988  ━━━━━▶  follower :5434 ○ standby, replay paused
       follower_slot ● active, holds 1.5 kB        received 0/3027988  flushed 0/301F988
       lag           ○ 64 kB, 3.1 s  █             replayed 0/3017988
    diverged
       leader :5433  ● primary  0/3027988  ━━━━━━━▶  follower :5434 ! standby, diverged
       follower_slot ● active, holds 1.5 kB          received 0/3028988  flushed 0/3028988
       lag           ! diverged by 4.0 kB            replayed 0/3028988
    the leader restarts in a loop
       leader :5433  ! keeps restarting  ╌╌╌╌╌╌╌╌  follower :5434 ○ standby, not streaming
       follower_slot ○ not known                   received 0/3027988  flushed 0/3027988
                                                   replayed 0/3027988
    the follower is stopped
       leader :5433  ● primary  0/3027988  ╌╌╌╌╌╌╌╌  follower :5434 ○ stopped, exit code 0
       follower_slot ○ inactive, holds 1.5 kB
    the follower waits
       leader :5433  ● primary  0/3027988  ╌╌╌╌╌╌  follower :5434 ○ standby, not streaming
       follower_slot ○ inactive, holds 1.5 kB      received 0/3027188  flushed 0/3027188
       lag           ○ 4.0 kB  █                   replayed 0/3026988
    two primaries
       leader :5433  ● primary  0/3027988  ╌╌╌  follower :5434 ! primary, alone  0/17A2B30
       follower_slot ○ inactive, holds 1.5 kB
    a container that is somebody else's
       leader        ! not ours (the compose project "shop" …  ╌╌╌  follower ○ not started
       follower_slot ○ not known"
  `);
});

test('100 columns: a picture with more air', () => {
  const text = Object.entries(STATES).map(([name, seen]) => `${name}\n${panel(seen, 100)}`);
  expect(text.join('\n')).toMatchInlineSnapshot(`
    "no containers yet
       leader        ○ not started                 ╌╌╌╌╌╌╌╌╌  follower ○ not started
       follower_slot ○ not known
    the leader only
       leader :5433  ● primary  0/3027988          ╌╌╌╌╌╌╌╌╌  follower ○ not started
       follower_slot ○ inactive, holds nothing
    streaming, at rest
       leader :5433  ● primary  0/3027988          ━━━━━━━━▶  follower :5434 ● standby, streaming
       follower_slot ● active, holds 1.5 kB                   received 0/3027988  flushed 0/3027988
       lag           ● 0 B                                    replayed 0/3027988
    streaming, with a lag that moves
       leader :5433  ● primary  0/302E988          ━▶━━▶━━▶━  follower :5434 ● standby, streaming
       follower_slot ● active, holds 1.5 kB                   received 0/302E988  flushed 0/302E588
       lag           ○ 2.0 kB, 3.1 s  ▁▁▂▄█▇▅▂                replayed 0/302E188
    replay is paused
       leader :5433  ● primary  0/3027988          ━━━━━━━━▶  follower :5434 ○ standby, replay paused
       follower_slot ● active, holds 1.5 kB                   received 0/3027988  flushed 0/301F988
       lag           ○ 64 kB, 3.1 s  █                        replayed 0/3017988
    diverged
       leader :5433  ● primary  0/3027988          ━━━━━━━━▶  follower :5434 ! standby, diverged
       follower_slot ● active, holds 1.5 kB                   received 0/3028988  flushed 0/3028988
       lag           ! diverged by 4.0 kB                     replayed 0/3028988
    the leader restarts in a loop
       leader :5433  ! keeps restarting            ╌╌╌╌╌╌╌╌╌  follower :5434 ○ standby, not streaming
       follower_slot ○ not known                              received 0/3027988  flushed 0/3027988
                                                              replayed 0/3027988
    the follower is stopped
       leader :5433  ● primary  0/3027988          ╌╌╌╌╌╌╌╌╌  follower :5434 ○ stopped, exit code 0
       follower_slot ○ inactive, holds 1.5 kB
    the follower waits
       leader :5433  ● primary  0/3027988          ╌╌╌╌╌╌╌╌╌  follower :5434 ○ standby, not streaming
       follower_slot ○ inactive, holds 1.5 kB                 received 0/3027188  flushed 0/3027188
       lag           ○ 4.0 kB  █                              replayed 0/3026988
    two primaries
       leader :5433  ● primary  0/3027988        ╌╌╌╌╌╌╌╌╌  follower :5434 ! primary, alone  0/17A2B30
       follower_slot ○ inactive, holds 1.5 kB
    a container that is somebody else's
       leader        ! not ours (the compose project "shop" in /home/you…  ╌╌╌  follower ○ not started
       follower_slot ○ not known"
  `);
});

test.each([60, 61, 70, 80, 88, 100, 140])('no row is wider than a window of %i columns allows', (columns) => {
  for (const rows of [15, 24])
    for (const seen of Object.values(STATES))
      for (const row of panel(seen, columns, { rows }).split('\n'))
        expect(cells(row), row).toBeLessThanOrEqual(contentWidth(columns));
});

test('140 columns show no more than 102', () => {
  for (const seen of Object.values(STATES)) expect(panel(seen, 140)).toBe(panel(seen, 102));
});

test('a low window gets two rows, however wide it is', () => {
  expect(panel(MOVING, 100, { rows: 19 })).toMatchInlineSnapshot(`
    "   leader :5433 ● primary 0/302E988 ━▶━ follower :5434 ● standby 0/302E188
       slot ● active, holds 1.5 kB  lag ○ 2.0 kB, 3.1 s  received 0/302E988  flushed 0/302E588  ▂▄█▇▅▂"
  `);
});

test('a terminal without UTF-8 gets ASCII', () => {
  const text = panel(MOVING, 100, { env: { LANG: 'C' } });
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text).toMatchInlineSnapshot(`
    "   leader :5433  * primary  0/302E988          =>==>==>=  follower :5434 * standby, streaming
       follower_slot * active, holds 1.5 kB                   received 0/302E988  flushed 0/302E588
       lag           o 2.0 kB, 3.1 s  __.-#*=.                replayed 0/302E188"
  `);
});

describe('the way between the servers', () => {
  const way = (seen: Observation[]) => /[━▶╌]{3,}/.exec(panel(seen, 100))?.[0];
  const at = (step: number) => pairStreams(0, 0x3027988 + step * 4096);

  test('goes on a cell with each observation in which the LSN advanced, and rests when it did not', () => {
    const seen = [0, 1, 2, 3, 3].map(at);
    const ways = seen.map((_, last) => way(seen.slice(0, last + 1)));
    expect(ways).toEqual(['━━━━━━━━▶', '━▶━━▶━━▶━', '━━▶━━▶━━▶', '▶━━▶━━▶━━', '━━━━━━━━▶']);
  });

  test('is none while nothing streams, whatever the leader writes', () => {
    expect(way([at(0), unused(at(1))])).toBe('╌╌╌╌╌╌╌╌╌');
  });
});

describe('the lag', () => {
  test('has a trace while some of the last twenty observations saw one', () => {
    const quiet = (count: number) => Array.from({ length: count }, () => pairStreams(0));
    expect(panel([pairStreams(100), ...quiet(19)], 100)).toContain('● 0 B  █▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁');
    expect(panel([pairStreams(100), ...quiet(20)], 100)).not.toMatch(/[▁█]/);
  });

  test('has a hole in its trace where it could not be told', () => {
    expect(panel([pairStreams(50), EMPTY_LAB, pairStreams(100)], 100)).toContain('▅ █');
  });

  test.each([
    [0.4, '0.4 s'],
    [12.3, '12 s'],
    [200, '3 min'],
    [0, null],
    [null, null],
  ])('of %s s is told with its bytes', (lagSeconds, words) => {
    const seen = changed(pairStreams(2048), (copy) => {
      for (const sender of probeOf(copy, 'leader').senders) sender.lagSeconds = lagSeconds;
    });
    const said = words === null ? '2.0 kB ' : `2.0 kB, ${words} `;
    expect(panel([seen], 100)).toContain(said);
  });

  test('is told of a timeline of its own, too', () => {
    const seen = changed(pairStreams(0), (copy) => {
      probeOf(copy, 'leader').timeline = 2;
    });
    expect(panel([seen], 100)).toContain('! standby, diverged');
    expect(panel([seen], 60)).toContain('lag ! diverged');
  });
});

describe('a server in a running container that does not answer', () => {
  const words = (reason: string, startedAt = EMPTY_LAB.at) =>
    panel([down(LEADER_UP, 'leader', { startedAt }, reason)], 100);
  test.each([
    ['the database system is starting up', 'starting'],
    ['the database system is shutting down', 'stops'],
    ['connect ECONNREFUSED 127.0.0.1:5433', 'starting'],
    ['the database system is not accepting connections (Hot standby mode is disabled.)', 'takes no queries'],
  ])('%s', (reason, said) => {
    expect(words(reason)).toContain(`○ ${said} `);
  });

  test('was started long ago', () => {
    expect(words('password authentication failed', '2026-12-01T09:00:00Z')).toContain('○ does not answer');
  });

  test('may stream all the same, as its leader says', () => {
    const seen = down(pairStreams(0), 'follower', {}, 'Hot standby mode is disabled');
    expect(panel([seen], 100)).toContain('━━━━━━━━▶  follower :5434 ○ takes no queries');
    expect(panel([seen], 100)).toContain('lag           ● 0 B');
  });
});
