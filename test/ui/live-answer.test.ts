import { describe, expect, test } from 'vitest';
import type { LiveAnswer } from '../../src/learn/live-answer.ts';
import { liveLines } from '../../src/plain/concept.ts';
import { tableLines } from '../../src/plain/table.ts';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { cells } from '../../src/terminal/wrap.ts';
import { textOf } from '../../src/ui/line.ts';
import { pagesOf } from '../../src/ui/pager/view.ts';
import { type FakeOptions, fakeDriver } from '../helpers/fake-driver.ts';
import { UNICODE_ENV } from '../helpers/frames.ts';
import { LEADER_UP } from '../helpers/observations.ts';
import { SMALL_COURSE } from '../helpers/small-course.ts';

const SLOT: LiveAnswer = {
  state: 'answered',
  columns: ['slot_name', 'restart_lsn'],
  rows: [['follower_slot', '0/3000148']],
  total: 1,
  note: '',
};
const NONE: LiveAnswer = { ...SLOT, rows: [], total: 0 };

describe('the table of an answer', () => {
  const table = (columns: string[], rows: (string | null)[][], width = 76) =>
    tableLines({ columns, rows, total: rows.length }, width, '…').join('\n');

  test('has names, a rule, and numbers at the right', () => {
    expect(
      table(
        ['name', 'unsent', 'behind'],
        [
          ['walreceiver', '0', '16777216'],
          ['second', '4096', null],
        ],
      ),
    ).toMatchInlineSnapshot(`
      "name        | unsent |   behind
      ------------+--------+---------
      walreceiver |      0 | 16777216
      second      |   4096 |"
    `);
  });

  test('is cut to its width, with a mark', () => {
    const lines = table(['file', 'size'], [['x'.repeat(100), '1']], 40).split('\n');
    for (const line of lines) expect(cells(line)).toBe(40);
    expect(lines[2]).toMatch(/…$/);
  });

  test('counts wide characters as what they take, and lets no control through', () => {
    expect(table(['a', 'b'], [['日本', 'x\x1b[31m\ny']])).toBe('a    | b\n-----+----\n日本 | x y');
  });
});

describe('a page of `?`', () => {
  const glyphs = glyphsFor(UNICODE_ENV, 'linux');
  const page = (options: FakeOptions, width = 80) => {
    const driver = fakeDriver({ observation: LEADER_UP, at: 'prepare-leader/slot', ...options });
    driver.send({ kind: 'concepts' });
    const found = pagesOf(driver.getState(), width, glyphs).find((one) => one.title === 'Replication slot');
    const text = textOf(found?.lines ?? []);
    return { driver, text: text.slice(text.indexOf('See it')) };
  };

  test('shows the query and what the server says', () => {
    expect(page({ answer: () => SLOT }).text).toMatchInlineSnapshot(`
      "See it on the leader:
           SELECT slot_name, restart_lsn FROM pg_replication_slots;

         What your leader says now:
           slot_name     | restart_lsn
           --------------+------------
           follower_slot | 0/3000148"
    `);
  });

  test('says that there are no rows, and keeps the names', () => {
    expect(page({ answer: () => NONE }).text).toMatch(
      /slot_name \| restart_lsn\n +-+\+-+\n +There are no rows now\.$/,
    );
  });

  test('says how many rows it leaves out, and what differs here', () => {
    const answer = () => ({ ...SLOT, total: 3, note: 'The sandbox is small.' });
    expect(page({ answer }).text).toMatch(/0\/3000148\n +And 2 more rows\.\n +The sandbox is small\.$/);
  });

  test('says why the server can not be asked', () => {
    expect(page({}).text).toMatch(/slots;\n\n +The leader is not running yet: lesson 7 starts it\.$/);
  });

  test('says that the answer is on its way, until it comes', () => {
    const { driver, text } = page({ answer: () => null });
    expect(text).toMatch(/slots;\n\n +Asking the leader now\.$/);
    driver.report({ kind: 'answered', concept: 'replication-slot', answer: SLOT });
    expect(textOf(pagesOf(driver.getState(), 80, glyphs)[1]?.lines ?? [])).toContain('0/3000148');
  });

  test('fits a narrow window', () => {
    const answer = () => ({ ...SLOT, rows: [['x'.repeat(90), '0/3000148']] });
    for (const row of page({ answer }, 58).text.split('\n')) expect(cells(row)).toBeLessThanOrEqual(58);
  });
});

test('plain lines show the same, with the table as it is', () => {
  const concept = SMALL_COURSE.concepts[1];
  if (!concept) throw new Error('no concept');
  expect(liveLines(concept, 80, SLOT).join('\n')).toMatchInlineSnapshot(`
    "
    See it on the leader:
        SELECT slot_name, restart_lsn FROM pg_replication_slots;

    What your leader says now:
        slot_name     | restart_lsn
        --------------+------------
        follower_slot | 0/3000148"
  `);
});
