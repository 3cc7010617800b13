import type { FindingState } from '../../check/finding.ts';
import type { CheckSpec } from '../../course/types.ts';
import { checkState, taskAt } from '../../learn/select.ts';
import type { WalkState } from '../../learn/state.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { cutLine, type Line, type Span, span, spoken } from '../line.ts';
import { labelled } from './task.ts';

type State = FindingState | 'unknown';

/** Mark of a check. `calm`: what does not hold yet is no fault before the learner was there. */
export function checkMark(state: State, glyphs: Glyphs, calm = false): Span {
  switch (state) {
    case 'passed':
      return span(glyphs.passed, 'good');
    case 'failed':
      return span(glyphs.failed, calm ? 'dim' : 'bad');
    case 'blocked':
      return span(glyphs.blocked, calm ? 'dim' : 'warn');
    case 'error':
      return span(glyphs.error, 'warn');
    case 'unknown':
      return span(glyphs.unknown, 'dim');
  }
}

/** Nothing was done about the task yet: what does not hold is no fault, it is what there is to do. */
function untouched({ visit }: WalkState): boolean {
  return !visit.acted && !visit.judged;
}

/** The task's checks as they stand now, a row each. */
export function checkLines(state: WalkState, width: number, glyphs: Glyphs): Line[] {
  const task = taskAt(state);
  return task.checks.map((check) => {
    const now = checkState(state, task, check);
    const ahead = untouched(state) && (now === 'failed' || now === 'blocked');
    const title = span(titleOf(state, check), now === 'unknown' ? 'dim' : 'plain');
    const word =
      now === 'blocked'
        ? [span('  waits', 'dim')]
        : now === 'error'
          ? [span('  can not be asked', 'dim')]
          : ahead
            ? [span('  not yet', 'dim')]
            : [];
    const mark = checkMark(ahead ? 'unknown' : now, glyphs);
    return cutLine([span(' '), mark, span(' '), title, ...word], width, glyphs.ellipsis);
  });
}

/** Which rows to leave out when there is room for `rows` only: checks that hold go first. */
export function clipChecks(lines: readonly Line[], states: readonly State[], rows: number): Line[] {
  if (lines.length <= rows) return [...lines];
  if (rows <= 0) return [];
  const order = lines
    .map((_, index) => index)
    .sort((a, b) => Number(states[a] === 'passed') - Number(states[b] === 'passed') || a - b);
  const keep = new Set(order.slice(0, Math.max(1, rows - 1)));
  const shown = lines.filter((_, index) => keep.has(index));
  const left = lines.length - shown.length;
  return rows === 1 ? shown : [...shown, [span('   '), span(`and ${left} more`, 'dim')]];
}

/** Rows about one check, and which of the task's checks they stand under. */
export interface Detail {
  lines: readonly Line[];
  after: number;
}

export const NO_DETAIL: Detail = { lines: [], after: 0 };

/** What the first open check saw and wanted, while there is room to say it. */
export function detailLines(state: WalkState, width: number): Detail {
  const task = taskAt(state);
  const states = task.checks.map((check) => checkState(state, task, check));
  const failed = states.indexOf('failed');
  const after = untouched(state)
    ? states.indexOf('error')
    : failed >= 0
      ? failed
      : states.findIndex((now) => now === 'blocked' || now === 'error');
  const finding = state.findings[task.checks[after]?.id ?? ''];
  if (!finding) return NO_DETAIL;
  return {
    after,
    lines: [
      ...labelled('saw', spoken(finding.saw), width),
      ...labelled('wanted', spoken(finding.wanted), width),
      ...labelled('why', spoken(finding.why, 'dim'), width),
    ],
  };
}

/** The details put under the row that they belong to. */
export function withDetail(checks: readonly Line[], detail: readonly Line[], row: Line | undefined): Line[] {
  const at = row ? checks.indexOf(row) + 1 : 0;
  return [...checks.slice(0, at), ...detail, ...checks.slice(at)];
}

/** The check's own words; before it was asked for the first time, the name the lesson gives it. */
function titleOf(state: WalkState, check: CheckSpec): string {
  return (
    state.findings[check.id]?.title ??
    check.title ??
    (check.id.split('/').at(-1) ?? check.id).replaceAll('-', ' ')
  );
}
