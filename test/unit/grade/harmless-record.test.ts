import { expect, it } from 'vitest';
import { machineFailure } from '../../../src/grade/docker-room/failures.ts';
import { refuseOwnPrograms } from '../../../src/grade/docker-room/programs.ts';
import { harmlessRecord } from '../../../src/grade/harmless-record.ts';
import type { GradedSubmission, Remark } from '../../../src/grade/types.ts';

const remark = (message: string): Remark => ({ kind: 'policy', id: 'x', where: 'y', message });
const record = (remarks: Remark[]): GradedSubmission => ({
  name: 'anna',
  outcome: 'graded',
  score: 0,
  maxScore: 100,
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 1,
  problem: null,
  lessons: [],
  remarks,
  runs: [
    {
      command: 'bash \u001b[31mx',
      exitCode: 0,
      timedOut: false,
      ms: 1,
      output: { text: 'a\u001b]0;owned\u0007b\n', bytes: 10, cut: 0 },
    },
  ],
});

it('takes what steers a terminal out of all texts', () => {
  const { remarks, runs } = harmlessRecord(record([remark('a\u001b]52;c;eA==\u0007b\u202ec')]));
  expect(remarks[0]?.message).toBe('abc');
  expect(runs[0]).toMatchObject({ command: 'bash x', output: { text: 'ab\n' } });
});

it('keeps a record small', () => {
  const many = Array.from({ length: 1000 }, () => remark('x'.repeat(100_000)));
  const clean = harmlessRecord(record(many));
  expect(clean.remarks).toHaveLength(101);
  expect(clean.remarks.at(-1)?.message).toContain('900 more');
  expect(JSON.stringify(clean).length).toBeLessThan(500_000);
});

it.each([
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  'Error response from daemon: mkdir /var/lib/docker/x: no space left on device',
  'No such image: postgres:14',
  'could not find an available, non-overlapping IPv4 address pool among the defaults',
])('knows a failure of the machine: %s', (message) => expect(machineFailure(message)).not.toBeNull());

it.each([
  'unable to find user no space left on device: no matching entries in passwd file',
  'OCI runtime exec failed: exec: "Cannot connect to the Docker daemon": executable file not found in $PATH',
  'exec: "no such image": executable file not found',
])('takes no words of a submission for one: %s', (message) => expect(machineFailure(message)).toBeNull());

it.each(['/usr/lib/postgresql/14/bin', '/bin', '/', '/etc', '/lib64/x', '/etc/ld.so.preload', '/proc/self'])(
  'mounts nothing at %s',
  (target) => expect(() => refuseOwnPrograms([target], {})).toThrow(/does not mount over/),
);

it('mounts where servers have their files, and lets them have their variables', () => {
  const targets = [
    '/var/lib/postgresql/data',
    '/etc/postgresql/postgresql.conf',
    '/docker-entrypoint-initdb.d',
    '/data',
  ];
  expect(() => refuseOwnPrograms(targets, { POSTGRES_USER: 'postgres', PGDATA: '/x' })).not.toThrow();
  for (const name of ['PATH', 'LD_PRELOAD', 'BASH_ENV'])
    expect(() => refuseOwnPrograms([], { [name]: 'x' })).toThrow(`does not know the variable ${name}`);
});
