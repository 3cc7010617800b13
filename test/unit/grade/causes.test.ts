import { expect, it } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import { withCauses } from '../../../src/grade/causes.ts';
import type { RunRecord } from '../../../src/grade/types.ts';

const finding = (state: Finding['state']): Finding => ({
  id: 'base-backup/copy-complete',
  title: 'a copy',
  state,
  probe: 'p',
  saw: 's',
  wanted: 'w',
  why: 'It is no copy.',
  ms: 1,
});
const run = (text: string, over: Partial<RunRecord> = {}): RunRecord => ({
  command: 'bash follower/setup-follower.sh',
  exitCode: 1,
  timedOut: false,
  ms: 1,
  output: { text, bytes: text.length, cut: 0 },
  ...over,
});
const causeOf = (...runs: RunRecord[]) => withCauses([finding('failed')], runs)[0]?.cause;

it('says what a script complained of that ended badly', () => {
  const said =
    'pg_basebackup: error: could not send replication command: replication slot "x" does not exist';
  const then = 'pg_basebackup: error: background process terminated unexpectedly';
  expect(
    causeOf(run(`psql: error: not yet\nwaiting\n${said}\n${then}\nremoving contents of data directory\n`)),
  ).toBe(`\`bash follower/setup-follower.sh\` ended with exit code 1 and said: ${said}.`);
});

it('takes the last line where none looks like an error, and none where there is no output', () => {
  expect(causeOf(run('one\ntwo\n\n'))).toContain('and said: two.');
  expect(causeOf(run(''))).toBe('`bash follower/setup-follower.sh` ended with exit code 1.');
});

it('tells what was refused, not what to do about it', () => {
  const said = 'the grader does not know the property privileged (service leader)';
  expect(causeOf(run(`${said}.\nLeave it out.`))).toContain(`and said: ${said}.`);
});

it('tells a script that went on after an error, but not one that only talks of errors', () => {
  expect(causeOf(run('ERROR:  role "x" does not exist\ndone', { exitCode: 0 }))).toBe(
    '`bash follower/setup-follower.sh` said: ERROR:  role "x" does not exist.',
  );
  expect(causeOf(run('Error response from daemon: network x not found', { exitCode: 0 }))).toContain(
    'network x',
  );
  expect(causeOf(run('no error was found', { exitCode: 0 }))).toBeUndefined();
});

it('tells a time that was over, and cuts what is long', () => {
  expect(causeOf(run('', { exitCode: null, timedOut: true }))).toContain(
    'was ended because its time was over',
  );
  expect(causeOf(run(`error ${'x'.repeat(5000)}`))?.length).toBeLessThan(450);
});

it('leaves what passed as it is', () => {
  const passed = [finding('passed')];
  expect(withCauses(passed, [run('error')])).toEqual(passed);
});
