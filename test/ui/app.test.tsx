import { render } from 'ink-testing-library';
import { afterEach, expect, test } from 'vitest';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { App, shownSnapshot } from '../../src/ui/app.tsx';
import { handlePress } from '../../src/ui/handle.ts';
import { createStore } from '../../src/ui/store.ts';
import { type FakeOptions, fakeDriver } from '../helpers/fake-driver.ts';
import { UNICODE_ENV } from '../helpers/frames.ts';
import { LEADER_UP, later, pairStreams } from '../helpers/observations.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** The interface on a script; the last frame holds the transcript too. */
function walk(options: FakeOptions = {}) {
  const driver = fakeDriver({ observation: LEADER_UP, at: 'prepare-leader/user', ...options });
  const store = createStore(driver, { rows: 40, columns: 100 });
  const glyphs = glyphsFor(UNICODE_ENV, 'linux');
  const hands = { driver, store, glyphs, redraw: () => {}, uncover: () => {} };
  const app = render(
    <App
      store={store}
      label={{ kind: 'docker', text: 'docker' }}
      glyphs={glyphs}
      onPress={(press) => handlePress(press, hands)}
      from={0}
      onFrame={() => {}}
    />,
  );
  closers.push(() => {
    app.unmount();
    store.close();
  });
  const sees = (text: string) => expect.poll(() => app.lastFrame()).toContain(text);
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      app.stdin.write(key);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  return { driver, app, sees, press };
}

test('a prediction is answered by its number, and judged after the command ran', async () => {
  const { sees, press } = walk({ proves: () => ['prepare-leader/replicator-exists'] });
  await sees('Before you run it');
  await press('2');
  await sees('You say: No.');
  await press('\r');
  await sees('and that is right');
  await sees('Enter next');
});

test('an overlay opened over a prediction gives it back', async () => {
  const { sees, press } = walk();
  await sees('Before you run it');
  await press('?');
  await sees('page 1 of');
  await press('q');
  await sees('Before you run it');
});

test('the editor runs what was typed', async () => {
  const { driver, sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('e', '\x15', 'echo ', 'changed', '\r');
  await sees('❯ echo changed');
  expect(driver.sent).toContain('submit');
});

test('letters typed in the editor are no commands', async () => {
  const { driver, sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('e', 'q', 's', 'l', '\x1b');
  await sees('Enter run');
  expect(driver.sent).not.toContain('leave');
  expect(driver.sent).not.toContain('skip');
});

test('the skip offer can let the tool do it', async () => {
  const { sees, press, driver } = walk({
    at: 'prepare-leader/slot',
    proves: () => ['prepare-leader/slot-exists', 'prepare-leader/slot-physical'],
  });
  await sees('Enter run');
  await press('s');
  await sees('What now?');
  await press('2');
  await sees('Enter next');
  expect(driver.getState().records['prepare-leader/slot']?.provenance).toBe('auto');
});

test('a lesson that holds already counts as done by 2, and is walked by Enter', async () => {
  const { driver, sees, press } = walk({
    at: 'prepare-leader/slot',
    holds: ['start-follower/holds', 'inventory/holds'],
  });
  await sees('Enter run');
  await press('l', '1', '0', '\r');
  await sees('All of this lesson holds already. What now?');
  await press('2');
  await sees('step 11, task 1 of 1');
  await sees('Enter walk through it');
  await press('\r');
  await sees('Enter run');
  expect(driver.getState().records).toEqual({
    'start-follower/only': { everPassed: LEADER_UP.at, provenance: 'held' },
  });
});

test('the list goes to a lesson by its number', async () => {
  const { sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('l', '1', '1', '\r');
  await sees('step 11, task 1 of 1');
});

test('the list is searched by letters; Esc ends the search first and closes second', async () => {
  const { app, driver, sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('l', 'q', 'l');
  await sees('No lesson has "ql".');
  await press('\r', '\x7f', '\x7f');
  await sees('a-z search');
  expect(driver.getState().mode.kind).toBe('lessons');
  await press('p', 'r', 'o', 'v');
  await sees('1 of 12 found');
  await press('\x1b');
  await sees('a-z search');
  expect(driver.getState().mode.kind).toBe('lessons');
  await press('\x1b');
  await sees('Enter run');
  await press('l', 'c', 'o', 'p', 'y', '\r');
  await sees('step 9, task 1 of 1');
  expect(app.lastFrame()).not.toContain('search:');
});

test('keys are held while a command runs, but for Ctrl-C and q', async () => {
  const { driver, sees, press } = walk({ at: 'prepare-leader/slot', run: () => null });
  await sees('Enter run');
  await press('\r');
  await sees('Ctrl-C stop');
  await press('l', 's', 'h', '?', 'e');
  expect(
    driver.sent.filter((kind) => ['lessons', 'skip', 'hint', 'concepts', 'edit'].includes(kind)),
  ).toEqual([]);
  await press('\x03');
  await sees('Stopped after');
  await press('q');
  expect(await driver.finished).toBe(0);
});

test('q asks first while a command runs', async () => {
  const { app, driver, sees, press } = walk({ at: 'prepare-leader/slot', run: () => null });
  await sees('Enter run');
  await press('\r');
  await sees('Ctrl-C stop');
  await press('q');
  await sees('A command is running. Stop it and quit?');
  await sees('y stop it and quit   n go on   Ctrl-C stop');
  await press('q', 's', 'n');
  await sees('q quit');
  expect(app.lastFrame()).not.toContain('Stop it and quit?');
  expect(driver.getState().activity.kind).toBe('running');
  await press('q', 'y');
  expect(await driver.finished).toBe(0);
});

test('each item of the transcript is drawn once', async () => {
  const { app, sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('h', 'h', 'h');
  await sees('Hint 3 of 3');
  expect(app.lastFrame()?.split('Hint 1 of 3')).toHaveLength(2);
});

test('the command of the last hint stays one line, wider than the window, so that it can be copied', async () => {
  const { sees, press } = walk({ at: 'prepare-leader/slot' });
  await sees('Enter run');
  await press('h', 'h', 'h');
  const select = `SELECT * FROM pg_create_physical_replication_slot('follower_slot');`;
  await sees(`\n     docker exec -it --user postgres leader psql -U postgres -d appdb -c "${select}"\n`);
});

test('a look that changes nothing that is drawn draws nothing', async () => {
  const driver = fakeDriver({ observation: pairStreams(0), at: 'prepare-leader/slot' });
  const store = createStore(driver, { rows: 40, columns: 100 });
  closers.push(() => store.close());
  const options = {
    label: { kind: 'docker', text: 'docker' },
    glyphs: glyphsFor(UNICODE_ENV, 'linux'),
  } as const;
  const getShown = shownSnapshot(store, options);
  const look = async (second: number, lag: number) => {
    const before = store.getSnapshot();
    const observation = later(pairStreams(lag), second);
    driver.report({ kind: 'observed', findings: [], observation });
    await expect.poll(() => store.getSnapshot() !== before).toBe(true);
    return getShown();
  };
  const first = await look(1, 0);
  expect(await look(2, 0)).toBe(first);
  const behind = await look(3, 56);
  expect(behind).not.toBe(first);
  // The trace goes on.
  expect(await look(4, 56)).not.toBe(behind);
});

test('a task, a size and the end are always drawn', async () => {
  const driver = fakeDriver({ observation: pairStreams(0), at: 'prepare-leader/slot' });
  const store = createStore(driver, { rows: 40, columns: 100 });
  closers.push(() => store.close());
  const options = {
    label: { kind: 'docker', text: 'docker' },
    glyphs: glyphsFor(UNICODE_ENV, 'linux'),
  } as const;
  const getShown = shownSnapshot(store, options);
  for (const change of [
    () => store.resize({ rows: 41, columns: 100 }),
    () => store.repeat((items) => items.slice(-1).map((item) => ({ item }))),
    () => store.end(),
  ]) {
    const before = getShown();
    change();
    expect(getShown()).not.toBe(before);
  }
});
