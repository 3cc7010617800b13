import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { describePlace } from '../../src/course/place.ts';
import type { Observation } from '../../src/observe/types.ts';
import { renderItem } from '../../src/plain/render.ts';
import { plainWalk } from '../../src/plain/walk.ts';
import { type FakeOptions, fakeDriver } from '../helpers/fake-driver.ts';
import { LEADER_UP, pairStreams } from '../helpers/observations.ts';
import { SMALL_COURSE } from '../helpers/small-course.ts';

test.each([
  ['docker compose up -d leader', 'on your machine'],
  ['mkdir -p leader follower', 'on your machine'],
  ['docker exec -it --user postgres leader psql -U postgres -c "SELECT 1"', 'psql in leader'],
  ['docker exec -u postgres -e PGPASSWORD=x follower pg_basebackup -h leader', 'in container follower'],
  ['docker exec --user=postgres leader bash -c "echo"', 'in container leader'],
  ['docker compose exec leader psql', 'psql in leader'],
  ['docker compose -f docker-compose.yml exec -T leader cat /x', 'in container leader'],
  ['sudo docker run --rm postgres:14 ls', 'in a new container'],
  ['docker compose run --rm follower bash', 'in a new container'],
  ['docker logs leader', 'on your machine'],
])('%s runs %s', (command, place) => {
  expect(describePlace(command)).toBe(place);
});

describe('renderItem', () => {
  test('a finding says in words what was seen, wanted, and why', () => {
    const finding = {
      id: 'a/b',
      title: 'the slot exists',
      probe: 'pg_replication_slots',
      saw: 'no slot',
      wanted: 'one slot',
      why: 'It keeps WAL.',
      ms: 1,
    };
    const items = [
      { ...finding, state: 'failed' as const },
      { ...finding, state: 'passed' as const },
    ];
    expect(renderItem({ kind: 'findings', findings: items }, { columns: 80 })).toBe(
      'Not yet: the slot exists\n  saw: no slot (pg_replication_slots)\n  wanted: one slot\n  why: It keeps WAL.\nPassed: the slot exists\n',
    );
  });

  test('the end says what to do next', () => {
    const text = renderItem({ kind: 'done', flags: ' --dir mine' }, { columns: 80 });
    expect(text).toContain('What you did, as a text and as a script: npx walkthrough runbook --dir mine\n');
    expect(text).toContain('npx walkthrough reset --dir mine\n');
  });

  test('a command to copy is set in by four, and is not wrapped', () => {
    const text = `docker ${'x'.repeat(100)} \\\n  run`;
    expect(renderItem({ kind: 'code', text }, { columns: 60 })).toBe(
      `    docker ${'x'.repeat(100)} \\\n      run\n`,
    );
  });

  test('output loses all that steers a terminal, and is not wrapped', () => {
    const text = `\x1b[31mred\x1b[0m \x1b[2J${'x'.repeat(200)}\n`;
    expect(renderItem({ kind: 'output', text }, { columns: 60 })).toBe(`red ${'x'.repeat(200)}\n`);
  });

  test('a lesson and its tasks are lines without escapes', () => {
    const lesson = SMALL_COURSE.lessons[7];
    if (!lesson) throw new Error('no lesson 8');
    const text = [
      renderItem({ kind: 'lesson', lesson, total: 12 }, { columns: 72 }),
      ...lesson.tasks.map((task, index) =>
        renderItem({ kind: 'task', task, number: index + 1, total: 3 }, { columns: 72 }),
      ),
    ].join('');
    expect(text).not.toContain('\x1b');
    expect(text).toMatchInlineSnapshot(`
      "
      Lesson 8 of 12: Prepare the leader for replication

      The leader runs, but it lets nobody copy it. It needs three things: a
      user that may replicate, a place that remembers how far the follower has
      read, and a rule that lets the user in.

      Task 1 of 3: A user that may replicate

      The statement makes a database user called \`replicator\`. \`REPLICATION\`
      lets it stream WAL.

      - it can log in
      - it can replicate

      Command, psql in leader:
      docker exec -it --user postgres leader psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';"

      Task 2 of 3: A place that is kept for the follower

      When the follower is away, the leader may delete WAL that the follower
      has not read. A slot is a bookmark with a promise: what comes after it
      is kept.

      Watch out: By default the promise has no limit. If the follower never
      comes back, WAL fills the disk of the leader.

          -- what the leader knows
          SELECT slot_name, active FROM pg_replication_slots;

      Command, psql in leader:
      docker exec -it --user postgres leader psql -U postgres -d appdb -c "SELECT * FROM pg_create_physical_replication_slot('follower_slot');"

      Task 3 of 3: What you have now

      The leader is ready to be copied.
      "
    `);
  });
});

describe('the plain walk', () => {
  /** Types the lines one after another; gives all that was printed. */
  async function walked(lines: string[], options: FakeOptions = {}) {
    const driver = fakeDriver({ observation: LEADER_UP, at: 'prepare-leader/slot', ...options });
    const input = new PassThrough();
    const output = new PassThrough();
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
    });
    const code = plainWalk(driver, { kind: 'docker', text: 'docker' }, { input, output });
    input.end(lines.map((line) => `${line}\n`).join(''));
    return { code: await code, text, driver };
  }

  test('runs the command by its number and quits by name', async () => {
    const { code, text } = await walked(['1', 'quit']);
    expect(code).toBe(0);
    expect(text).toContain(
      'Choose: 1 run, 2 skip, 3 edit, 4 hint, 5 concepts, 6 lessons, 7 back, 8 command,\n9 shell, 10 quit.',
    );
    expect(text).toContain('Running, psql in leader:');
    expect(text).toContain('Done in 0.0 s.');
    expect(text).toContain('Your place is kept. Start it again (npm start) to go on.');
    expect(text).not.toContain('\x1b');
  });

  test('says what is accepted when it does not understand', async () => {
    const { text } = await walked(['dance', '99', 'q']);
    expect(text).toContain('"dance" is none of the choices. Type a number from 1 to 10, or a name.');
    expect(text).toContain('"99" is none of the choices.');
  });

  test('asks a prediction, and takes its numbers for the options', async () => {
    const { text } = await walked(['2', '', 'q'], {
      at: 'prepare-leader/user',
      proves: () => ['prepare-leader/replicator-exists'],
    });
    expect(text).toContain('Before you run it: Can replicator');
    expect(text).toContain('You said "No", and that is right.');
  });

  test('edits, lists the lessons, explains, and offers three ways to skip', async () => {
    const { text, driver } = await walked([
      'edit',
      'echo other',
      'concepts',
      '',
      'skip',
      '1',
      'lessons',
      '3',
      'q',
    ]);
    expect(text).toContain('Type the command that is to run in its place');
    expect(text).toContain('Running, on your machine:\necho other');
    expect(text).toContain('Replication slot.');
    expect(text).toContain('Choose: 1 stay with it, 2 let the tool do it, 3 go on without it.');
    expect(text).toContain('8 Prepare the leader for replication (waits, you are here)');
    expect(driver.getState().place).toEqual({ lesson: 2, task: 0 });
  });

  test('offers to count a lesson as done that holds already', async () => {
    const arrive = { holds: ['inventory/holds'] };
    const { driver, text } = await walked(['lessons', '11', 'maybe', '2', 'q'], arrive);
    expect(text).toContain(
      'All of this lesson holds already.\nChoose: 1 walk through it, 2 count it as done and go on.\n> Type 1 or 2.',
    );
    expect(text).toContain('Step 11 (Rows that travel) held already, so it counts as done.');
    expect(driver.getState().place).toEqual({ lesson: 11, task: 0 });
    expect(driver.getState().records['inventory/only']?.provenance).toBe('held');
    const through = await walked(['lessons', '11', '1', 'q'], arrive);
    expect(through.driver.getState().place).toEqual({ lesson: 10, task: 0 });
    expect(through.text).toContain('Choose: 1 run,');
  });

  test('goes to the one lesson that a word finds', async () => {
    const { driver } = await walked(['lessons', 'prove', 'q']);
    expect(driver.getState().place).toEqual({ lesson: 11, task: 0 });
  });

  test('shows the lessons that a word finds, and takes their numbers', async () => {
    const { driver, text } = await walked(['lessons', 'leader', '9', 'q']);
    const from = text.indexOf('Lessons with "leader":');
    expect(text.slice(from, text.indexOf('\n\n', from))).toMatchInlineSnapshot(`
      "Lessons with "leader":
        4 The configuration of the leader (open)
        7 Start the leader (open)
        8 Prepare the leader for replication (waits, you are here)
        9 Copy the leader (waits)
      Type the number of a lesson to go there, another word, or Enter to stay.
      > 
      Lesson 9 of 12: Copy the leader"
    `);
    expect(driver.getState().place).toEqual({ lesson: 8, task: 0 });
  });

  test('searches again among all lessons, and goes back to all of them with the next question', async () => {
    const { driver, text } = await walked(['lessons', 'leader', 'zebra', 'config', '', 'lessons', '', 'q']);
    expect(text).toContain('No lesson has "zebra". Type a number from 1 to 12, another word, or Enter.');
    expect(text).toContain('Lessons with "config":');
    expect(text.split('  1 A folder for your work (')).toHaveLength(3);
    expect(driver.getState().place).toEqual({ lesson: 7, task: 1 });
  });

  test('says which numbers there are', async () => {
    expect((await walked(['lessons', '13', '', 'q'])).text).toContain(
      'Type a number from 1 to 12, a word, or Enter.',
    );
  });

  test('explains only when the servers have answered, and keeps what was typed meanwhile', async () => {
    const driver = fakeDriver({ observation: LEADER_UP, at: 'prepare-leader/slot', answer: () => null });
    const input = new PassThrough();
    const output = new PassThrough();
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
    });
    const code = plainWalk(driver, { kind: 'docker', text: 'docker' }, { input, output });
    input.end('concepts\n\nhint\n');
    await expect.poll(() => text).toContain('\nAsking your servers.\n');
    expect(text).not.toContain('Replication slot.');
    driver.report({
      kind: 'answered',
      concept: 'replication-slot',
      answer: { state: 'answered', columns: ['slot_name'], rows: [['follower_slot']], total: 1, note: '' },
    });
    expect(await code).toBe(0);
    expect(text.split('Asking your servers.')).toHaveLength(2);
    const order = [
      'Replication slot.',
      'See it on the leader:',
      '    follower_slot',
      'Press Enter',
      'Hint 1',
    ];
    expect(order.map((one) => text.indexOf(one))).toEqual(
      order.map((one) => text.indexOf(one)).toSorted((a, b) => a - b),
    );
    expect(text).toContain('Hint 1 of 3');
  });

  test('ends when the input ends', async () => {
    expect((await walked([])).code).toBe(0);
  });

  describe('what the servers do', () => {
    /** A walk that waits at its prompt; `text` is what it has printed, `seen` reports one more look at the lab. */
    async function waiting() {
      const driver = fakeDriver({ observation: LEADER_UP, at: 'prepare-leader/slot' });
      const input = new PassThrough();
      const output = new PassThrough();
      let text = '';
      output.on('data', (chunk) => {
        text += chunk;
      });
      const code = plainWalk(driver, { kind: 'docker', text: 'docker' }, { input, output });
      const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
      await settled();
      return {
        printed: () => text,
        async seen(observation: Observation) {
          const before = text.length;
          driver.report({ kind: 'observed', findings: [], observation });
          await settled();
          return text.slice(before);
        },
        async quit() {
          input.end('q\n');
          await code;
        },
      };
    }

    test('is said before the first prompt', async () => {
      const walk = await waiting();
      expect(walk.printed()).toMatch(
        /\nNow: the leader is a primary, and the follower has no container; nobody uses\nfollower_slot\.\n\nChoose: [^>]*\n> $/,
      );
      await walk.quit();
    });

    test('is said once more when it changes, with the prompt after it, and not for bytes alone', async () => {
      const walk = await waiting();
      expect(await walk.seen(LEADER_UP)).toBe('');
      expect(await walk.seen(pairStreams(0))).toBe(
        '\n\nNow: the follower streams from the leader through follower_slot, 0 bytes behind.\n> ',
      );
      expect(await walk.seen(pairStreams(2048))).toBe('');
      expect(await walk.seen(pairStreams(0, 0x4000000))).toBe('');
      expect(await walk.seen(pairStreams(-4096))).toContain('Now: the follower has diverged');
      await walk.quit();
    });
  });
});
