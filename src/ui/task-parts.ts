import type { LabLabel } from '../learn/driver-types.ts';
import { checkState, taskAt } from '../learn/select.ts';
import type { WalkState } from '../learn/state.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { contentWidth } from '../terminal/size.ts';
import { editorLines } from './editor/view.ts';
import { situationOf } from './key-lookup.ts';
import type { Line } from './line.ts';
import { clipped, fixed, gap, type Part } from './part.ts';
import { activityLine, outputLines } from './parts/activity.ts';
import { checkLines, clipChecks, detailLines, NO_DETAIL, withDetail } from './parts/checks.ts';
import { doneLines, leaveLines, predictLines, skipLines, testOutLines } from './parts/questions.ts';
import { actionLines, adaptedLines, titleLine } from './parts/task.ts';
import type { Snapshot } from './store.ts';

/** Rows of output that are shown while a command runs, when the window has room for them. */
const OUTPUT_ROWS = 8;

/** The question that is open, with its answers; [] when there is none. */
function questionLines(state: WalkState, width: number): Line[] {
  switch (situationOf(state)) {
    case 'predict':
      return predictLines(state, width);
    case 'skip':
      return skipLines(width);
    case 'test-out':
      return testOutLines(width);
    case 'leaving':
      return leaveLines(width);
    default:
      return [];
  }
}

export interface FrameOptions {
  label: LabLabel;
  glyphs: Glyphs;
  now: number;
}

/** The task at hand: what to do, what runs, what holds; or the end of the walk. */
export function taskParts(snapshot: Snapshot, options: FrameOptions): Part[] {
  const { state, size, widgets, live, busySince } = snapshot;
  const { glyphs, now } = options;
  const width = contentWidth(size.columns);
  const task = taskAt(state);
  const mode = state.activity.kind === 'idle' ? state.mode.kind : 'task';
  if (mode === 'done') return [fixed('done', doneLines(state, width), 3)];
  const editing = mode === 'edit';
  const action: Part = editing
    ? {
        name: 'action',
        wants: editorLines(widgets.editor, width, 99, glyphs).length,
        least: 1,
        rank: 3,
        draw: (rows) => editorLines(widgets.editor, width, rows, glyphs),
      }
    : clipped('action', actionLines(state, width, glyphs), 6, width, glyphs);
  const question = questionLines(state, width);
  const states = task.checks.map((check) => checkState(state, task, check));
  const checks = mode === 'predict' ? [] : checkLines(state, width, glyphs);
  const activity = activityLine(state, busySince === null ? 0 : now - busySince);
  const output = Math.min(live.length, OUTPUT_ROWS);
  const detail = activity.length > 0 || question.length > 0 ? NO_DETAIL : detailLines(state, width);
  return [
    fixed('title', [titleLine(state, width, glyphs)], 7),
    action,
    clipped('adapted', editing ? [] : adaptedLines(state, width), 10, width, glyphs),
    gap('gap-question', 23, question.length > 0),
    { ...clipped('question', question, 3, width, glyphs), least: Math.min(question.length, 4) },
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
        withDetail(clipChecks(checks, states, rows), detail.lines.slice(0, all.detail), checks[detail.after]),
    },
    // Drawn under the check that it belongs to.
    {
      name: 'detail',
      wants: detail.lines.length,
      least: Math.min(detail.lines.length, 2),
      rank: 9,
      draw: () => [],
    },
  ];
}
