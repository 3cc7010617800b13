import type { Block, Course, Lesson, Task } from '../../src/course/types.ts';

const paragraph = (text: string): Block => ({
  kind: 'paragraph',
  inlines: text.split('`').map((part, index) => ({ kind: index % 2 === 1 ? 'code' : 'text', text: part })),
});

const check = (id: string, title: string, once = false) => ({ id, kind: 'test', args: {}, title, once });

const CREATE_USER = `docker exec -it --user postgres leader psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';"`;
const CREATE_SLOT = `docker exec -it --user postgres leader psql -U postgres -d appdb -c "SELECT * FROM pg_create_physical_replication_slot('follower_slot');"`;

const TASKS: Task[] = [
  {
    id: 'prepare-leader/user',
    title: 'A user that may replicate',
    prose: [
      paragraph('The statement makes a database user called `replicator`. `REPLICATION` lets it stream WAL.'),
      {
        kind: 'list',
        ordered: false,
        items: [[{ kind: 'text', text: 'it can log in' }], [{ kind: 'text', text: 'it can replicate' }]],
      },
    ],
    prediction: {
      question: 'Can `replicator` read the rows of your tables through SQL once it exists?'.replaceAll(
        '`',
        '',
      ),
      options: ['Yes', 'No'],
      answer: 1,
      because: 'REPLICATION grants no right on any table.',
    },
    action: { kind: 'command', command: CREATE_USER },
    checks: [check('prepare-leader/replicator-exists', 'replicator can log in and replicate')],
    hints: ['Which users does the leader know?', 'It must be able to log in, and to replicate.'],
  },
  {
    id: 'prepare-leader/slot',
    title: 'A place that is kept for the follower',
    prose: [
      paragraph(
        'When the follower is away, the leader may delete WAL that the follower has not read. A slot is a bookmark with a promise: what comes after it is kept.',
      ),
      {
        kind: 'note',
        inlines: [
          { kind: 'strong', text: 'Watch out.' },
          {
            kind: 'text',
            text: ' By default the promise has no limit. If the follower never comes back, WAL fills the disk of the leader.',
          },
        ],
      },
      {
        kind: 'code',
        language: 'sql',
        text: '-- what the leader knows\nSELECT slot_name, active FROM pg_replication_slots;',
      },
    ],
    action: { kind: 'command', command: CREATE_SLOT },
    checks: [
      check('prepare-leader/slot-exists', 'follower_slot exists on the leader'),
      check('prepare-leader/slot-physical', 'follower_slot is physical'),
    ],
    hints: ['The view `pg_replication_slots` lists all slots.', 'It must be of the physical kind.'],
  },
  {
    id: 'prepare-leader/read',
    title: 'What you have now',
    prose: [paragraph('The leader is ready to be copied.')],
    action: { kind: 'read' },
    checks: [],
    hints: [],
  },
];

const filler = (step: number, id: string, title: string, needs: string[] = []): Lesson => ({
  id,
  step,
  title,
  minutes: 3 + (step % 4),
  points: 5,
  needs,
  concepts: ['replication-slot'],
  intro: [paragraph(`Lesson ${step} is here.`)],
  tasks: [
    {
      id: `${id}/only`,
      title: `Do ${title.toLowerCase()}`,
      prose: [paragraph('One thing to do.')],
      action:
        step === 3
          ? {
              kind: 'write',
              files: [
                { path: 'docker-compose.yml', from: 'a' },
                { path: 'leader/postgresql.conf', from: 'b' },
              ],
            }
          : { kind: 'command', command: 'docker compose up -d leader' },
      checks: [check(`${id}/holds`, `${title} holds`)],
      hints: ['Look.', 'Think.'],
    },
  ],
});

/** Twelve lessons, of which the eighth is like the real one and the rest are short. */
export const SMALL_COURSE: Course = {
  id: 'small',
  title: 'A small course',
  version: '1.0.0',
  names: { leader: 'leader', follower: 'follower', slot: 'follower_slot' },
  lessons: [
    filler(1, 'workspace', 'A folder for your work'),
    filler(2, 'docker', 'Docker on your machine'),
    filler(3, 'compose-file', 'The compose file'),
    filler(4, 'leader-conf', 'The configuration of the leader'),
    filler(5, 'follower-conf', 'The configuration of the follower'),
    filler(6, 'dataset', 'The first rows'),
    filler(7, 'start-leader', 'Start the leader'),
    {
      id: 'prepare-leader',
      step: 8,
      title: 'Prepare the leader for replication',
      minutes: 7,
      points: 18,
      needs: ['start-leader'],
      concepts: ['replication-user', 'replication-slot'],
      intro: [
        paragraph(
          'The leader runs, but it lets nobody copy it. It needs three things: a user that may replicate, a place that remembers how far the follower has read, and a rule that lets the user in.',
        ),
      ],
      tasks: TASKS,
    },
    filler(9, 'base-backup', 'Copy the leader', ['prepare-leader']),
    filler(10, 'start-follower', 'Start the follower', ['base-backup']),
    filler(11, 'inventory', 'Rows that travel', ['start-follower']),
    filler(12, 'verify', 'Prove it', ['inventory']),
  ],
  concepts: [
    {
      id: 'replication-user',
      title: 'Replication user',
      prose: [paragraph('A user with the attribute `REPLICATION` may stream WAL.')],
    },
    {
      id: 'replication-slot',
      title: 'Replication slot',
      prose: Array.from({ length: 12 }, (_, index) =>
        paragraph(
          `Paragraph ${index + 1}. A slot lives on the leader, and remembers how far one follower has read. What comes after it is kept, whatever that costs.`,
        ),
      ),
      query: { on: 'leader', sql: 'SELECT slot_name, restart_lsn FROM pg_replication_slots;' },
    },
  ],
  mistakes: [
    {
      id: 'slot-missing',
      title: 'The slot was never made',
      prose: [paragraph('Nothing made the slot yet.')],
    },
  ],
  grading: { followThrough: 100, optional: [], checks: {} },
  files: { a: 'services: {}\n', b: '' },
};
