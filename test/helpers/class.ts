import type { Grades } from '../../src/grade/types.ts';
import { failedWith, graded, gradedLesson, gradesOf, partial, remark, run, unusable } from './grades.ts';

const noSlot = gradedLesson(8, ['passed', 'failed'], {
  ...failedWith('slot-missing', 'no slot named follower_slot; there is one named follower'),
  probe: 'pg_replication_slots on leader',
  wanted: 'a physical slot named follower_slot',
  why: 'Without a slot, a follower that falls behind may have to start over with a new base backup.',
});
const waits = gradedLesson(9, ['blocked', 'blocked'], {
  saw: 'the follower is not running yet',
  followThrough: 'passed',
});
const wrongPort = gradedLesson(3, ['failed', 'passed'], {
  ...failedWith('wrong-container-port', '5433:5433\n5434:5433'),
  probe: 'ports of leader in docker-compose.yml',
  wanted: '5433:5432',
  why: 'Inside its container the server listens on 5432, whatever is published outside.',
});

/** A class as it may be: good work, gaps, no mark, and long and foreign names. */
export const CLASS: Grades = gradesOf([
  graded('ada-lovelace'),
  graded('bob', {
    8: noSlot,
    9: { ...waits, points: 16, checks: waits.checks.map((check) => ({ ...check, points: 8 })) },
    10: gradedLesson(10, ['blocked', 'blocked'], { saw: 'the follower is not running yet' }),
  }),
  graded(
    'Chiara Ὀδυσσεύς Петрова 山田太郎 with a very long name that goes on and on',
    {
      3: wrongPort,
      7: gradedLesson(7, ['failed', 'blocked'], failedWith('server-down', 'no server answers')),
    },
    {
      remarks: [
        remark(),
        remark({
          kind: 'note',
          id: 'needs-terminal',
          where: 'leader/setup-leader.sh:12',
          message: 'The script asks for a terminal.',
        }),
      ],
      runs: [
        run('docker compose up -d leader'),
        run('bash leader/setup-leader.sh', {
          exitCode: 1,
          output: {
            text: 'psql: error: connection to server failed\nFATAL:  no such user',
            bytes: 80_000,
            cut: 79_000,
          },
        }),
      ],
    },
  ),
  graded('dora', {
    8: noSlot,
    12: gradedLesson(12, ['passed', 'failed'], failedWith('rows-differ', '3 rows, not 5')),
  }),
  unusable('emil'),
  partial('frida'),
]);
