import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { openStore } from '../../../src/grade/store.ts';
import type { GradedSubmission, Grades } from '../../../src/grade/types.ts';
import { graded } from '../../helpers/grades.ts';
import { canBeNobody, temporaryFolder, withoutRoot } from '../learn/temp-folder.ts';

const head: Omit<Grades, 'submissions' | 'endedAt'> = {
  schema: 'walkthrough/grades/v1',
  tool: 'test',
  course: { id: 'c', version: '1', title: 'C' },
  lab: 'sandbox',
  startedAt: '2026-01-02T00:00:00.000Z',
  maxScore: 100,
};

const at = (name: string, day: number, more: Partial<GradedSubmission> = {}) =>
  graded(name, {}, { startedAt: `2026-01-0${day}T00:00:00.000Z`, ...more });

/** A run, as `grade` does it. */
async function run(
  folder: string,
  submissions: GradedSubmission[],
  { resume = true, ...more }: Partial<Grades> & { resume?: boolean } = {},
) {
  const store = await openStore(folder, { resume, head });
  for (const record of submissions) await store.saveOne(record);
  const grades = { ...head, endedAt: '2026-01-03T00:00:00.000Z', submissions, ...more };
  await store.saveAll(grades);
  await store.close();
  return { store, written: JSON.parse(await readFile(path.join(folder, 'grades.json'), 'utf8')) as Grades };
}

const names = ({ submissions }: Grades) => submissions.map(({ name }) => name);

it('is for one grading at a time', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder, { resume: false, head });
  await expect(openStore(folder, { resume: true, head })).rejects.toMatchObject({
    message: `Another grading (process ${process.pid}) writes its results to ${folder}.`,
    exitCode: 3,
  });
  await store.close();
  await (await openStore(folder, { resume: true, head })).close();
  // One that is refused for another reason lets go of it, too, and a killed one holds nothing.
  await run(folder, [at('anna', 2)]);
  await expect(openStore(folder, { resume: false, head })).rejects.toThrow('holds results already');
  await writeFile(path.join(folder, '.lock'), '4194305 1\n');
  await (await openStore(folder, { resume: true, head })).close();
  expect((await readdir(folder)).sort()).toEqual(['grades.json', 'submissions']);
});

describe('going on with results', () => {
  it('with one late student keeps the class, by name, from its first begin', async () => {
    const folder = await temporaryFolder();
    await run(folder, [at('anna', 2), at('ruth', 2), at('s9', 2)], { resume: false, leftOut: ['pia.rar'] });
    const { written, store } = await run(folder, [at('quinn', 3), at('s10', 3)], {
      startedAt: '2026-01-03T00:00:00.000Z',
      endedAt: '2026-01-04T00:00:00.000Z',
      leftOut: ['jo.txt'],
    });
    expect(names(written)).toEqual(['anna', 'quinn', 'ruth', 's9', 's10']);
    expect(written).toMatchObject({
      startedAt: '2026-01-02T00:00:00.000Z',
      endedAt: '2026-01-04T00:00:00.000Z',
      leftOut: ['pia.rar', 'jo.txt'],
    });
    expect([...store.done.keys()]).toEqual(['anna', 'ruth', 's9']);
    expect([store.holds('grades.json'), store.holds('grades.csv')]).toEqual([true, false]);
  });
  it('is not at its end while one that is not named now has no mark', async () => {
    const folder = await temporaryFolder();
    await run(folder, [at('anna', 2), at('ben', 2, { outcome: 'partial', score: null })], { endedAt: null });
    const { written } = await run(folder, [at('quinn', 3)]);
    expect([names(written), written.endedAt]).toEqual([['anna', 'ben', 'quinn'], null]);
    expect((await run(folder, [at('ben', 3)])).written.endedAt).not.toBeNull();
  });
  it('takes no other file for a record', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'submissions', 'x.json'), { recursive: true });
    for (const [name, text] of Object.entries({ 'a.json': '{"name":', 'b.json': '[1]', 'c.json': 'null' }))
      await writeFile(path.join(folder, 'submissions', name), text);
    expect(names((await run(folder, [at('anna', 2)])).written)).toEqual(['anna']);
  });
  it.each(['', '{"schema":"walkthrough/grades/v1"', '{"schema":"walkthrough/grades/v1"}', '[]', 'null'])(
    'is refused where grades.json is %j',
    async (text) => {
      const folder = await temporaryFolder();
      await writeFile(path.join(folder, 'grades.json'), text);
      await expect(run(folder, [])).rejects.toMatchObject({
        message: expect.stringContaining('grades.json is damaged'),
        next: expect.stringContaining('--resume'),
      });
    },
  );
});

describe('a place that takes no results', () => {
  it('that is a file', async () => {
    const file = path.join(await temporaryFolder(), 'README.md');
    await writeFile(file, 'mine');
    await expect(run(file, [])).rejects.toMatchObject({
      message: `${file} is a file.`,
      next: expect.stringContaining('--out'),
      exitCode: 2,
    });
    await expect(run(path.join(file, 'below'), [])).rejects.toThrow(UserError);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
  it.runIf(canBeNobody)('that belongs to somebody else', async () => {
    const folder = await temporaryFolder();
    const wanted = { message: expect.stringContaining('you may not write there'), exitCode: 3 };
    await withoutRoot(() => expect(run('/usr/grades-of-nobody', [])).rejects.toMatchObject(wanted));
    await mkdir(path.join(folder, 'submissions'));
    await withoutRoot(() => expect(run(folder, [])).rejects.toMatchObject(wanted));
  });
  it.runIf(process.platform === 'linux')('that is no place for folders', async () => {
    await expect(run('/proc/grades', [])).rejects.toThrow("Results can't be written to /proc/grades");
  });
});
