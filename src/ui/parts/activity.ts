import type { WalkState } from '../../learn/state.ts';
import { keepColours } from '../../terminal/ansi.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { truncate } from '../../terminal/wrap.ts';
import { type Line, span } from '../line.ts';

/** Shorter waits show no clock: it would only flicker. */
const SHOW_CLOCK_MS = 500;

/** What is going on, with a spinner and, after half a second, a clock. */
export function activityLine(state: WalkState, elapsedMs: number): Line[] {
  const words = activityWords(state);
  if (!words) return [];
  const clock = elapsedMs >= SHOW_CLOCK_MS ? `  ${Math.round(elapsedMs / 1000)} s` : '';
  return [[span(' '), span(' ', 'spinner'), span(` ${words}`), span(clock, 'dim')]];
}

function activityWords(state: WalkState): string {
  switch (state.activity.kind) {
    case 'idle':
      return '';
    case 'opening':
      return 'Looking at the lab';
    case 'running':
      return state.activity.stopping ? 'Stopping' : 'Running';
    case 'writing':
      return 'Writing the files';
    case 'checking':
      return 'Checking';
  }
}

/** The last rows of the running command's output, cut to the width. */
export function outputLines(live: readonly string[], rows: number, width: number, glyphs: Glyphs): Line[] {
  return live
    .slice(-rows)
    .map((row) => [span('   '), span(truncate(keepColours(row), width - 3, glyphs.ellipsis))]);
}
