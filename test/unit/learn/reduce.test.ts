import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import type { Block, Course } from '../../../src/course/types.ts';
import type { LiveAnswer } from '../../../src/learn/live-answer.ts';
import { reduce, startWalk } from '../../../src/learn/reduce.ts';
import { asksToLeave, taskAt, taskPassed } from '../../../src/learn/select.ts';
import type { Intent, Mode, TaskRecord, WalkState } from '../../../src/learn/state.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';
import { CANCELLED, LATER, NOW, OK, Walk } from './walk.ts';

const PASSED: TaskRecord = { everPassed: '2026-11-30T10:00:00.000Z', provenance: 'learner' };

describe('opening', () => {
  it('looks at the lab before anything else, and holds the keys until it has', () => {
    const walk = new Walk();
    expect(walk.effects).toEqual([{ kind: 'open' }]);
    expect(walk.enter().effects).toEqual([]);
    expect(walk.state.activity).toEqual({ kind: 'opening' });
  });

  it.each([
    ['at the first task when nothing is stored', undefined, 'files/read'],
    ['at the stored task', 'server/user', 'server/user'],
    ['at the first task when the stored one is in the course no more', 'gone/away', 'files/read'],
  ])('opens %s', (_, at, task) => {
    expect(new Walk({ at }).open().task).toBe(task);
  });

  it('shows the heading of the lesson only on its first task', () => {
    expect(Walk.at('server/start').did).toEqual(['feed lesson', 'feed task', 'adapt']);
    expect(Walk.at('server/look').did).toEqual(['feed task', 'adapt']);
  });

  it('says which step was done and does not hold any more, and what is gone', () => {
    const records = { 'files/read': PASSED, 'files/write': PASSED };
    const walk = Walk.at('server/start', { records }, [
      finding('files/conf', 'failed', { saw: 'no such file' }),
    ]);
    expect(walk.said('warn')).toHaveLength(1);
    expect(walk.said('warn')[0]).toMatch(/^Step 1 \(Files\) was done, but it does not hold any more\./);
    expect(walk.said('warn')[0]).toContain(finding('files/conf', 'failed').wanted);
    expect(walk.said('warn')[0]).toContain('no such file');
    expect(walk.state.records['files/write']).toEqual(PASSED);
  });

  it.each<[string, Record<string, TaskRecord>, 'passed' | 'failed']>([
    ['a step that holds', { 'files/read': PASSED, 'files/write': PASSED }, 'passed'],
    ['a step that was never done as a whole', { 'files/read': PASSED }, 'failed'],
  ])('says nothing of %s', (_, records, state) => {
    expect(Walk.at('server/start', { records }, [finding('files/conf', state)]).said('warn')).toEqual([]);
  });

  it('does not miss a check that had to hold once', () => {
    const records = Object.fromEntries(
      ['server/start', 'server/user', 'server/look'].map((id) => [id, PASSED]),
    );
    const holds = ['server/role', 'server/login'].map((id) => finding(id, 'passed'));
    expect(Walk.at('proof/rows', { records }, holds).said('warn')).toEqual([]);
  });
});

describe('Enter', () => {
  it('passes a task that is only read, and goes on', () => {
    const walk = Walk.at('files/read').enter();
    expect(walk.task).toBe('files/write');
    expect(walk.state.records['files/read']).toEqual({ everPassed: EMPTY_LAB.at, provenance: 'learner' });
    expect(walk.did).toContain('save');
  });

  it('asks the checks of a reading task, without patience', () => {
    const walk = Walk.at('proof/rows').enter();
    expect(walk.effects).toEqual([{ kind: 'judge', scope: 'task', patient: false }]);
    expect(walk.judged().record).toEqual({ everPassed: NOW, provenance: 'learner' });
  });

  it('writes the files, then looks', () => {
    const walk = Walk.at('files/write').enter();
    expect(walk.effects).toEqual([
      { kind: 'write', files: [{ path: 'leader/postgresql.conf', from: 'leader.conf' }] },
    ]);
    walk.send({ kind: 'wrote', problems: [] });
    expect(walk.effects).toEqual([{ kind: 'judge', scope: 'task', patient: true }]);
    expect(walk.judged().record).toEqual({ everPassed: NOW, provenance: 'learner' });
  });

  it('says why files could not be written, and lets the learner try again', () => {
    const walk = Walk.at('files/write')
      .enter()
      .send({ kind: 'wrote', problems: ['a is a folder.', 'b is full.'] });
    expect(walk.said('bad')).toEqual(['a is a folder.', 'b is full.']);
    expect(walk.state.activity).toEqual({ kind: 'idle' });
    expect(walk.enter().did).toEqual(['write']);
  });

  it('leaves it to the driver to find the form for this machine while none is known', () => {
    expect(Walk.at('server/start').enter().effects).toEqual([
      { kind: 'run', command: 'docker compose up -d', adapt: true, own: false },
    ]);
  });

  it('runs the form for this machine, of this task only', () => {
    const adapted = (taskId: string) =>
      Walk.at('server/start').send({
        kind: 'adapted',
        taskId,
        adaptation: { command: 'other form', reasons: ['x'] },
      });
    expect(adapted('server/start').enter().effects).toEqual([
      { kind: 'run', command: 'other form', adapt: false, own: false },
    ]);
    expect(adapted('server/look').enter().effects).toEqual([
      { kind: 'run', command: 'docker compose up -d', adapt: true, own: false },
    ]);
  });

  it('looks with patience when the command has ended, and stays until the answer is final', () => {
    const walk = Walk.at('server/start').enter().ended();
    expect(walk.did).toEqual(['feed ended', 'judge']);
    expect(walk.effects[1]).toMatchObject({ patient: true });
    walk.judged(['server/both-ready'], NOW, false);
    expect([walk.did, walk.state.activity.kind]).toEqual([[], 'checking']);
    walk.judged(['server/both-ready']);
    expect([walk.did, walk.state.activity.kind]).toEqual([['feed findings', 'save'], 'idle']);
    expect(walk.record?.everPassed).toBeUndefined();
    expect(walk.enter().did).toEqual(['run']);
  });

  it.each<[string, 'failed' | 'passed' | null]>([
    ['names an earlier step that does not hold and that this one needs', 'failed'],
    ['does not blame an earlier step that holds', 'passed'],
    ['does not blame an earlier step that nobody has looked at', null],
  ])('%s', (_, earlier) => {
    const known = earlier === null ? [] : [finding('files/conf', earlier)];
    const walk = Walk.at('server/start', {}, known).enter().ended().judged(['server/both-ready']);
    const sentence = 'Step 1 (Files) does not hold, and this step needs it. Mend that one first.';
    expect(walk.said('warn')).toEqual(earlier === 'failed' ? [sentence] : []);
  });

  it('goes on once the checks hold, and runs the command again only when asked', () => {
    const walk = Walk.at('server/start').enter().ended().judged();
    expect(walk.record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
    expect(walk.send({ kind: 'again' }).did).toEqual(['run']);
    walk.ended().judged([], LATER);
    expect(walk.record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
    expect(walk.enter().task).toBe('server/user');
  });

  it('remembers the first command that made the checks hold', () => {
    const walk = Walk.at('server/start').enter().ended().judged(['server/both-ready']);
    expect(walk.record?.heldAfter).toBeUndefined();
    walk.enter().send({ kind: 'ended', result: OK, now: LATER }).judged();
    expect(walk.record?.heldAfter).toBe(LATER);
    walk.judged(['server/both-ready']).enter().ended().judged();
    expect(walk.record?.heldAfter).toBe(LATER);
  });

  it('gives no command the credit for what held before it', () => {
    const walk = Walk.at('server/start').polled().enter().ended().judged();
    expect(walk.record).toEqual({ everPassed: NOW, provenance: 'learner' });
  });

  it('passes a command without checks when it was carried out', () => {
    const walk = Walk.at('server/look').enter();
    expect(walk.record).toBeUndefined();
    expect(walk.ended().judged().record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
  });

  it('shows only what does not hold, when one of two checks fails', () => {
    const walk = Walk.at('server/user').enter().enter().ended().judged(['server/login']);
    const shown = walk.effects.flatMap((effect) =>
      effect.kind === 'feed' && effect.item.kind === 'findings' ? effect.item.findings : [],
    );
    expect(shown.map((one) => one.id)).toEqual(['server/login']);
  });

  it('walks from the first task to the end with nothing but Enter', () => {
    const walk = new Walk().open();
    for (let presses = 0; presses < 30 && walk.state.mode.kind !== 'done'; presses++) {
      walk.enter();
      if (walk.did.includes('write')) walk.send({ kind: 'wrote', problems: [] });
      if (walk.did.includes('run')) walk.ended();
      if (walk.did.includes('judge')) walk.judged();
      if (walk.did.includes('appraise')) walk.appraised(false);
    }
    expect(walk.state.mode).toEqual({ kind: 'done' });
    const tasks = TINY.lessons.flatMap((lesson) => lesson.tasks.map((task) => task.id));
    expect(Object.keys(walk.state.records)).toEqual(tasks);
    expect(
      Object.values(walk.state.records).every(
        (record) => record.everPassed && record.provenance === 'learner',
      ),
    ).toBe(true);
  });
});

describe('a check that had to hold once', () => {
  it('leaves its task passed when a later task undoes it', () => {
    const walk = Walk.at('server/start').enter().ended().judged().enter();
    expect(walk.task).toBe('server/user');
    expect(taskPassed(walk.state, taskAt(walk.state, { lesson: 1, task: 0 }))).toBe(true);
  });

  it('is asked anew of whoever comes back to it, and Enter does it again where it does not hold', () => {
    const walk = Walk.at('server/start').enter().ended().judged().enter().send({ kind: 'back' });
    expect(walk.state.findings['server/both-ready']).toBeUndefined();
    expect(walk.polled(['server/both-ready']).enter().did).toEqual(['run']);
  });

  it('lets whoever comes back go on where it still holds', () => {
    const walk = Walk.at('server/start').enter().ended().judged().enter().send({ kind: 'back' });
    expect(walk.polled().enter().task).toBe('server/user');
  });
});

describe('a prediction', () => {
  it('is asked before the command, and Enter goes past it', () => {
    const walk = Walk.at('server/user');
    expect(walk.state.mode).toEqual({ kind: 'predict' });
    expect(walk.enter().state.mode).toEqual({ kind: 'task' });
    expect(walk.effects).toEqual([]);
    expect(walk.record).toBeUndefined();
  });

  it.each([
    [1, 'good', 'You said "No", and that is right. It may only stream.'],
    [0, 'plain', 'You said "Yes". The answer is "No". It may only stream.'],
  ] as const)('answered with option %i is judged once the task passes', (option, tone, verdict) => {
    const walk = Walk.at('server/user').choose(option);
    expect(walk.record?.predicted).toBe(option);
    expect(walk.did).toEqual(['feed say', 'save']);
    expect(walk.said()[0]).not.toContain('stream');
    walk.enter().ended();
    expect(walk.judged(['server/role']).said(tone === 'good' ? 'good' : 'plain')).toEqual([]);
    walk.enter().ended().judged();
    expect(walk.said(tone)).toEqual([verdict]);
    expect(walk.record).toEqual({
      everPassed: NOW,
      heldAfter: NOW,
      provenance: 'learner',
      predicted: option,
    });
  });

  it('has its verdict only once, however often the command is run', () => {
    const walk = Walk.at('server/user').choose(1).enter().ended().judged();
    expect(walk.send({ kind: 'again' }).ended().judged().said()).toEqual([]);
  });

  it('has its verdict also when the work was done in another window', () => {
    const walk = Walk.at('server/user').choose(0).polled(['server/role']).polled();
    expect(walk.said()).toEqual(['You said "Yes". The answer is "No". It may only stream.']);
    expect(walk.polled().said()).toEqual([]);
  });

  it('is not asked any more once its answer was told', () => {
    const asked = Walk.at('server/user').polled(['server/role']);
    const typed = asked.send({ kind: 'command' }).send({ kind: 'submit', command: 'docker ps' }).ended();
    expect(typed.state.mode).toEqual({ kind: 'predict' });
    expect(typed.polled().said()).toEqual(['The answer is "No". It may only stream.']);
    expect(typed.state.mode).toEqual({ kind: 'task' });
  });

  it.each(['lessons', 'concepts', 'command'] as const)(
    'is not asked any more where it was covered while its answer was told (%s)',
    (kind) => {
      const walk = Walk.at('server/user').polled(['server/role']).send({ kind }).polled();
      expect(walk.said()).toEqual(['The answer is "No". It may only stream.']);
      expect(walk.send({ kind: 'close' }).state.mode).toEqual({ kind: 'task' });
    },
  );

  it('of a task that is only read stays until it is answered', () => {
    const proof = TINY.lessons[2];
    const prediction = TINY.lessons[1]?.tasks[1]?.prediction;
    if (!proof || !prediction) throw new Error('the tiny course has changed');
    const tasks = proof.tasks.map((task) => ({ ...task, prediction }));
    const course = { ...TINY, lessons: [...TINY.lessons.slice(0, 2), { ...proof, tasks }] };
    const walk = Walk.at('proof/rows', {}, [], course).polled(['proof/rows']).polled();
    expect([walk.record?.everPassed, walk.state.mode]).toEqual([NOW, { kind: 'predict' }]);
    expect(walk.choose(1).said('good')).toHaveLength(1);
  });

  it('is answered at the end also for whoever passed it over', () => {
    const said = Walk.at('server/user').enter().enter().ended().judged().said();
    expect(said).toEqual(['The answer is "No". It may only stream.']);
  });

  it.each([2, 9])('takes no answer that it does not offer (%i)', (option) => {
    const walk = Walk.at('server/user');
    const before = walk.state;
    expect(walk.choose(option).state).toEqual(before);
  });

  it.each<[string, Record<string, TaskRecord>, boolean]>([
    ['was answered before', { 'server/user': { provenance: 'none', predicted: 0 } }, false],
    ['is nobody there to answer', {}, true],
  ])('is not asked when it %s', (_, records, unattended) => {
    expect(Walk.at('server/user', { records, unattended }).state.mode).toEqual({ kind: 'task' });
  });
});

describe('skipping', () => {
  it('goes on at once from a task that holds, or that has no checks', () => {
    expect(Walk.at('files/write', {}, [finding('files/conf', 'passed')]).send({ kind: 'skip' }).task).toBe(
      'server/start',
    );
    const walk = Walk.at('server/look').send({ kind: 'skip' });
    expect(walk.task).toBe('proof/rows');
    expect(walk.state.records['server/look']).toEqual({ provenance: 'none', skipped: true });
  });

  it('offers three ways when checks are open, and Enter closes the offer', () => {
    const walk = Walk.at('server/start').send({ kind: 'skip' });
    expect(walk.state.mode).toEqual({ kind: 'skip' });
    expect(walk.enter().state.mode).toEqual({ kind: 'task' });
    expect(walk.task).toBe('server/start');
  });

  it('1 stays', () => {
    const walk = Walk.at('server/start').send({ kind: 'skip' }).choose(0);
    expect([walk.state.mode, walk.task, walk.effects]).toEqual([{ kind: 'task' }, 'server/start', []]);
  });

  it('2 lets the tool do it: provenance is `auto`', () => {
    const walk = Walk.at('server/start').send({ kind: 'skip' }).choose(1);
    expect(walk.did).toEqual(['run']);
    expect(walk.ended().judged().record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'auto' });
  });

  /** The tool has done the task, and this was found. */
  const didInVain = (found: Finding[], before: Finding[] = [], course = TINY) =>
    Walk.at('server/user', {}, before, course)
      .enter()
      .send({ kind: 'skip' })
      .choose(1)
      .ended()
      .send({ kind: 'judged', scope: 'task', findings: found, observation: EMPTY_LAB, final: true, now: NOW })
      .said('warn')
      .at(-1);
  const IN_VAIN = 'The tool did what this task asks, and that does not help.';

  it('2 says how to mend the cause where that does not help', () => {
    const wayOut: Block = {
      kind: 'paragraph',
      inlines: [{ kind: 'text', text: 'To mend it: take another.' }],
    };
    const course = { ...TINY, mistakes: [{ id: 'wrong-password', title: 'Wrong', prose: [wayOut] }] };
    const found = [
      finding('server/role', 'failed'),
      finding('server/login', 'failed', { mistake: 'wrong-password' }),
    ];
    expect(didInVain(found, [], course)).toBe(`${IN_VAIN} To mend it: take another.`);
  });

  it('2 names the earlier task that does not hold where no cause is known', () => {
    const found = [finding('server/role', 'failed')];
    const open = 'What is missing is made by an earlier task. One of them does not hold: task';
    const both = [finding('files/conf', 'failed'), finding('server/both-ready', 'failed')];
    expect(didInVain(found, both)).toBe(`${IN_VAIN} ${open} 2 of lesson 1 (Files), "Write it".`);
    expect(didInVain(found, both.slice(1))).toBe(`${IN_VAIN} ${open} 1 of lesson 2 (Server), "Start both".`);
    expect(didInVain(found)).toBe(`${IN_VAIN} What is missing is made by an earlier task.`);
  });

  it('2 counts for one try of the tool: what the learner does after that is the learner’s', () => {
    const failed = Walk.at('server/start')
      .send({ kind: 'skip' })
      .choose(1)
      .ended()
      .judged(['server/both-ready']);
    expect(failed.enter().ended().judged().record?.provenance).toBe('learner');
    const stopped = Walk.at('server/start')
      .send({ kind: 'skip' })
      .choose(1)
      .send({ kind: 'interrupt' })
      .ended(CANCELLED);
    expect(stopped.enter().ended().judged().record?.provenance).toBe('learner');
  });

  it('3 goes on, says so, and remembers it until the task passes after all', () => {
    const walk = Walk.at('server/start').send({ kind: 'skip' }).choose(2);
    expect(walk.task).toBe('server/user');
    expect(walk.said('warn')).toEqual(['Skipped: Start both. Steps that need it stay blocked.']);
    expect(walk.state.records['server/start']).toEqual({ provenance: 'none', skipped: true });
    walk.send({ kind: 'back' }).enter().ended().judged();
    expect(walk.record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
  });

  it('has no fourth way', () => {
    const walk = Walk.at('server/start').send({ kind: 'skip' });
    expect(walk.choose(3).state.mode).toEqual({ kind: 'skip' });
    expect(walk.effects).toEqual([]);
  });
});

describe('hints', () => {
  it('go from where to look over the idea to the command, and stay there', () => {
    const walk = Walk.at('server/start');
    const said = [1, 2, 3, 4].map(() => walk.send({ kind: 'hint' }).said()[0]);
    expect(said).toEqual([
      'Hint 1 of 3: Which containers run?',
      'Hint 2 of 3: Both must.',
      'Hint 3 of 3, the last: run this.',
      'Hint 3 of 3, the last: run this.',
    ]);
    expect(walk.effects).toContainEqual({
      kind: 'feed',
      item: { kind: 'code', text: 'docker compose up -d' },
    });
    expect(walk.record).toEqual({ provenance: 'none', hints: 3 });
  });

  it('name the files of a writing task last', () => {
    const walk = Walk.at('files/write', {
      records: { 'files/write': { provenance: 'none', hints: 2 } },
    }).send({ kind: 'hint' });
    expect(walk.said()[0]).toContain('leader/postgresql.conf');
  });

  it('make the provenance `hinted`, unless the tool does the task', () => {
    const hinted = () => Walk.at('server/start').send({ kind: 'hint' });
    expect(hinted().enter().ended().judged().record).toEqual({
      everPassed: NOW,
      heldAfter: NOW,
      provenance: 'hinted',
      hints: 1,
    });
    expect(hinted().send({ kind: 'skip' }).choose(1).ended().judged().record?.provenance).toBe('auto');
  });

  it('asked after the task was passed are not given, and not counted', () => {
    const walk = Walk.at('server/start').enter().ended().judged().send({ kind: 'hint' });
    expect(walk.said()).toEqual(['All checks hold: nothing to hint at.']);
    expect(walk.did).toEqual(['feed say']);
    expect(walk.record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
    const look = Walk.at('server/look').enter().ended().judged().send({ kind: 'hint' });
    expect(look.said()).toEqual(['This task is done: nothing to hint at.']);
  });

  it('are said to be missing where there are none', () => {
    const walk = Walk.at('files/read').send({ kind: 'hint' });
    expect(walk.said()).toHaveLength(1);
    expect(walk.record).toBeUndefined();
  });
});

describe('work done in another window', () => {
  it('passes the task, shows its checks and saves', () => {
    const walk = Walk.at('server/start').polled(['server/both-ready']).polled();
    expect(walk.record).toEqual({ everPassed: NOW, provenance: 'learner' });
    expect(walk.did).toEqual(['feed findings', 'save']);
    expect(walk.polled().did).toEqual([]);
    expect(walk.enter().task).toBe('server/user');
  });

  it('says nothing while the checks do not hold', () => {
    const walk = Walk.at('server/start').polled(['server/both-ready']);
    expect([walk.did, walk.record]).toEqual([[], undefined]);
    expect(walk.state.findings['server/both-ready']?.state).toBe('failed');
  });

  it('counts for the task that was looked at, not for the one that is open by now', () => {
    const walk = Walk.at('server/start').polled([], 'files/write');
    expect([walk.did, walk.record]).toEqual([[], undefined]);
  });

  it('is not looked at while something runs', () => {
    const walk = Walk.at('server/start').enter();
    const before = walk.state;
    expect(walk.polled().state).toBe(before);
  });

  it('is nobody’s here when it held on arrival: Enter still does the task, and skipping it notes that', () => {
    const arrived = () => Walk.at('files/write', {}, [finding('files/conf', 'passed')]).polled();
    expect(arrived().record).toBeUndefined();
    expect(arrived().enter().did).toEqual(['write']);
    const skipped = arrived().send({ kind: 'skip' });
    expect(skipped.task).toBe('server/start');
    expect(skipped.state.records['files/write']).toEqual({ provenance: 'none', skipped: true });
  });

  it('leaves the question of a task that held on arrival open, and its answer untold', () => {
    const walk = Walk.at('server/user', {}, [finding('server/role', 'passed')]).polled();
    expect(walk.state.mode).toEqual({ kind: 'predict' });
    expect(walk.said()).toEqual([]);
  });

  it('is seen in the cluster panel and in the count of steps even when no check of the task has changed', () => {
    const observation = { ...EMPTY_LAB, at: LATER };
    const gone = finding('files/conf', 'failed');
    const walk = Walk.at('server/start').send({ kind: 'observed', findings: [gone], observation });
    expect(walk.state.observation).toBe(observation);
    expect(walk.state.findings['files/conf']).toBe(gone);
    expect(walk.effects).toEqual([]);
  });
});

const ACTIVITIES: WalkState['activity'][] = [
  { kind: 'opening' },
  { kind: 'running', command: 'x', own: false, stopping: false },
  { kind: 'running', command: 'x', own: false, stopping: true },
  { kind: 'writing' },
  { kind: 'checking', scope: 'task', stopping: false },
  { kind: 'checking', scope: 'task', stopping: true },
];
const KEYS: Intent[] = [
  { kind: 'enter' },
  { kind: 'again' },
  { kind: 'skip' },
  { kind: 'edit' },
  { kind: 'submit', command: 'rm -rf /' },
  { kind: 'choose', option: 0 },
  { kind: 'hint' },
  { kind: 'back' },
  { kind: 'lessons' },
  { kind: 'concepts' },
  { kind: 'goto', lesson: 2 },
  { kind: 'close' },
];

describe.each(ACTIVITIES.map((activity) => [JSON.stringify(activity), activity] as const))(
  'while busy with %s',
  (_, activity) => {
    it.each(KEYS.map((key) => [key.kind, key] as const))('%s is held', (_kind, key) => {
      const walk = Walk.at('server/start');
      walk.state = { ...walk.state, activity };
      const before = walk.state;
      walk.send(key);
      expect(walk.state).toEqual(before);
      expect(walk.effects).toEqual([]);
    });
  },
);

describe('an effect that breaks', () => {
  it('is said, gives the keys back, and is not the tool’s work any more', () => {
    const walk = Walk.at('server/start')
      .send({ kind: 'skip' })
      .choose(1)
      .send({ kind: 'broke', message: 'No bash here.' });
    expect(walk.said('bad')).toEqual(['No bash here.']);
    expect(walk.state.activity).toEqual({ kind: 'idle' });
    expect(walk.enter().did).toEqual(['run']);
    expect(walk.ended().judged().record?.provenance).toBe('learner');
  });
});

describe('leaving', () => {
  it('Ctrl-C stops the command first and quits with 130 second', () => {
    const walk = Walk.at('server/start').enter().send({ kind: 'interrupt' });
    expect(walk.effects).toEqual([{ kind: 'stop' }]);
    expect(walk.state.activity).toMatchObject({ kind: 'running', stopping: true });
    walk.send({ kind: 'interrupt' });
    expect(walk.effects).toEqual([{ kind: 'stop' }, { kind: 'save' }, { kind: 'exit', code: 130 }]);
  });

  it('a stopped command leaves its task open, unjudged, and ready to run again', () => {
    const walk = Walk.at('server/start').enter().send({ kind: 'interrupt' }).ended(CANCELLED);
    expect(walk.did).toEqual(['feed ended']);
    expect(walk.state.activity).toEqual({ kind: 'idle' });
    expect(walk.record).toBeUndefined();
    expect(walk.enter().did).toEqual(['run']);
  });

  it('Ctrl-C stops the waiting first and quits with 130 second', () => {
    const walk = Walk.at('server/start').enter().ended().send({ kind: 'interrupt' });
    expect(walk.effects).toEqual([{ kind: 'stop' }]);
    expect(walk.state.activity).toMatchObject({ kind: 'checking', stopping: true });
    walk.send({ kind: 'interrupt' });
    expect(walk.effects).toContainEqual({ kind: 'exit', code: 130 });
  });

  it.each(
    ACTIVITIES.filter((one) => !('stopping' in one) || one.stopping).map((one) => [one.kind, one] as const),
  )('Ctrl-C quits with 130 at once while %s', (_, activity) => {
    const walk = Walk.at('server/start');
    walk.state = { ...walk.state, activity };
    expect(walk.send({ kind: 'interrupt' }).effects).toContainEqual({ kind: 'exit', code: 130 });
  });

  it('q asks first while a command runs: y quits, n goes on', () => {
    const walk = Walk.at('server/start').enter();
    const running = walk.state;
    walk.send({ kind: 'leave' });
    expect([walk.effects, asksToLeave(walk.state)]).toEqual([[], true]);
    walk.send({ kind: 'close' });
    expect([walk.effects, asksToLeave(walk.state)]).toEqual([[], false]);
    expect(walk.state).toMatchObject({ activity: running.activity, mode: running.mode });
    walk.send({ kind: 'leave' }).send({ kind: 'quit' });
    expect(walk.effects).toContainEqual({ kind: 'exit', code: 0 });
  });

  it('the question goes away when the command ends by itself, and the walk goes on', () => {
    const walk = Walk.at('server/start').enter().send({ kind: 'leave' }).ended();
    expect([walk.did, asksToLeave(walk.state)]).toEqual([['feed ended', 'judge'], false]);
    expect(walk.judged().send({ kind: 'leave' }).effects).toContainEqual({ kind: 'exit', code: 0 });
  });

  it('Ctrl-C twice quits at once, also while q asks', () => {
    const walk = Walk.at('server/start').enter().send({ kind: 'leave' }).send({ kind: 'interrupt' });
    expect([walk.effects, asksToLeave(walk.state)]).toEqual([[{ kind: 'stop' }], false]);
    expect(walk.send({ kind: 'interrupt' }).effects).toContainEqual({ kind: 'exit', code: 130 });
  });

  it.each(
    [{ kind: 'idle' } as const, ...ACTIVITIES]
      .filter((one) => one.kind !== 'running' || one.stopping)
      .map((one) => [JSON.stringify(one), one] as const),
  )('q does not ask during %s, where no command would be lost', (_, activity) => {
    const walk = Walk.at('server/start');
    walk.state = { ...walk.state, activity };
    expect(walk.send({ kind: 'leave' }).effects).toEqual([
      { kind: 'stop' },
      { kind: 'save' },
      { kind: 'exit', code: 0 },
    ]);
  });

  it.each([{ kind: 'idle' } as const, ...ACTIVITIES].map((one) => [JSON.stringify(one), one] as const))(
    'a terminal that is gone stops, saves and quits with 0 during %s',
    (_, activity) => {
      const walk = Walk.at('server/start');
      walk.state = { ...walk.state, activity };
      expect(walk.send({ kind: 'quit' }).effects).toEqual([
        { kind: 'stop' },
        { kind: 'save' },
        { kind: 'exit', code: 0 },
      ]);
    },
  );
});

describe('moving about', () => {
  it('goto opens the first task of a lesson', () => {
    const walk = Walk.at('files/read').send({ kind: 'goto', lesson: 2 });
    expect([walk.task, walk.did]).toEqual(['proof/rows', ['feed lesson', 'feed task']]);
  });

  it('back goes to the task before, over the edge of a lesson, and stops at the very first', () => {
    const walk = Walk.at('server/start');
    expect(walk.send({ kind: 'back' }).task).toBe('files/write');
    expect(walk.send({ kind: 'back' }).task).toBe('files/read');
    expect(walk.send({ kind: 'back' }).task).toBe('files/read');
  });

  it('a task that is opened again starts afresh, with its record kept', () => {
    const walk = Walk.at('server/start').enter().ended().judged().enter().send({ kind: 'back' });
    expect(walk.state.visit).toEqual({
      acted: false,
      lastResult: null,
      ran: null,
      judged: false,
      sawOpen: false,
      arrivedWith: null,
      auto: false,
      adaptation: null,
    });
    expect(walk.record?.everPassed).toBe(NOW);
  });

  it('ends after the last lesson that was asked for', () => {
    const walk = Walk.at('files/write', { lastLesson: 0 }, [finding('files/conf', 'passed')]).send({
      kind: 'skip',
    });
    expect(walk.state.mode).toEqual({ kind: 'done' });
    expect(walk.did).toContain('feed done');
  });

  it('begins at the first lesson that was asked for', () => {
    expect(new Walk({ firstLesson: 1 }).open().task).toBe('server/start');
  });

  it('Enter on the last screen quits with 0', () => {
    const walk = Walk.at('proof/rows').enter().judged().enter();
    expect(walk.state.mode).toEqual({ kind: 'done' });
    expect(walk.enter().effects).toEqual([{ kind: 'save' }, { kind: 'exit', code: 0 }]);
  });

  it.each(['lessons', 'concepts'] as const)(
    '%s lies over what was open, and closing it gives that back',
    (overlay) => {
      const modes: [Walk, Mode][] = [
        [Walk.at('server/start'), { kind: 'task' }],
        [Walk.at('server/user'), { kind: 'predict' }],
        [Walk.at('proof/rows').enter().judged().enter(), { kind: 'done' }],
      ];
      for (const [walk, mode] of modes) {
        expect(walk.send({ kind: overlay }).state.mode).toEqual({ kind: overlay, under: mode });
        expect(walk.send({ kind: 'close' }).state.mode).toEqual(mode);
        walk.send({ kind: 'lessons' }).send({ kind: 'concepts' });
        expect(walk.enter().state.mode).toEqual(mode);
        expect(walk.send({ kind: overlay }).send({ kind: overlay }).state.mode).toEqual(mode);
      }
    },
  );
});

describe('the pages of `?`', () => {
  const SAID: LiveAnswer = { state: 'answered', columns: ['files'], rows: [['2']], total: 1, note: '' };
  const course: Course = {
    ...TINY,
    concepts: [
      { id: 'wal', title: 'WAL', prose: [], query: { on: 'leader', sql: 'SELECT 1' } },
      { id: 'elsewhere', title: 'Of no lesson', prose: [], query: { on: 'leader', sql: 'SELECT 2' } },
    ],
  };
  const open = (state: WalkState) => reduce(state, { kind: 'concepts' });
  const answered = (state: WalkState) =>
    reduce(state, { kind: 'answered', concept: 'wal', answer: SAID }).state;
  const at = (task: string): WalkState => ({
    ...startWalk(course, { at: task }).state,
    activity: { kind: 'idle' },
  });

  it('ask the queries of this lesson, anew each time that they are opened', () => {
    const first = open(at('files/read'));
    expect(first.effects).toEqual([{ kind: 'ask', concepts: ['wal'] }]);
    const closed = reduce(answered(first.state), { kind: 'concepts' });
    expect([closed.effects, closed.state.mode]).toEqual([[], { kind: 'task' }]);
    const second = open(closed.state);
    expect([second.effects, second.state.answers]).toEqual([first.effects, {}]);
  });

  it('ask nothing where the lesson has no page with a query', () => {
    expect(open(at('server/start')).effects).toEqual([]);
  });

  it('take an answer also when they are closed again, or something runs', () => {
    const { state } = open(at('files/read'));
    expect(answered(state).answers).toEqual({ wal: SAID });
    expect(answered(state).mode).toBe(state.mode);
    const closed = reduce(state, { kind: 'close' }).state;
    expect(answered({ ...closed, activity: { kind: 'writing' } }).activity).toEqual({ kind: 'writing' });
  });
});

describe('editing', () => {
  it('begins with the form for this machine and runs what was submitted', () => {
    const walk = Walk.at('server/start').send({
      kind: 'adapted',
      taskId: 'server/start',
      adaptation: { command: 'docker compose up -d --wait', reasons: ['x'] },
    });
    expect(walk.send({ kind: 'edit' }).state.mode).toEqual({
      kind: 'edit',
      initial: 'docker compose up -d --wait',
      own: false,
      under: { kind: 'task' },
    });
    walk.send({ kind: 'submit', command: 'docker compose up' });
    expect(walk.effects).toEqual([{ kind: 'run', command: 'docker compose up', adapt: false, own: false }]);
    expect(walk.state.mode).toEqual({ kind: 'task' });
  });

  it("of one's own is no action of the task, gives back what was open, and is remembered", () => {
    const walk = Walk.at('server/start').send({ kind: 'command' });
    expect(walk.state.mode).toMatchObject({ kind: 'edit', initial: '', own: true });
    walk.send({ kind: 'submit', command: 'docker ps' });
    expect(walk.effects).toEqual([{ kind: 'run', command: 'docker ps', adapt: false, own: true }]);
    expect(walk.state.commands).toEqual(['docker ps']);
    walk.send({ kind: 'ended', result: { exitCode: 0, cancelled: false, durationMs: 5 }, now: 'now' });
    expect(walk.state.activity).toEqual({ kind: 'idle' });
    expect(walk.state.visit.acted).toBe(false);
    expect(walk.effects.map(({ kind }) => kind)).toEqual(['feed']);
  });

  it('remembers no command twice in a row', () => {
    const walk = Walk.at('server/start');
    for (const command of ['docker ps', 'docker ps', 'ls']) {
      walk.send({ kind: 'command' }).send({ kind: 'submit', command });
      walk.send({ kind: 'ended', result: { exitCode: 0, cancelled: false, durationMs: 5 }, now: 'now' });
    }
    expect(walk.state.commands).toEqual(['docker ps', 'ls']);
  });

  it('is offered for commands only', () => {
    expect(Walk.at('files/write').send({ kind: 'edit' }).state.mode).toEqual({ kind: 'task' });
  });
});
