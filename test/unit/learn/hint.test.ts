import { describe, expect, it, test } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import type { MistakeId } from '../../../src/check/mistakes.ts';
import { KINDS } from '../../../src/check/registry.ts';
import { bindNames } from '../../../src/course/bind.ts';
import { givesAway } from '../../../src/course/giveaway.ts';
import { readCourse } from '../../../src/course/read.ts';
import type { Course, Inline, Mistake } from '../../../src/course/types.ts';
import { hint } from '../../../src/learn/hint.ts';
import { wayOutOf } from '../../../src/learn/pages.ts';
import { startWalk } from '../../../src/learn/reduce.ts';
import { taskAt } from '../../../src/learn/select.ts';
import type { WalkEvent, WalkState } from '../../../src/learn/state.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';
import { CANCELLED, NOW, Walk } from './walk.ts';

const mistake = (id: MistakeId, title: string, ...inlines: Inline[]): Mistake => ({
  id,
  title,
  prose: [{ kind: 'paragraph', inlines }],
});
/** The same with the paragraph that says the way out. */
const withWayOut = (one: Mistake, ...inlines: Inline[]): Mistake => ({
  ...one,
  prose: [...one.prose, { kind: 'paragraph', inlines }],
});
const text = (words: string): Inline => ({ kind: 'text', text: words });
const code = (words: string): Inline => ({ kind: 'code', text: words });

const course: Course = {
  ...TINY,
  mistakes: [
    mistake(
      'role-missing',
      'The user does not exist',
      text('It was never\nmade, or '),
      code('CREATE. It'),
      text(' failed. Mend it.'),
    ),
    mistake('role-is-superuser', 'The user may do everything', text('Nobody needs that. Take it away.')),
    mistake('server-down', 'The server does not answer', text('It starts.')),
    withWayOut(
      mistake('role-cannot-replicate', 'The user may not replicate', text('It lacks a right.')),
      text('To mend it: run\n'),
      code('ALTER ROLE'),
      text('.'),
    ),
    mistake('slot-missing', 'Give it away', code('docker exec -it leader psql -c "CREATE USER"'), text('.')),
  ],
};

const role = (state: Finding['state'], named?: MistakeId): Finding =>
  finding('server/role', state, {
    probe: 'pg_roles on leader',
    saw: 'no role replicator.',
    ...(named ? { mistake: named } : {}),
  });
const login = (state: Finding['state'], named?: MistakeId): Finding =>
  finding('server/login', state, { probe: 'a login', saw: 'refused', ...(named ? { mistake: named } : {}) });

/** The learner has run the command, and this was found. */
function tried(...findings: Finding[]): Walk {
  return Walk.at('server/user', {}, [], course)
    .enter()
    .enter()
    .ended()
    .send(judgedAs(...findings));
}

function judgedAs(...findings: Finding[]): WalkEvent {
  return { kind: 'judged', scope: 'task', findings, observation: EMPTY_LAB, final: true, now: NOW };
}

const looked = (walk: Walk, ...findings: Finding[]) =>
  walk.send({ kind: 'polled', taskId: walk.task, findings, observation: EMPTY_LAB, now: NOW });

const ladder = (walk: Walk, levels = 2): (string | undefined)[] =>
  Array.from({ length: levels }, () => walk.send({ kind: 'hint' }).said()[0]);

describe('a hint of what is wrong now', () => {
  it('says where to look and what is seen, then what the mistake is, then shows the command', () => {
    expect(ladder(tried(role('failed', 'role-missing'), login('passed')), 3)).toEqual([
      'Hint 1 of 3: Look at pg_roles on leader. Seen there: no role replicator.',
      'Hint 2 of 3: The user does not exist. It was never made, or `CREATE. It` failed.',
      'Hint 3 of 3, the last: run this.',
    ]);
  });

  it('takes a check that fails before one that waits', () => {
    expect(ladder(tried(role('blocked', 'server-down'), login('failed', 'role-is-superuser')))).toEqual([
      'Hint 1 of 3: Look at a login. Seen there: refused.',
      'Hint 2 of 3: The user may do everything. Nobody needs that.',
    ]);
  });

  it('speaks of a check that waits where none fails', () => {
    expect(ladder(tried(role('blocked', 'server-down'), login('passed')))[1]).toBe(
      'Hint 2 of 3: The server does not answer. It starts.',
    );
  });

  it('follows what is wrong: the second level is of what is wrong by then', () => {
    const walk = tried(role('failed', 'role-missing'), login('passed'));
    walk.send({ kind: 'hint' });
    looked(walk, role('failed', 'role-is-superuser'), login('passed'));
    expect(ladder(walk, 1)).toEqual(['Hint 2 of 3: The user may do everything. Nobody needs that.']);
  });
});

describe('the last hint', () => {
  const COMMAND = 'Hint 3 of 3, the last: run this.';
  const WAY_OUT = 'Hint 3 of 3, the last. To mend it: run `ALTER ROLE`.';
  const CAUSE = role('failed', 'role-cannot-replicate');
  const last = (walk: Walk) => [ladder(walk, 3)[2], ...walk.did];

  it('is the way out of the cause, in place of the command that was run and does not help', () => {
    expect(last(tried(CAUSE, login('passed')))).toEqual([WAY_OUT, 'feed say', 'save']);
  });

  it('is the way out where the cause came up here, in another window', () => {
    const walk = looked(Walk.at('server/user', {}, [], course).enter(), role('failed', 'role-missing'));
    expect(last(looked(walk, CAUSE))[0]).toBe(WAY_OUT);
  });

  it('is the command while only another one was run, and the cause is what the learner came with', () => {
    const walk = looked(Walk.at('server/user', {}, [], course).enter(), CAUSE);
    walk.send({ kind: 'edit' }).send({ kind: 'submit', command: 'docker ps' }).ended();
    expect(last(walk.send(judgedAs(CAUSE)))).toEqual([COMMAND, 'feed say', 'feed code', 'save']);
  });

  it('is the command where it was stopped before its end', () => {
    const walk = looked(Walk.at('server/user', {}, [], course).enter(), CAUSE);
    expect(last(walk.enter().ended(CANCELLED))[0]).toBe(COMMAND);
  });

  it('is given again once the cause is known, to whoever has had the command', () => {
    const walk = looked(Walk.at('server/user', {}, [], course).enter(), CAUSE);
    expect(last(walk)[0]).toBe(COMMAND);
    walk.enter().ended().send(judgedAs(CAUSE));
    expect(ladder(walk, 1)).toEqual([WAY_OUT]);
  });

  it('has Enter write the files of a task until they are written', () => {
    const conf = finding('files/conf', 'failed', { mistake: 'role-cannot-replicate' });
    const walk = looked(Walk.at('files/write', {}, [], course), finding('files/conf', 'failed'));
    looked(walk, conf);
    expect(last(walk)[0]).toBe('Hint 3 of 3: Press Enter: it writes leader/postgresql.conf.');
    walk.enter().send({ kind: 'wrote', problems: [] }).send(judgedAs(conf));
    expect(ladder(walk, 1)).toEqual([WAY_OUT]);
  });
});

describe('the hints of the lesson', () => {
  const WRITTEN = ['Hint 1 of 3: Which users are there?', 'Hint 2 of 3: It needs two attributes.'];

  it.each<[string, Walk]>([
    ['nothing was looked at', Walk.at('server/user', {}, [], course)],
    [
      'nothing was tried: what does not hold is what there is to do',
      looked(Walk.at('server/user', {}, [], course), role('failed', 'role-missing')),
    ],
    ['the cause has no name', tried(role('failed'), login('passed'))],
    ['the cause has no page', tried(role('failed', 'hba-missing'), login('passed'))],
  ])('are given where %s', (_, walk) => {
    expect(ladder(walk)).toEqual(WRITTEN);
  });

  it('are given where the page would show the command', () => {
    expect(ladder(tried(role('failed', 'slot-missing'), login('passed')))[1]).toBe(WRITTEN[1]);
  });

  it('make room for a mistake that was made in another window meanwhile', () => {
    const walk = looked(Walk.at('server/user', {}, [], course), role('failed', 'role-missing'));
    expect(ladder(walk, 1)).toEqual([WRITTEN[0]]);
    looked(walk, role('failed', 'role-is-superuser'));
    expect(ladder(walk, 1)).toEqual(['Hint 2 of 3: The user may do everything. Nobody needs that.']);
  });
});

describe('no hint of the built-in course', async () => {
  const read = await readCourse('lessons');
  const lessons = bindNames(read, { ...read.names, project: 'solutions' });
  const tasks = lessons.lessons.flatMap(({ tasks }) => tasks).filter(({ hints }) => hints.length > 0);

  /** Levels 1 and 2 of a task where this mistake is what is wrong. */
  function hintsOf(id: string, check: string, named: MistakeId): string[] {
    const { state } = startWalk(lessons, { at: id });
    const found = finding(check, 'failed', { mistake: named });
    let now: WalkState = {
      ...state,
      activity: { kind: 'idle' },
      findings: { [check]: found },
      visit: { ...state.visit, acted: true },
    };
    return [1, 2].flatMap(() => {
      const step = hint(now, taskAt(now));
      now = step.state;
      return step.effects.flatMap((effect) =>
        effect.kind === 'feed' && effect.item.kind === 'say' ? [effect.item.text] : [],
      );
    });
  }

  it.each(tasks.map((task) => [task.id, task] as const))('gives the command of %s away', (id, task) => {
    const command = task.action.kind === 'command' ? task.action.command : '';
    for (const written of task.hints) expect(givesAway(written, command), written).toBe(false);
    for (const check of task.checks) {
      for (const named of KINDS[check.kind]?.mistakes ?? []) {
        const hints = hintsOf(id, check.id, named);
        expect(hints).toHaveLength(2);
        for (const said of hints) {
          expect(givesAway(said, command), said).toBe(false);
          // A sentence is whole: it ends, and its code is closed.
          expect(said, said).toMatch(/[.?!]$/);
          expect(said.split('`').length % 2, said).toBe(1);
        }
      }
    }
  });
});

test('every mistake of the built-in course has a way out', async () => {
  const { mistakes } = await readCourse('lessons');
  for (const one of mistakes) expect(wayOutOf(one), one.id).toMatch(/^To mend it: .*\.$/);
});
