import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/check/kind.ts';
import { MISTAKES } from '../../../src/check/mistakes.ts';
import { judge, KINDS, kindOf, requestFor } from '../../../src/check/registry.ts';
import type { CheckSpec } from '../../../src/course/types.ts';
import { healthy, STAGES } from './healthy.ts';

const spec = (args: Record<string, unknown>, more: Partial<CheckSpec> = {}): CheckSpec => ({
  id: 'lesson/check',
  kind: kindOf(args).kind,
  args,
  once: false,
  ...more,
});

/** One check for each proof of the twelve steps, with the first stage at which it holds. */
const COURSE: [(typeof STAGES)[number], Record<string, unknown>][] = [
  ['files', { file: 'leader/postgresql.conf', lines: 'lf' }],
  ['files', { script: 'leader/setup-leader.sh' }],
  ['nothing', { engine: 'docker', compose: '>=2.20' }],
  ['files', { compose: ['leader', 'follower'] }],
  ['files', { setting: 'wal_level', on: 'leader', is: 'replica', in: 'leader/postgresql.conf' }],
  ['leader-up', { server: 'leader', role: 'primary', database: 'appdb' }],
  ['prepared', { role: 'replicator', on: 'leader', wants: ['login', 'replication'] }],
  ['prepared', { slot: 'follower_slot', on: 'leader', wants: 'exists' }],
  ['prepared', { 'replication-login': 'replicator', on: 'leader' }],
  ['copied', { 'base-backup': 'follower', of: 'leader', slot: 'follower_slot', user: 'replicator' }],
  ['copied', { slot: 'follower_slot', on: 'leader', wants: 'reserved' }],
  ['streaming', { streaming: 'follower', of: 'leader', slot: 'follower_slot', user: 'replicator' }],
  [
    'finished',
    { table: 'inventory', on: 'leader', columns: ['productid', 'productname', 'quantity', 'lastupdated'] },
  ],
  ['finished', { replicated: 'inventory', from: 'leader', to: 'follower' }],
  ['streaming', { 'read-only': 'follower' }],
];

describe('the course, stage by stage', () => {
  it.each(STAGES)('at the stage "%s" exactly what has been done holds', (stage) => {
    const findings = judge(
      COURSE.map(([, args], index) => spec(args, { id: `lesson/${index}` })),
      healthy(stage),
    );
    const holding = findings.filter(({ state }) => state === 'passed').map(({ id }) => id);
    const wanted = COURSE.flatMap(([since], index) =>
      STAGES.indexOf(since) <= STAGES.indexOf(stage) ? [`lesson/${index}`] : [],
    );
    expect(holding, JSON.stringify(findings, null, 1)).toEqual(wanted);
  });
});

describe('KINDS', () => {
  it('holds each kind under its own key', () => {
    for (const [key, kind] of Object.entries(KINDS)) expect(kind.kind).toBe(key);
    expect(Object.keys(KINDS)).toHaveLength(19);
  });

  it('can name every mistake, and no other', () => {
    const named = new Set(Object.values(KINDS).flatMap((kind) => kind.mistakes));
    expect([...named].sort()).toEqual([...MISTAKES].sort());
  });

  it('lists each mistake of a kind once', () => {
    for (const kind of Object.values(KINDS))
      expect(kind.mistakes, kind.kind).toHaveLength(new Set(kind.mistakes).size);
  });
});

describe('kindOf', () => {
  it.each([
    ['slot', { slot: 'follower_slot', on: 'leader' }],
    ['server', { role: 'primary', server: 'leader' }],
    ['service', { image: 'postgres:14', service: 'leader' }],
    ['dataset', { dataset: 'inventory.sql', table: 'inventory', columns: ['a'] }],
    ['base-backup', { 'base-backup': 'follower', of: 'leader', slot: 's', user: 'u' }],
    ['engine', { engine: 'docker', compose: '>=2.20' }],
  ])('tells %s by its keys', (kind, raw) => {
    expect(kindOf(raw).kind).toBe(kind);
  });

  it.each([
    ['no kind', { exists: 'slot' }],
    ['nothing at all', {}],
    ['two kinds', { folder: 'a', file: 'b' }],
    ['two kinds that do not take each other', { server: 'leader', table: 'inventory' }],
    ['a name that every object has', { constructor: 'x' }],
  ])('refuses %s', (_, raw) => {
    expect(() => kindOf(raw)).toThrow(ArgumentError);
  });
});

describe('judge', () => {
  const slot = { slot: 'follower_slot', on: 'leader', wants: 'exists' };

  it('takes title and reason from the lesson where it has them', () => {
    const own = { title: 'The slot is there', why: 'You need it in step 9.' };
    const [passed] = judge([spec(slot, own)], healthy('prepared'));
    expect(passed).toMatchObject({ state: 'passed', title: own.title, why: own.why });
    expect(passed).not.toHaveProperty('mistake');
    const [missing] = judge([spec({ role: 'replicator' }, own)], healthy('leader-up'));
    expect(missing).toMatchObject({ state: 'failed', mistake: 'role-missing', why: own.why });
  });

  it('keeps a reason that belongs to the cause', () => {
    const [finding] = judge([spec(slot, { why: 'You need it in step 9.' })], healthy('files'));
    expect(finding).toMatchObject({ state: 'blocked', why: 'leader has not been started yet.' });
  });

  it('measures each check with the given clock', () => {
    let time = 0;
    const [finding] = judge([spec(slot)], healthy('prepared'), () => {
      time += 7;
      return time;
    });
    expect(finding?.ms).toBe(7);
    expect(judge([spec(slot)], healthy('prepared'))[0]?.ms).toBeGreaterThanOrEqual(0);
  });

  it('changes nothing in the observation', () => {
    const observation = healthy('finished');
    judge(
      COURSE.map(([, args]) => spec(args)),
      observation,
    );
    expect(observation).toEqual(healthy('finished'));
  });

  it('refuses a check of no kind', () => {
    const broken: CheckSpec = { id: 'lesson/x', kind: 'toString', args: {}, once: false };
    expect(() => judge([broken], healthy('files'))).toThrow(/lesson\/x/);
    expect(() => judge([{ ...broken, kind: 'slot', args: 'x' }], healthy('files'))).toThrow(ArgumentError);
  });
});

describe('requestFor', () => {
  it('asks for nothing when there is nothing to judge', () => {
    expect(requestFor([])).toEqual({ parts: [], files: [], experiments: [], data: [] });
  });

  it('asks for everything once', () => {
    const request = requestFor([
      ...COURSE.map(([, args]) => spec(args)),
      spec({ folder: 'follower-data', is: 'empty' }),
      spec({ folder: 'leader-data', is: 'mine' }),
      spec({ folder: 'leader', is: 'empty' }),
      spec({ containers: ['leader'], are: 'gone' }),
      spec({ image: 'postgres:14' }),
      spec({ service: 'leader', restart: 'always' }),
      spec({ dataset: 'inventory.sql', table: 'inventory', columns: ['a'] }),
    ]);
    expect(request).toEqual({
      parts: ['engine', 'compose', 'servers', 'table', 'containers', 'image'],
      files: [
        'leader/postgresql.conf',
        'leader/setup-leader.sh',
        'follower-data',
        'leader-data',
        '.',
        'leader',
        'inventory.sql',
      ],
      experiments: ['replication-login', 'nonce', 'write-on-follower'],
      data: ['follower'],
    });
  });
});
