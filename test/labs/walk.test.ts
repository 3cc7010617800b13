import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LAB, openLines, openRig, type Rig } from '../helpers/lab-rig.ts';
import { legend, pressOn } from '../helpers/press-on.ts';
import { Pty } from '../helpers/pty.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ERASE_SCROLLBACK = '\x1b[3J';

let rig: Rig;
const open: Pty[] = [];
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  await Promise.all(open.map((pty) => pty.close()));
  await rig.remove();
});

function start(columns: number, rows: number): Pty {
  const pty = new Pty([CLI, '--lab', LAB, '--course', rig.own.course, '--dir', rig.own.workspace], {
    columns,
    rows,
  });
  open.push(pty);
  return pty;
}

it('walks the whole course by Enter alone, across a restart of the tool and a resize', async () => {
  const first = start(80, 24);
  await first.until(/Enter/);
  await pressOn(first, (rows) => rows.some((row) => /^── 7 · task 4/.test(row)));
  first.type('q');
  expect(await first.exit, (await first.rows()).join('\n')).toEqual({ code: 0, signal: 0 });
  const saved = JSON.parse(
    await readFile(path.join(rig.own.workspace, '.walkthrough/progress.json'), 'utf8'),
  );
  expect(saved.at).toBe(rig.course.lessons[6]?.tasks[3]?.id);

  const second = start(100, 30);
  await second.until(/step 7, task 4/);
  await pressOn(second, (rows) => rows.some((row) => /step 9, task 2/.test(row)));
  second.resize(60, 15);
  await pressOn(second, (rows) => rows.some((row) => /^── 10 · task 2/.test(row)));
  second.resize(140, 50);
  await pressOn(second, (rows) => /Enter finish/.test(legend(rows)));
  const end = (await second.rows()).join('\n');
  expect(end).toMatch(/12\/12|12 of 12/i);
  second.type('\r');
  expect(await second.exit).toEqual({ code: 0, signal: 0 });

  for (const pty of [first, second]) expect(pty.raw).not.toContain(ERASE_SCROLLBACK);
  for (let step = 1; step <= 12; step++)
    expect(openLines(await rig.judgeSoon(step)), `step ${step}`).toEqual([]);
  const records = JSON.parse(
    await readFile(path.join(rig.own.workspace, '.walkthrough/progress.json'), 'utf8'),
  ).tasks;
  for (const task of rig.course.lessons.flatMap((lesson) => lesson.tasks)) {
    expect(records[task.id], task.id).toMatchObject({
      provenance: 'learner',
      everPassed: expect.any(String),
    });
  }
  const transcript = await readFile(path.join(rig.own.workspace, '.walkthrough/transcript.ndjson'), 'utf8');
  expect(transcript).not.toContain('replicatorpass');
});
