import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import type { Mistake } from '../../../src/course/types.ts';
import { type LessonResult, makeResult } from '../../../src/report/result.ts';
import { textReport } from '../../../src/report/text.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';

const result = (findings: Finding[]) =>
  makeResult({
    tool: 't',
    course: TINY,
    lessons: TINY.lessons,
    findings,
    observation: EMPTY_LAB,
    records: {},
    ms: 1,
  });
const page = (id: Mistake['id'], text: string): Mistake => ({
  id,
  title: `Title of ${id}`,
  prose: [{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }],
});
const MISTAKES = [page('data-gone', 'To mend it: do lesson 7.'), page('slot-lost', 'To mend it: drop it.')];
const report = (findings: Finding[]) => textReport(result(findings), MISTAKES, 60);
const linesOf = (findings: Finding[]) => report(findings).split('\n');

describe('the report for people', () => {
  it('has one line a lesson when all holds, and the sum', () => {
    const holds = ['files/conf', 'server/role', 'server/login', 'proof/rows'].map((id) =>
      finding(id, 'passed'),
    );
    expect(report(holds)).toBe(
      ['passed   1  Files', 'passed   2  Server', 'passed   3  Proof', '', '3 of 3 steps hold.', ''].join(
        '\n',
      ),
    );
  });

  it.each(['failed', 'error'] as const)(
    'shows of every check that is %s what was looked at, seen and wanted, and why',
    (state) => {
      const open = ['server/role', 'server/login'].map((id) => finding(id, state));
      const text = report([finding('files/conf', 'passed'), ...open]);
      for (const { title, probe, saw, wanted, why } of open)
        for (const part of [title, probe, saw, wanted, why]) expect(text).toContain(part);
    },
  );

  it('keeps the evidence of a check under its own lesson', () => {
    const lines = linesOf([finding('files/conf', 'failed'), finding('proof/rows', 'failed')]);
    const at = (text: string) => lines.findIndex((line) => line.includes(text));
    expect(at('1  Files')).toBeLessThan(at('saw of files/conf'));
    expect(at('saw of files/conf')).toBeLessThan(at('2  Server'));
    expect(at('3  Proof')).toBeLessThan(at('saw of proof/rows'));
  });

  it('shows evidence also when the lesson is blocked by one that it needs', () => {
    const lines = linesOf([
      finding('files/conf', 'failed'),
      finding('server/role', 'failed'),
      finding('server/login', 'passed'),
    ]);
    expect(lines.find((line) => line.includes('Server'))).toMatch(/^blocked/);
    expect(lines.join('\n')).toContain('saw of server/role');
  });

  it('says of a blocked check only what it waits for', () => {
    const text = report([finding('server/role', 'blocked')]);
    expect(text).toContain('blocked: title of server/role (saw of server/role)');
    expect(text).not.toContain('why of server/role');
  });

  it('says nothing of a check that passes beside one that does not', () => {
    const text = report([finding('server/role', 'passed'), finding('server/login', 'failed')]);
    expect(text).not.toContain('server/role');
  });

  it.each<[LessonResult['state'], RegExp]>([
    ['passed', /^passed +1 {2}Files$/m],
    ['failed', /^FAILED +1 {2}Files$/m],
    ['blocked', /^blocked +1 {2}Files$/m],
    ['error', /^error +1 {2}Files$/m],
    ['skipped', /^skipped +1 {2}Files$/m],
  ])('has a word of one width for a lesson that is %s', (state, line) => {
    const full = result([]);
    const lessons = full.lessons.map((lesson) => ({ ...lesson, state }));
    const text = textReport({ ...full, lessons }, [], 60);
    expect(text).toMatch(line);
    expect(
      new Set(
        text
          .split('\n')
          .slice(0, 3)
          .map((one) => one.search(/\d/)),
      ),
    ).toEqual(new Set([9]));
  });

  it('says once, at the end, how to mend the first fault', () => {
    const text = report([
      finding('files/conf', 'passed'),
      finding('server/role', 'failed', { mistake: 'data-gone' }),
      finding('server/login', 'failed', { mistake: 'data-gone' }),
      finding('proof/rows', 'failed', { mistake: 'slot-lost' }),
    ]);
    expect(text).toMatch(
      /\n\nBegin here: Title of data-gone\.\n\nTo mend it: do lesson 7\.\n\n\d of 3 steps hold\.\n$/,
    );
    expect(text.split('Title of')).toHaveLength(2);
  });

  it.each(['blocked', 'error'] as const)('takes no check that is %s for the fault', (state) => {
    expect(report([finding('server/role', state, { mistake: 'data-gone' })])).not.toContain('Begin here');
  });

  it('has no colour codes', () => {
    expect(report([finding('files/conf', 'failed')])).not.toContain('\u001b');
  });
});
