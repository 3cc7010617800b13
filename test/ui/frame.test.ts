import { describe, expect, test } from 'vitest';
import { bytes } from '../../src/check/bytes.ts';
import { findLessons } from '../../src/learn/find-lessons.ts';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { contentWidth } from '../../src/terminal/size.ts';
import { cells } from '../../src/terminal/wrap.ts';
import { startEditor } from '../../src/ui/editor/state.ts';
import { span, textOf } from '../../src/ui/line.ts';
import { reduceList, startList } from '../../src/ui/list/state.ts';
import { START_PAGER } from '../../src/ui/pager/state.ts';
import { predictLines } from '../../src/ui/parts/questions.ts';
import { commandLines } from '../../src/ui/parts/task.ts';
import { itemLines } from '../../src/ui/transcript/item.ts';
import { type FakeDriver, type FakeOptions, fakeDriver } from '../helpers/fake-driver.ts';
import { frameOf, transcriptOf, UNICODE_ENV } from '../helpers/frames.ts';
import { EMPTY_LAB, LEADER_UP, pairStreams } from '../helpers/observations.ts';

const HELD = [
  'workspace',
  'docker',
  'compose-file',
  'leader-conf',
  'follower-conf',
  'dataset',
  'start-leader',
].map((id) => `${id}/holds`);
const at = (task: string, options: FakeOptions = {}): FakeDriver =>
  fakeDriver({
    observation: LEADER_UP,
    holds: [...HELD, 'prepare-leader/replicator-exists'],
    at: task,
    ...options,
  });

const slot = (options: FakeOptions = {}) => at('prepare-leader/slot', options);
const sent = (driver: FakeDriver, ...kinds: ('skip' | 'lessons' | 'concepts' | 'edit' | 'enter')[]) => {
  for (const kind of kinds) driver.send({ kind });
  return driver;
};
const heldAlready = () => {
  const driver = slot({ holds: [...HELD, 'inventory/holds'] });
  driver.send({ kind: 'goto', lesson: 10 });
  return driver;
};
const running = () => {
  const driver = sent(slot({ run: () => null }), 'enter');
  driver.print(...Array.from({ length: 50 }, (_, row) => `row ${row} ${'wide '.repeat(60)}`));
  return driver;
};

const SCENES: Record<string, () => FakeDriver> = {
  'a task': slot,
  opening: () => slot({ stayOpening: true }),
  'an adapted command': () =>
    slot({ adapt: (command) => ({ command: command.replace('-it', '-i'), reasons: ['no terminal'] }) }),
  'a very long command': () =>
    sent(slot({ adapt: () => ({ command: 'x'.repeat(3000), reasons: ['it is long '.repeat(40)] }) })),
  'a prediction': () => at('prepare-leader/user', { holds: HELD, observation: pairStreams(-4096) }),
  'the skip offer': () => sent(slot(), 'skip'),
  'a lesson that holds already': () => heldAlready(),
  'the lessons': () => sent(slot(), 'lessons'),
  'the concepts': () => sent(slot(), 'concepts'),
  'the editor': () => sent(slot(), 'edit'),
  'a running command': running,
  'a running command that q would end': () => {
    const driver = running();
    driver.send({ kind: 'leave' });
    return driver;
  },
  'a write task': () => at('compose-file/only', { holds: [], observation: EMPTY_LAB }),
  'the end': () =>
    sent(
      at('verify/only', {
        holds: [...HELD, 'verify/holds', 'inventory/holds'],
        observation: pairStreams(12),
      }),
      'enter',
    ),
};
const SIZES = [
  [15, 60],
  [16, 61],
  [15, 140],
  [20, 88],
  [24, 80],
  [30, 100],
  [50, 140],
] as const;

describe.each(Object.entries(SCENES))('%s', (_name, scene) => {
  test.each(SIZES)('fits a window of %i rows and %i columns, with the keys in sight', (rows, columns) => {
    const lines = frameOf(scene(), rows, columns);
    const text = textOf(lines);
    expect(lines.length, text).toBeLessThanOrEqual(rows - 2);
    for (const row of text.split('\n')) expect(cells(row), text).toBeLessThanOrEqual(contentWidth(columns));
    expect(text.split('\n').slice(-2).join(' '), text).toMatch(/q quit|Esc|q close|n go on/);
    expect(text, text).toContain('docker · PostgreSQL 14');
  });
});

test('a window that is too small gets one line', () => {
  expect(textOf(frameOf(slot(), 14, 60))).toBe('This window is 60x14. Make it at least 60x15; q quits.');
});

test('a window that is too small says that a command still runs, and which key quits', () => {
  const flat = (driver: FakeDriver) => textOf(frameOf(driver, 12, 50)).replaceAll('\n', ' ');
  expect(flat(running())).toBe(
    'This window is 50x12. Make it at least 60x15; q quits. The command still runs.',
  );
  expect(flat(sent(slot(), 'edit'))).toContain('Ctrl-C quits.');
  const leaving = running();
  leaving.send({ kind: 'leave' });
  expect(flat(leaving)).toBe(
    'This window is 50x12. Make it at least 60x15. The command still runs. y stops it and quits, n lets it go on.',
  );
});

test('every line of a command of several lines begins in the frame', () => {
  const adapt = () => ({ command: 'docker run \\\n  -v slot:/slot \\\n  postgres:14', reasons: ['no sudo'] });
  const wanted = [
    '   runs as  docker run \\',
    '              -v slot:/slot \\',
    '              postgres:14',
    '   why      no sudo',
  ].join('\n');
  const driver = slot({ adapt });
  expect(textOf(frameOf(driver, 40, 100))).toContain(wanted);
  const pen = { width: 80, glyphs: glyphsFor(UNICODE_ENV, 'linux'), course: driver.getState().course };
  const { command: adapted, reasons } = adapt();
  const item = { kind: 'command', command: 'sudo docker run', place: 'here', adapted, reasons } as const;
  expect(textOf(itemLines(item, pen))).toContain(wanted);
  expect(textOf(commandLines('one \\\n  two', span('>'), 'plain', 80))).toBe(' > one \\\n     two');
});

test('what is open is no fault before anything was done', () => {
  const text = textOf(frameOf(slot(), 30, 100));
  expect(text).toContain('○ follower_slot exists on the leader  not yet');
  expect(text).not.toMatch(/✖|saw /);
});

test('the lesson one is in is not red in the list', () => {
  const rows = textOf(frameOf(sent(slot(), 'lessons'), 30, 100)).split('\n');
  expect(rows.find((row) => row.includes('you are here'))).toMatch(/○ +8 /);
});

describe('the list of lessons that is searched', () => {
  const searched = (filter: string, rows = 30, columns = 100) => {
    const driver = sent(slot(), 'lessons');
    const found = findLessons(driver.getState().course, filter).map(({ index }) => index);
    const list = reduceList(startList(12, 7), { kind: 'filter', filter, found });
    return textOf(
      frameOf(driver, rows, columns, { widgets: { list, pager: START_PAGER, editor: startEditor('') } }),
    );
  };

  test('shows what was found, with the concept that has the word, and the keys of a search', () => {
    const text = searched('user');
    expect(text.slice(text.indexOf('   Lessons'))).toMatchInlineSnapshot(`
      "   Lessons  search: user                                                             1 of 12 found
       ❯ ○  8  Prepare the leader for replication  Replication user                 you are here   7 min

         Enter go there   ↑↓ choose   Backspace take a letter away   Esc all lessons"
    `);
  });

  test('says that nothing was found', () => {
    const text = searched('zebra');
    expect(text).toContain('Lessons  search: zebra');
    expect(text).toContain('0 of 12 found');
    expect(text).toContain('No lesson has "zebra". Backspace takes the last letter away, Esc all of them.');
  });

  test.each(SIZES)('fits a window of %i rows and %i columns', (rows, columns) => {
    for (const filter of ['e', 'zebra '.repeat(30)]) {
      const lines = searched(filter, rows, columns).split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows - 2);
      for (const row of lines) expect(cells(row)).toBeLessThanOrEqual(contentWidth(columns));
      expect(lines.slice(-2).join(' ')).toContain('Esc all lessons');
    }
  });
});

test('a lesson that holds already is offered to be counted as done', () => {
  const text = textOf(frameOf(heldAlready(), 30, 100));
  expect(text.slice(text.indexOf('   Do rows'))).toMatchInlineSnapshot(`
    "   Do rows that travel                                                             on your machine
     ❯ docker compose up -d leader

       All of this lesson holds already. What now?
         1  Walk through it
         2  Count it as done, and go on

     ✔ Rows that travel holds

       1-2 choose   Enter walk through it   q quit"
  `);
});

test('the end says how many tasks held already', () => {
  const driver = at('verify/only', { holds: [...HELD, 'inventory/holds', 'verify/holds'] });
  driver.send({ kind: 'goto', lesson: 10 });
  driver.send({ kind: 'choose', option: 1 });
  driver.send({ kind: 'choose', option: 1 });
  expect(driver.getState().mode).toEqual({ kind: 'done' });
  expect(textOf(frameOf(driver, 30, 100))).toContain(
    '0 tasks by you, 0 by the tool, 2 held already, 0 hints',
  );
});

test('a question of a task to read does not speak of running', () => {
  const state = at('prepare-leader/user', { holds: HELD }).getState();
  expect(textOf(predictLines(state, 80))).toContain('Before you run it: ');
  const course = structuredClone(state.course);
  const task = course.lessons[state.place.lesson]?.tasks[state.place.task];
  if (task) task.action = { kind: 'read' };
  expect(textOf(predictLines({ ...state, course }, 80))).toContain('   Question: ');
});

test('a command to copy is not broken', () => {
  const driver = slot();
  const pen = { width: 60, glyphs: glyphsFor(UNICODE_ENV, 'linux'), course: driver.getState().course };
  const long = `docker run ${'x'.repeat(100)}`;
  expect(textOf(itemLines({ kind: 'code', text: `${long} \\\n  postgres` }, pen))).toBe(
    `     ${long} \\\n       postgres\n`,
  );
});

test('100 columns show both servers, the slot and the command in full', () => {
  expect(textOf(frameOf(slot({ observation: pairStreams(2048) }), 30, 100))).toMatchInlineSnapshot(`
    "── step 8, task 2 of 3 · 7/12 hold ───────────────────────────────────── docker · PostgreSQL 14 ──
       leader :5433  ● primary  0/3027988          ━━━━━━━━▶  follower :5434 ● standby, streaming
       follower_slot ● active, holds 1.5 kB                   received 0/3027988  flushed 0/3027588
       lag           ○ 2.0 kB, 3.1 s  █                       replayed 0/3027188

       A place that is kept for the follower                                            psql in leader
     ❯ docker exec -it --user postgres leader psql -U postgres -d appdb -c "SELECT * FROM
       pg_create_physical_replication_slot('follower_slot');"

     ○ follower_slot exists on the leader  not yet
     ○ follower_slot is physical  not yet

       Enter run   s skip   e edit   h hint   ? concepts   l lessons   b back   : command   t shell
       q quit"
  `);
});

test('60 columns show the same in fewer words', () => {
  expect(textOf(frameOf(slot({ observation: pairStreams(2048) }), 15, 60))).toMatchInlineSnapshot(`
    "── 8 · task 2/3 · 7/12 hold ──── docker · PostgreSQL 14 ──
       leader ● primary 0/3027988 ━━▶ follower ● standby
       slot ● active, holds 1.5 kB  lag ○ 2.0 kB, 3.1 s  █

       A place that is kept for the follower    psql in leader
     ❯ docker exec -it --user postgres leader psql -U postgres
       -d appdb -c "SELECT * FROM
       pg_create_physical_replication_slot('follower_slot');"
     ○ follower_slot exists on the leader  not yet
     ○ follower_slot is physical  not yet

       Enter run   s skip   e edit   h hint   ? concepts
       l lessons   b back   : command   t shell   q quit"
  `);
});

test('a follower ahead of its leader is called diverged', () => {
  expect(textOf(frameOf(slot({ observation: pairStreams(-4096) }), 30, 100))).toContain(
    '! diverged by 4.0 kB',
  );
});

test('what is seen of an open check stands under that check, once something was done', async () => {
  const driver = sent(slot({ run: () => [] }), 'enter');
  await new Promise((resolve) => setTimeout(resolve, 10));
  const rows = textOf(frameOf(driver, 30, 100)).split('\n');
  const check = rows.findIndex((row) => row.includes('✖ follower_slot exists'));
  expect(rows[check + 1]).toContain('saw      no replication slot');
});

test('checks that pass are left out first when the window is low', () => {
  const driver = slot({ holds: [...HELD, 'prepare-leader/slot-exists'] });
  expect(textOf(frameOf(driver, 15, 60))).toContain('○ follower_slot is physical  not yet');
});

test('the end says what to do next, also when the walk was left, and in the smallest window', async () => {
  const driver = at('verify/only', { holds: [...HELD, 'verify/holds'], run: () => [] });
  sent(driver, 'enter');
  await new Promise((resolve) => setTimeout(resolve, 10));
  sent(driver, 'enter');
  expect(driver.getState().mode.kind).toBe('done');
  for (const ended of [false, true]) {
    const text = textOf(frameOf(driver, 15, 60, { ended })).replaceAll(/\s+/g, ' ');
    expect(text).toContain('What you did, as a text and as a script: npx walkthrough runbook');
    expect(text).toContain('Take it down with: npx walkthrough reset');
  }
});

test('the clock shows after half a second', () => {
  expect(textOf(frameOf(running(), 30, 100, { busySince: 1600 }))).toContain('Running\n');
  expect(textOf(frameOf(running(), 30, 100, { busySince: -3000 }))).toContain('Running  5 s');
});

test('ASCII frames hold nothing else', () => {
  for (const scene of Object.values(SCENES)) {
    const text = textOf(frameOf(scene(), 30, 100, {}, { LANG: 'C' })).replace('docker · PostgreSQL', '');
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  }
});

test('the transcript of a task reads from heading to verdict', async () => {
  const driver = slot({ run: () => [' slot_name     | lsn ', ' follower_slot |     '] });
  driver.send({ kind: 'hint' });
  driver.send({ kind: 'enter' });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(transcriptOf(driver, 80)).toMatchInlineSnapshot(`
    "
       A place that is kept for the follower                           task 2 of 3

       When the follower is away, the leader may delete WAL that the follower has
       not read. A slot is a bookmark with a promise: what comes after it is kept.

       ▎ Watch out: By default the promise has no limit. If the follower never
       ▎ comes back, WAL fills the disk of the leader.

         -- what the leader knows
         SELECT slot_name, active FROM pg_replication_slots;

       Hint 1 of 3: The view pg_replication_slots lists all slots.

       psql in leader
     ❯ docker exec -it --user postgres leader psql -U postgres -d appdb -c "SELECT
       * FROM pg_create_physical_replication_slot('follower_slot');"
        slot_name     | lsn
        follower_slot |
       Done in 0.0 s.

     ✖ follower_slot exists on the leader
       saw      no replication slot
       wanted   one physical slot named follower_slot
       why      Without it a follower that falls behind may have to start over.
       cause    The slot was never made (? explains it)
     ✖ follower_slot is physical
       saw      no replication slot
       wanted   one physical slot named follower_slot
       why      Without it a follower that falls behind may have to start over.
       cause    The slot was never made (? explains it)
    "
  `);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 kB'],
  [16 * 1024 * 1024, '16 MB'],
])('%i bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test('begins a new row where what is said has one, so that a command is not taken for a part of a sentence', () => {
  const text = 'Port 5433 is taken. To free it: npx walkthrough reset\nOr take another port.';
  const pen = { width: 60, glyphs: glyphsFor(UNICODE_ENV, 'linux'), course: slot().getState().course };
  expect(textOf(itemLines({ kind: 'say', tone: 'warn', text }, pen)).trimEnd()).toBe(
    ' ! Port 5433 is taken. To free it: npx walkthrough reset\n   Or take another port.',
  );
});
