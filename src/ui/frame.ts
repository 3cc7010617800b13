import type { LabLabel } from '../learn/driver-types.ts';
import { checkState, taskAt } from '../learn/select.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { contentWidth, isUsable, LEAST, type Size } from '../terminal/size.ts';
import { editorLines } from './editor/view.ts';
import { budgetOf, layout, type Wish } from './layout.ts';
import { BLANK, type Line, span } from './line.ts';
import { listLines } from './list/view.ts';
import { pagerLines, pagesOf } from './pager/view.ts';
import { activityLine, outputLines } from './parts/activity.ts';
import { checkLines, clipChecks, detailLines, NO_DETAIL, withDetail } from './parts/checks.ts';
import { clusterLines } from './parts/cluster.ts';
import { legendLines } from './parts/legend.ts';
import { doneLines, predictLines, skipLines } from './parts/questions.ts';
import { ruleLine } from './parts/rule.ts';
import { actionLines, adaptedLines, titleLine } from './parts/task.ts';
import type { Snapshot } from './store.ts';

/** Rows of output that are shown while a command runs, when the window has room for them. */
const OUTPUT_ROWS = 8;

export interface FrameOptions {
  label: LabLabel;
  glyphs: Glyphs;
  now: number;
}

/** Every part of a frame: how many rows it wants, and the rows for what it gets. */
interface Part extends Wish {
  /** `all`: what the other parts got, for the two that are drawn as one. */
  draw(rows: number, all: Record<string, number>): Line[];
}

/** The live part of the screen as rows. Pure: the same snapshot, size and time give the same rows. */
export function frameLines(snapshot: Snapshot, options: FrameOptions): Line[] {
  const { size, state } = snapshot;
  if (snapshot.ended) return endLines(snapshot);
  if (!isUsable(size.rows, size.columns)) {
    return [[span(`Make the window at least ${LEAST.columns}x${LEAST.rows}`, 'warn')]];
  }
  const idle = state.activity.kind === 'idle';
  const overlay = idle && (state.mode.kind === 'lessons' || state.mode.kind === 'concepts');
  const parts = overlay ? overlayParts(snapshot, options) : taskParts(snapshot, options);
  const rows = layout(budgetOf(size), parts);
  return parts.flatMap((part) => (rows[part.name] ? part.draw(rows[part.name] ?? 0, rows) : []));
}

/** Rows that a list or a page of an overlay gets. */
export function overlayRows(size: Size): number {
  // The rule, the cluster, a blank row above and below, and the keys.
  return Math.max(4, Math.min(budgetOf(size) - 6, 28));
}

function fixed(name: string, lines: readonly Line[], rank: number, least = lines.length): Part {
  return { name, wants: lines.length, least, rank, draw: (rows) => lines.slice(0, rows) };
}

const gap = (name: string, rank: number, show = true): Part => ({
  name,
  wants: show ? 1 : 0,
  least: 0,
  rank,
  draw: () => [BLANK],
});

function frameParts(snapshot: Snapshot, { label, glyphs }: FrameOptions, width: number): [Part, Part, Part] {
  const { state, size } = snapshot;
  const legend = legendLines(state, width, size.columns < 80 ? 2 : 1, glyphs);
  return [
    fixed('rule', [ruleLine(state, label, width, glyphs)], 2),
    fixed('cluster', clusterLines(state, width, glyphs), 4),
    fixed('legend', legend, 1),
  ];
}

function overlayParts(snapshot: Snapshot, options: FrameOptions): Part[] {
  const { state, size, widgets } = snapshot;
  const { glyphs } = options;
  const width = contentWidth(size.columns);
  const [rule, cluster, legend] = frameParts(snapshot, options, width);
  const room = overlayRows(size);
  const lines =
    state.mode.kind === 'lessons'
      ? listLines(state, widgets.list, width, room, glyphs)
      : pagerLines(pagesOf(state, width, glyphs), widgets.pager, width, room, glyphs);
  return [rule, cluster, gap('gap-1', 8), fixed('overlay', lines, 3), gap('gap-2', 9), legend];
}

function taskParts(snapshot: Snapshot, options: FrameOptions): Part[] {
  const { state, size, widgets, live, busySince } = snapshot;
  const { glyphs, now } = options;
  const width = contentWidth(size.columns);
  const [rule, cluster, legend] = frameParts(snapshot, options, width);
  const task = taskAt(state);
  const mode = state.activity.kind === 'idle' ? state.mode.kind : 'task';
  if (mode === 'done') {
    return [
      rule,
      cluster,
      gap('gap-1', 8),
      fixed('done', doneLines(state, width), 3),
      gap('gap-2', 9),
      legend,
    ];
  }
  const editing = mode === 'edit';
  const action: Part = editing
    ? {
        name: 'action',
        wants: editorLines(widgets.editor, width, 99, glyphs).length,
        least: 1,
        rank: 3,
        draw: (rows) => editorLines(widgets.editor, width, rows, glyphs),
      }
    : clipped('action', actionLines(state, width, glyphs), 6, glyphs);
  const question = mode === 'predict' ? predictLines(state, width) : mode === 'skip' ? skipLines(width) : [];
  const states = task.checks.map((check) => checkState(state, task, check));
  const checks = mode === 'predict' ? [] : checkLines(state, width, glyphs);
  const activity = activityLine(state, busySince === null ? 0 : now - busySince);
  const output = Math.min(live.length, OUTPUT_ROWS);
  const detail = activity.length > 0 || question.length > 0 ? NO_DETAIL : detailLines(state, width);
  return [
    rule,
    cluster,
    gap('gap-1', 20),
    fixed('title', [titleLine(state, width, glyphs)], 7),
    action,
    clipped('adapted', editing ? [] : adaptedLines(state, width), 10, glyphs),
    gap('gap-question', 23, question.length > 0),
    fixed('question', question, 3),
    gap('gap-output', 22, activity.length > 0),
    fixed('activity', activity, 3),
    {
      name: 'output',
      wants: output,
      least: Math.min(output, 2),
      rank: 8,
      draw: (rows) => outputLines(live, rows, width, glyphs),
    },
    gap('gap-checks', 21, checks.length > 0),
    {
      name: 'checks',
      wants: checks.length,
      least: Math.min(checks.length, 1),
      rank: 5,
      draw: (rows, all) =>
        withDetail(clipChecks(checks, states, rows), detail.lines.slice(0, all.detail), detail.after),
    },
    // Drawn under the check that it belongs to.
    {
      name: 'detail',
      wants: detail.lines.length,
      least: Math.min(detail.lines.length, 2),
      rank: 9,
      draw: () => [],
    },
    gap('gap-legend', 19),
    legend,
  ];
}

/** A part that may lose rows from its end, and says so by a mark. */
function clipped(name: string, lines: readonly Line[], rank: number, glyphs: Glyphs): Part {
  return {
    name,
    wants: lines.length,
    least: Math.min(lines.length, 1),
    rank,
    draw: (rows) =>
      rows >= lines.length
        ? [...lines]
        : [...lines.slice(0, rows - 1), [...(lines[rows - 1] ?? []), span(` ${glyphs.ellipsis}`, 'dim')]],
  };
}

/** What stays on the screen when the walk is over. */
function endLines({ state }: Snapshot): Line[] {
  const words =
    state.mode.kind === 'done'
      ? 'Your lab keeps running. Take it down with: walkthrough reset'
      : 'Your place is kept. Start walkthrough again to go on.';
  return [[span('   '), span(words, 'dim')]];
}
