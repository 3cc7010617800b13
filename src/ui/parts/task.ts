import { taskAt, taskPassed } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import { placeOf } from '../../plain/words.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import {
  cutLine,
  GUTTER,
  type Line,
  marked,
  type Span,
  span,
  spoken,
  spread,
  type Tone,
  wrapSpans,
} from '../line.ts';

/** Title of the task, with the place where its command takes effect at the right. */
export function titleLine(state: WalkState, width: number, glyphs: Glyphs): Line {
  const task = taskAt(state);
  const own = state.mode.kind === 'edit' && state.mode.own;
  const place = own ? 'on your machine' : placeOf(task.action);
  return spread(
    [span(' '.repeat(GUTTER)), span(own ? 'A command of your own' : task.title, 'strong')],
    place ? [span(place, 'dim')] : [],
    width,
    glyphs.ellipsis,
  );
}

/** What the task asks to do, as documented. Accent while it is what to do now. */
export function actionLines(state: WalkState, width: number, glyphs: Glyphs): Line[] {
  const task = taskAt(state);
  const { activity } = state;
  // What runs is what is shown, also when it was edited or is the learner's own.
  if (activity.kind === 'running' && activity.command !== '')
    return commandLines(activity.command, span(glyphs.pointer, 'dim'), 'dim', width);
  const now = state.mode.kind === 'task' && state.activity.kind === 'idle' && !taskPassed(state, task);
  const mark = span(glyphs.pointer, now ? 'accent' : 'dim');
  const tone = now ? 'accent' : 'dim';
  if (task.action.kind === 'command') return commandLines(task.action.command, mark, tone, width);
  if (task.action.kind === 'write') {
    return task.action.files.map((file) =>
      cutLine([span(' '), mark, span(' write ', 'dim'), span(file.path, tone)], width, glyphs.ellipsis),
    );
  }
  return [];
}

/** A command behind its mark, wrapped between words; each of its lines begins in the same column. */
export function commandLines(command: string, mark: Span, tone: Tone, width: number): Line[] {
  return marked(mark, [span(command, tone)], width);
}

/** The form that this machine needs, where it differs, with the reason. */
export function adaptedLines(state: WalkState, width: number): Line[] {
  const task = taskAt(state);
  const { adaptation } = state.visit;
  if (task.action.kind !== 'command' || !adaptation || adaptation.reasons.length === 0) return [];
  return [
    ...labelled('runs as', [span(adaptation.command)], width),
    ...labelled('why', spoken(adaptation.reasons.join('; '), 'dim'), width),
  ];
}

/** Cells of the widest label, `runs as`, and two. */
const LABEL = 9;

/** `label   text`: the label dim in a column of its own, the text wrapped beside it. */
export function labelled(label: string, text: readonly Span[], width: number): Line[] {
  return wrapSpans(text, width, GUTTER + LABEL).map((row, index) =>
    index === 0 ? [span(' '.repeat(GUTTER)), span(label.padEnd(LABEL), 'dim'), ...row.slice(1)] : row,
  );
}
