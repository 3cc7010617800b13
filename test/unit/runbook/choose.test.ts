import { describe, expect, it } from 'vitest';
import { adaptCommand, type MachineFacts } from '../../../src/lab/adapt.ts';
import { PROJECT_MARK } from '../../../src/runbook/shell-text.ts';
import { at, COURSE, lessonCommand, progress, ran, runbookOf, TASKS, taskOf, WORKSPACE } from './fixture.ts';

const MACHINE: MachineFacts = {
  root: false,
  sudo: false,
  ownData: false,
  rootless: false,
  imagePresent: false,
  image: 'postgres:14',
  leader: 'leader',
  superuser: 'postgres',
  database: 'appdb',
  uid: 1000,
  gid: 1000,
};
const COMMANDS = COURSE.lessons.flatMap(({ tasks }) =>
  tasks.flatMap(({ id, action }) => (action.kind === 'command' ? [[id, action.command] as const] : [])),
);
const USER = lessonCommand(TASKS.user).replace('-it', '-i');
const DONE = { everPassed: at(2), provenance: 'learner' as const };

describe('the command of a lesson', () => {
  it.each(COMMANDS)('%s: is known in every form, and goes into the script', (id, command) => {
    const machines: Partial<MachineFacts>[] = [
      {},
      { root: true },
      { sudo: true },
      { ownData: true },
      { rootless: true },
    ];
    for (const machine of [...machines, { imagePresent: true }]) {
      const form = adaptCommand(command, { ...MACHINE, ...machine }).command;
      const task = taskOf(runbookOf({ entries: [ran(id, form, 1, id === TASKS.refused ? 1 : 0)] }), id);
      expect(task.chosen, form).toMatchObject({
        source: 'ran',
        text: form.replace('solutions_', `${PROJECT_MARK}_`),
        why: '',
      });
    }
  });

  it('is known from a folder of another name, and from a transcript that kept no password', () => {
    const copy = lessonCommand(TASKS.copy).replace('solutions_', 'old_').replace('replicatorpass', '***');
    const { chosen } = taskOf(runbookOf({ entries: [ran(TASKS.copy, copy)] }), TASKS.copy);
    expect(chosen?.source).toBe('ran');
    expect(chosen?.text).toContain(`PGPASSWORD=replicatorpass \\\n`);
    expect(chosen?.text).toContain(`--network=${PROJECT_MARK}_replication-net`);
  });

  it('goes without a terminal, although it ran with one', () => {
    const { chosen } = taskOf(
      runbookOf({ entries: [ran(TASKS.user, lessonCommand(TASKS.user))] }),
      TASKS.user,
    );
    expect(chosen).toMatchObject({ source: 'ran', text: USER });
  });

  it.each([
    ['not done yet', undefined, 'Not done yet: '],
    ['skipped', { provenance: 'none' as const, skipped: true as const }, 'Skipped then: '],
    ['done elsewhere', DONE, 'Done in another window: '],
  ])('stands for one that is not known: %s', (_, record, why) => {
    const { chosen } = taskOf(
      runbookOf({ progress: record ? progress({ [TASKS.user]: record }) : null }),
      TASKS.user,
    );
    expect(chosen).toMatchObject({ source: 'lesson', text: USER });
    expect(chosen?.why).toBe(`${why}this is the lesson's command.`);
  });

  it('stands for one that did not work', () => {
    const { chosen } = taskOf(runbookOf({ entries: [ran(TASKS.user, USER, 1, 1)] }), TASKS.user);
    expect(chosen).toMatchObject({ source: 'lesson', text: USER, fails: null });
    expect(chosen?.why).toMatch(/^It did not work then: /);
  });

  it('may fail again where it failed then and the task passed', () => {
    const entries = [ran(TASKS.user, USER, 1, 1)];
    const { chosen } = taskOf(runbookOf({ entries, progress: progress({ [TASKS.user]: DONE }) }), TASKS.user);
    expect(chosen).toMatchObject({ source: 'ran', text: USER, fails: 'may' });
  });

  it('must fail where the failure is the proof', () => {
    const refused = lessonCommand(TASKS.refused).replace('-it', '-i');
    for (const entries of [[], [ran(TASKS.refused, refused, 1, 1)]])
      expect(taskOf(runbookOf({ entries }), TASKS.refused).chosen).toMatchObject({
        text: refused,
        fails: 'must',
      });
  });

  it('needs no sudo and no terminal where nothing is known of the machine', () => {
    for (const [id] of COMMANDS) {
      const { chosen } = taskOf(runbookOf({}), id);
      expect(chosen?.text).not.toMatch(/sudo|exec -it/);
    }
  });
});

describe("the learner's own command", () => {
  const OWN = `docker exec -i leader psql -U postgres -d appdb -c "CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'replicatorpass'"`;
  const proved = progress({ [TASKS.user]: { ...DONE, heldAfter: at(1) } });
  const choiceOf = (command: string, more: Parameters<typeof runbookOf>[0] = {}) =>
    taskOf(runbookOf({ entries: [ran(TASKS.user, command)], progress: proved, ...more }), TASKS.user).chosen;

  it('counts when it alone made the checks hold, with its password', () => {
    expect(choiceOf(OWN)).toEqual({ source: 'own', text: OWN, why: '', fails: null });
  });

  it('does not count when the checks held before, or were mended in another window', () => {
    const { chosen } = taskOf(
      runbookOf({ entries: [ran(TASKS.user, 'docker ps')], progress: progress({ [TASKS.user]: DONE }) }),
      TASKS.user,
    );
    expect(chosen).toMatchObject({ source: 'lesson', text: USER });
  });

  it('does not count when another one worked before it: the two may have done it together', () => {
    const entries = [
      ran(TASKS.user, OWN.replace(' REPLICATION', ''), 0),
      ran(TASKS.user, 'docker exec leader x'),
    ];
    expect(choiceOf('', { entries })).toMatchObject({ source: 'lesson', text: USER });
  });

  it("gives way to the lesson's own, when that one worked too", () => {
    const entries = [ran(TASKS.user, OWN), ran(TASKS.user, USER, 2)];
    expect(choiceOf('', { entries })).toMatchObject({ source: 'ran', text: USER });
  });

  it('counts after tries that failed', () => {
    const entries = [ran(TASKS.user, 'docker exec leader nope', 0, 127), ran(TASKS.user, OWN)];
    expect(choiceOf('', { entries })).toMatchObject({ source: 'own', text: OWN });
  });

  it.each<[string, string, RegExp]>([
    ['a password of their own', OWN.replace('replicatorpass', 'another'), /password that is kept nowhere/],
    ['a session that was typed into', 'docker exec -it leader psql -U postgres -d appdb', /typed into/],
    ['a shell in the container', 'docker compose exec leader bash', /typed into/],
    ['a path to the folder by another way', `cd ~/solutions && ${OWN}`, /names the folder/],
  ])('can not be repeated elsewhere: %s', (_, command, why) => {
    const chosen = choiceOf(command);
    expect(chosen).toMatchObject({ source: 'lesson', text: USER });
    expect(chosen?.why).toMatch(why);
  });

  it('has the names of the new folder', () => {
    const command = `docker run --network solutions_replication-net -v ${WORKSPACE}/x:/x -v ${WORKSPACE}2/x:/y postgres:14 true`;
    expect(choiceOf(command)?.text).toBe(
      `docker run --network ${PROJECT_MARK}_replication-net -v ./x:/x -v ${WORKSPACE}2/x:/y postgres:14 true`,
    );
  });

  it('has no terminal', () => {
    expect(choiceOf(`docker compose exec leader psql -c "x"`)?.text).toBe(
      `docker compose exec -T leader psql -c "x"`,
    );
    expect(choiceOf('docker compose run --rm follower ls')?.text).toBe(
      'docker compose run -T --rm follower ls',
    );
    expect(choiceOf(OWN.replace('-i', '-it'))?.text).toBe(OWN);
  });

  it.each([
    [lessonCommand(TASKS.rule).replace('md5', 'scram-sha-256'), 'own'],
    ['docker exec leader cat /var/lib/postgresql/data/pg_hba.conf', 'lesson'],
  ])('where no check tells, counts when it is nearly the lesson’s: %s', (command, source) => {
    const tasks = { [TASKS.rule]: { ...DONE, heldAfter: at(1) } };
    const { chosen } = taskOf(
      runbookOf({ entries: [ran(TASKS.rule, command)], progress: progress(tasks) }),
      TASKS.rule,
    );
    expect(chosen?.source).toBe(source);
  });
});
