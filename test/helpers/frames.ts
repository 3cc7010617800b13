import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { contentWidth } from '../../src/terminal/size.ts';
import { frameLines } from '../../src/ui/frame.ts';
import { type Line, textOf } from '../../src/ui/line.ts';
import { createStore, type Snapshot } from '../../src/ui/store.ts';
import { itemLines } from '../../src/ui/transcript/item.ts';
import type { FakeDriver } from './fake-driver.ts';

export const UNICODE_ENV = { LANG: 'C.UTF-8', TERM: 'xterm-256color' };

/** A snapshot as the store makes it, with what the driver has said so far. */
function snapshotOf(
  driver: FakeDriver,
  rows: number,
  columns: number,
  change: Partial<Snapshot> = {},
): Snapshot {
  const store = createStore(driver, { rows, columns });
  const snapshot = { ...store.getSnapshot(), ...change };
  store.close();
  return snapshot;
}

/** The live region as rows. */
export function frameOf(
  driver: FakeDriver,
  rows: number,
  columns: number,
  change: Partial<Snapshot> = {},
  env: NodeJS.ProcessEnv = UNICODE_ENV,
): readonly Line[] {
  return frameLines(snapshotOf(driver, rows, columns, change), {
    label: { kind: 'docker', text: 'docker · PostgreSQL 14' },
    glyphs: glyphsFor(env, 'linux'),
    now: 2000,
  });
}

/** All of the transcript as text. */
export function transcriptOf(
  driver: FakeDriver,
  columns: number,
  env: NodeJS.ProcessEnv = UNICODE_ENV,
): string {
  const pen = {
    width: contentWidth(columns),
    glyphs: glyphsFor(env, 'linux'),
    course: driver.getState().course,
  };
  const lines: Line[] = [];
  const stop = driver.onFeed((item) => lines.push(...itemLines(item, pen)));
  stop();
  return textOf(lines);
}
