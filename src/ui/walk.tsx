import process from 'node:process';
import { render } from 'ink';
import type { Driver, LabLabel } from '../learn/driver-types.ts';
import { glyphsFor } from '../terminal/glyphs.ts';
import { type EndSignal, guardTerminal, SIGNAL_CODES } from '../terminal/restore.ts';
import { contentWidth, sizeOf } from '../terminal/size.ts';
import { App } from './app.tsx';
import { handlePress, isCovered } from './handle.ts';
import type { Line } from './line.ts';
import { Screen } from './screen.ts';
import { createStore } from './store.ts';
import { shownAgain } from './transcript/again.ts';

/** How long the walk may take to put the lab away after a signal, in milliseconds. */
const END_LIMIT_MS = 5000;

/**
 * Shows the walk in the terminal until it ends.
 * @returns the driver's exit code; 128 and the signal's number when a signal or a closed terminal ended it
 */
export async function showWalk(driver: Driver, label: LabLabel): Promise<number> {
  const { stdin: input, stdout: output } = process;
  const glyphs = glyphsFor(process.env);
  const screen = new Screen(output, process.env);
  const store = createStore(driver, sizeOf(output));
  let drawn: readonly Line[] = [];
  let committed: readonly Line[] = [];
  /** Rows of the highest frame since something covers the task; 0 while nothing does. */
  let cover = 0;
  let ended: EndSignal | null = null;
  let giveUp = () => {};
  const hurried = new Promise<void>((resolve) => {
    giveUp = resolve;
  });

  let failed: Error | null = null;
  /** A component threw: nothing can be drawn any more, but the command is stopped and the place saved. */
  const fail = (error: unknown) => {
    failed ??= error instanceof Error ? error : new Error(String(error));
    driver.send({ kind: 'quit' });
    setTimeout(giveUp, END_LIMIT_MS).unref();
  };
  const end = (signal: EndSignal) => {
    ended ??= signal;
    driver.send({ kind: 'quit' });
    setTimeout(giveUp, END_LIMIT_MS).unref();
  };
  let unguard = guardTerminal({ input, output }, end);
  // A closed terminal: writing fails with EIO or EPIPE, reading ends.
  const onGone = () => end('SIGHUP');
  output.on('error', onGone);
  input.on('end', onGone);

  const redraw = (clear: 'frame' | 'screen') => {
    const update = () => {
      store.resize(screen.size);
      ink.flush();
    };
    screen.redraw(drawn, update, clear);
  };
  const hands = {
    driver,
    store,
    glyphs,
    redraw() {
      redraw('screen');
      repeat();
    },
    uncover() {
      const highest = cover;
      store.flush();
      ink.flush();
      screen.clear(drawn, Math.max(highest, drawn.length));
      repeat();
    },
  };
  /** Fills the window above the frame with the end of the transcript, the task in it. */
  function repeat() {
    const { columns, rows } = screen.size;
    const pen = { width: contentWidth(columns), glyphs, course: driver.getState().course };
    // The cursor's row stays free, below the frame.
    store.repeat((items) => shownAgain(items, rows - committed.length - 1, columns, pen));
  }
  let ink = mount(0);

  /** The tree under the transcript, of which `from` items are on the screen already. */
  function tree(from: number) {
    return (
      <App
        store={store}
        label={label}
        glyphs={glyphs}
        from={from}
        onPress={(press) => {
          handlePress(press, hands);
          store.flush();
        }}
        onFrame={(lines) => {
          committed = lines;
        }}
      />
    );
  }
  function mount(from: number) {
    const app = tree(from);
    const instance = render(app, {
      // Ink uses these members of a stream and no others.
      stdout: screen as unknown as NodeJS.WriteStream,
      exitOnCtrlC: false,
      patchConsole: true,
      // Off: it is one row wrong in 6.8.0. Screen draws by rows in its place.
      incrementalRendering: false,
      // The store holds a flood back already; a key must not wait for the next turn.
      maxFps: 60,
      onRender: () => {
        drawn = committed;
        cover = isCovered(driver.getState()) ? Math.max(cover, drawn.length) : 0;
      },
    });
    instance.waitUntilExit().catch(fail);
    return {
      // Rendering the same tree again flushes what the store has just told React.
      flush: () => instance.rerender(app),
      async unmount() {
        // React draws what the store has just said before the tree is taken down.
        await new Promise((resolve) => setImmediate(resolve));
        const gone = instance.waitUntilExit().catch(() => {});
        instance.unmount();
        await gone;
        await flushed(output);
      },
    };
  }

  /**
   * Lets go of the terminal while something else reads the keyboard and writes the screen. Ctrl-C then belongs to
   * that one. Afterwards the frame is drawn below whatever was written.
   */
  async function lend<T>(use: () => Promise<T>): Promise<T> {
    store.setAway(true);
    await ink.unmount();
    const onScreen = store.getSnapshot().feed.length;
    screen.forget();
    input.pause();
    unguard();
    const ignore = () => {};
    process.on('SIGINT', ignore);
    unguard = guardTerminal({ input, output }, end, ['SIGTERM', 'SIGHUP']);
    try {
      return await use();
    } finally {
      process.off('SIGINT', ignore);
      unguard();
      unguard = guardTerminal({ input, output }, end);
      // A blank row, as before every frame: the other one may have left the cursor anywhere in its last row.
      output.write('\n');
      store.setAway(false);
      ink = mount(onScreen);
    }
  }
  driver.lendTerminal(lend);

  const onResize = () => redraw('frame');
  output.on('resize', onResize);

  try {
    const code = await Promise.race([driver.finished, hurried.then(() => 1)]);
    if (failed) return 1;
    return ended ? SIGNAL_CODES[ended] : code;
  } finally {
    store.end();
    await ink.unmount();
    store.close();
    output.off('resize', onResize);
    output.off('error', onGone);
    input.off('end', onGone);
    unguard();
    input.pause();
    if (failed) {
      const next = `Your place is kept. Go on in plain lines: npx walkthrough --plain${driver.getState().flags}`;
      process.stderr.write(`\nThe screen could not be drawn: ${(failed as Error).message}.\n${next}\n`);
    }
  }
}

/** Resolves when all that was written has left for the terminal, or the terminal is gone. */
function flushed(output: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (output.destroyed || !output.writable) return resolve();
    output.write('', () => resolve());
  });
}
