import { describe, expect, it } from 'vitest';
import { untrusted, untrustedLine, withoutTricks } from '../../../../src/report/grades/untrusted.ts';
import { graded, gradesOf, run } from '../../../helpers/grades.ts';

describe('text of others', () => {
  it.each([
    ['::error::x', "'::error::x"],
    ['ok\n  ::set-output name=a::b', "ok\n  '::set-output name=a::b"],
    ['\u00a0::warning::x', "\u00a0'::warning::x"],
    ['see ::error::x', 'see ::error::x'],
    ['a::b', 'a::b'],
    [':\u001b[0m:error::x', "'::error::x"],
    ['10 %\r::error::x', "'::error::x"],
    ['a\u2028::error::x', "a\n'::error::x"],
    ['##[group]x', '## [group]x'],
    ['in a line ##[error]x', 'in a line ## [error]x'],
    ['###[debug]x', '### [debug]x'],
    ['##vso[task.complete]x', '## vso[task.complete]x'],
    ['#\u001b[1m#[error]x', '## [error]x'],
    ['## a heading [1]', '## a heading [1]'],
    ['\u001b]8;;http://evil\u0007link\u001b[2J\0', 'link'],
    ['half \ud800', 'half \ufffd'],
    ['whole 👍', 'whole 👍'],
    ['\uffff\ufdd0', '\ufffd\ufffd'],
  ])('%j becomes %j', (text, safe) => {
    expect(untrusted(text)).toBe(safe);
    expect(untrusted(safe)).toBe(safe);
  });

  it('goes on one line where only one is wanted', () => {
    expect(untrustedLine('a\n\n::error::x\u2029b')).toBe('a ::error::x b');
    expect(untrustedLine('\n::error::x')).toBe(" '::error::x");
  });

  it('is cleaned in every field of a record, and nothing else changes', () => {
    const output = { text: '::error::a\nb', bytes: 12, cut: 0 };
    const dirty = gradesOf([graded('::a\nb', {}, { runs: [run('##[x]', { output })] })]);
    const clean = withoutTricks(dirty);
    const [one] = clean.submissions;
    expect(one?.name).toBe("'::a b");
    expect(one?.runs[0]).toMatchObject({ command: '## [x]', output: { text: "'::error::a\nb", bytes: 12 } });
    const good = gradesOf([graded('ada')]);
    expect(withoutTricks(good)).toEqual(good);
  });
});
