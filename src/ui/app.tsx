import { Box, Static, useInput } from 'ink';
import {
  type ReactNode,
  useEffect,
  useInsertionEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { LabLabel } from '../learn/driver-types.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { contentWidth } from '../terminal/size.ts';
import { frameLines } from './frame.ts';
import { type Line, lineWidth } from './line.ts';
import { Lines } from './lines.tsx';
import { type Press, pressesOf } from './press.ts';
import type { Snapshot, Store } from './store.ts';
import type { FrameOptions } from './task-parts.ts';
import type { Piece } from './transcript/again.ts';
import { itemLines, type Pen } from './transcript/item.ts';

export interface AppProps {
  store: Store;
  label: LabLabel;
  glyphs: Glyphs;
  /** Items of the transcript that are on the screen already. */
  from: number;
  onPress(press: Press): void;
  /** Told of the rows of each frame, so that a resize knows what is on the screen. */
  onFrame(lines: readonly Line[]): void;
}

/** The transcript, drawn once an item, and the live part under it. */
export function App({ store, label, glyphs, from, onPress, onFrame }: AppProps): ReactNode {
  const getShown = useMemo(() => shownSnapshot(store, { label, glyphs }), [store, label, glyphs]);
  const snapshot = useSyncExternalStore(store.subscribe, getShown);
  const now = useClock(snapshot.busySince !== null && !snapshot.ended && !snapshot.away);
  useInput((input, key) => {
    for (const press of pressesOf(input, key)) onPress(press);
  });
  const lines = useMemo(() => frameLines(snapshot, { label, glyphs, now }), [snapshot, label, glyphs, now]);
  // Ink draws at the end of the commit, before layout effects run: those would tell of each frame too late.
  useInsertionEffect(() => onFrame(lines), [lines, onFrame]);
  const feed = useMemo(() => snapshot.feed.slice(from), [snapshot.feed, from]);
  const pen = { width: contentWidth(snapshot.size.columns), glyphs, course: snapshot.state.course };
  return (
    <>
      <Static items={feed}>{(entry) => <Item key={entry.id} piece={entry} pen={pen} />}</Static>
      <Lines lines={lines} spinner={glyphs.spinner} />
    </>
  );
}

/**
 * Gives the store's snapshot, but an older one as long as both look the same. The lab is looked at every second, and
 * most of the time nothing that is drawn has changed: React and Ink would take longer to find that out.
 */
export function shownSnapshot(
  store: Pick<Store, 'getSnapshot'>,
  options: Omit<FrameOptions, 'now'>,
): () => Snapshot {
  let shown = store.getSnapshot();
  let latest = shown;
  let frame = '';
  return () => {
    const next = store.getSnapshot();
    if (next === latest) return shown;
    latest = next;
    // With a clock in it, a frame depends on more than the snapshot.
    const before = frame;
    frame = next.busySince === null ? JSON.stringify(frameLines(next, { ...options, now: 0 })) : '';
    const same = frame !== '' && frame === before && next.feed === shown.feed && next.size === shown.size;
    if (!same) shown = next;
    return shown;
  };
}

/** An item of the transcript. What is to be copied is as wide as it is: the terminal breaks it, we do not. */
function Item({ piece: { item, last }, pen }: { piece: Piece; pen: Pen }): ReactNode {
  const all = itemLines(item, pen);
  const lines = last === undefined ? all : all.slice(-last);
  const width = item.kind === 'code' ? { width: Math.max(...lines.map(lineWidth)) } : {};
  return (
    <Box flexDirection="column" flexShrink={0} {...width}>
      <Lines lines={lines} spinner={pen.glyphs.spinner} />
    </Box>
  );
}

/** The time, twice a second while `running`; it stands still otherwise, and costs nothing. */
function useClock(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
