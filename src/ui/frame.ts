import { asksToLeave } from '../learn/select.ts';
import { startAgain } from '../plain/words.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { contentWidth, isUsable, LEAST, type Size } from '../terminal/size.ts';
import { keysNow } from './key-lookup.ts';
import { budgetOf, layout } from './layout.ts';
import { type Line, span, wrapSpans } from './line.ts';
import { listLines } from './list/view.ts';
import { pagerLines, pagesOf } from './pager/view.ts';
import { fixed, gap, type Part } from './part.ts';
import { clusterLines, hasPicture } from './parts/cluster.ts';
import { legendLines } from './parts/legend.ts';
import { ruleLine } from './parts/rule.ts';
import type { Snapshot } from './store.ts';
import { type FrameOptions, taskParts } from './task-parts.ts';

/** The live part of the screen as rows. Pure: the same snapshot, size and time give the same rows. */
export function frameLines(snapshot: Snapshot, options: FrameOptions): Line[] {
  const { size, state } = snapshot;
  if (snapshot.away) return [];
  if (snapshot.ended) return endLines(snapshot);
  if (!isUsable(size.rows, size.columns)) {
    return tooSmallLines(snapshot);
  }
  const { label, glyphs } = options;
  const width = contentWidth(size.columns);
  const idle = state.activity.kind === 'idle';
  const overlay = idle && (state.mode.kind === 'lessons' || state.mode.kind === 'concepts');
  const parts: Part[] = [
    fixed('rule', [ruleLine(state, label, width, glyphs)], 2),
    fixed('cluster', clusterLines(state, size, glyphs), 4),
    gap('gap-top', 20),
    ...(overlay ? [overlayPart(snapshot, width, glyphs)] : taskParts(snapshot, options)),
    gap('gap-legend', 19),
    fixed(
      'legend',
      legendLines(state, width, size.columns < 120 ? 2 : 1, glyphs, snapshot.widgets.list.filter !== ''),
      1,
    ),
  ];
  const rows = layout(budgetOf(size), parts);
  return parts.flatMap((part) => (rows[part.name] ? part.draw(rows[part.name] ?? 0, rows) : []));
}

/** In place of the frame: the size it needs, how to leave, and what goes on meanwhile. */
function tooSmallLines({ size, state }: Snapshot): Line[] {
  const quits = keysNow(state).some((one) => one.intent.kind === 'leave') ? 'q quits' : 'Ctrl-C quits';
  const leaving = asksToLeave(state);
  const words = [
    `This window is ${size.columns}x${size.rows}.`,
    `Make it at least ${LEAST.columns}x${LEAST.rows}${leaving ? '' : `; ${quits}`}.`,
    ...(state.activity.kind === 'running' ? ['The command still runs.'] : []),
    ...(leaving ? ['y stops it and quits, n lets it go on.'] : []),
  ];
  return wrapSpans([span(words.join(' '), 'warn')], Math.max(1, size.columns - 2), 0).slice(
    0,
    budgetOf(size),
  );
}

/** Rows that a list or a page of an overlay gets. */
export function overlayRows(size: Size): number {
  // The rule, the cluster, a blank row above and below, and the keys.
  const others = hasPicture(size) ? 7 : 6;
  return Math.max(4, Math.min(budgetOf(size) - others, 28));
}

/** A list or a page of text in place of the task. */
function overlayPart({ state, size, widgets }: Snapshot, width: number, glyphs: Glyphs): Part {
  const room = overlayRows(size);
  const lines =
    state.mode.kind === 'lessons'
      ? listLines(state, widgets.list, width, room, glyphs)
      : pagerLines(pagesOf(state, width, glyphs), widgets.pager, width, room, glyphs);
  return fixed('overlay', lines, 3);
}

/** What stays on the screen when the walk is over. */
function endLines({ state, size }: Snapshot): Line[] {
  const words =
    state.mode.kind === 'done'
      ? [
          `What you did, as a text and as a script: npx walkthrough runbook${state.flags}`,
          `Your lab keeps running. Take it down with: npx walkthrough reset${state.flags}`,
        ]
      : [`Your place is kept. ${startAgain(state.flags)}`];
  return words.flatMap((line) => wrapSpans([span(line, 'dim')], contentWidth(size.columns)));
}
