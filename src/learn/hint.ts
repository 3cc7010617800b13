import type { Finding } from '../check/finding.ts';
import { givesAway } from '../course/giveaway.ts';
import { inlineText } from '../course/inline-text.ts';
import type { Mistake, Task } from '../course/types.ts';
import { type Wrong, wayOutOf, wrongNow } from './pages.ts';
import { recordOf, taskPassed } from './select.ts';
import type { Step, WalkState } from './state.ts';
import { feed, SAVE, say, withRecord } from './step.ts';

/**
 * The next level of the ladder: where to look, the idea, the action itself. The first two speak of what is wrong now
 * where that has a name. Where nothing is, no hint is given and none is counted.
 */
export function hint(state: WalkState, task: Task): Step {
  if (task.hints.length === 0)
    return { state, effects: [say('This task has no hints: there is nothing to do but to read.')] };
  if (taskPassed(state, task)) {
    const held = task.checks.length > 0 ? 'All checks hold' : 'This task is done';
    return { state, effects: [say(`${held}: nothing to hint at.`)] };
  }
  const record = recordOf(state, task);
  const level = Math.min((record.hints ?? 0) + 1, 3);
  const next = withRecord(state, task, { ...record, hints: level });
  const wayOut = level === 3 ? wayOutNow(state, task) : null;
  if (wayOut !== null) return { state: next, effects: [say(`Hint 3 of 3, the last. ${wayOut}`), SAVE] };
  if (level === 3 && task.action.kind === 'command') {
    const { command } = state.visit.adaptation ?? task.action;
    return {
      state: next,
      effects: [say('Hint 3 of 3, the last: run this.'), feed({ kind: 'code', text: command }), SAVE],
    };
  }
  const text = level === 3 ? lastWords(task) : hintText(state, task, level);
  return { state: next, effects: [say(`Hint ${level} of 3: ${text}`), SAVE] };
}

/** What mends the cause of what is wrong now, where the task's own action does not; null where it may. */
function wayOutNow(state: WalkState, task: Task): string | null {
  const [wrong] = wrongNow(state);
  return wrong && !actionMayHelp(state, task, wrong) ? wayOutOf(wrong.mistake) : null;
}

/**
 * A command is made for what the learner came with: as long as nobody has run it here as it is written, it may help
 * with that. A file that nobody had written here may be written yet.
 */
function actionMayHelp({ visit }: WalkState, { action }: Task, { finding, mistake }: Wrong): boolean {
  if (action.kind === 'write') return !visit.acted;
  if (action.kind === 'read' || visit.ran?.asWritten) return false;
  return visit.arrivedWith?.[finding.id] === mistake.id;
}

function lastWords({ action }: Task): string {
  return action.kind === 'write'
    ? `Press Enter: it writes ${action.files.map((file) => file.path).join(' and ')}.`
    : 'Look at what the check saw, and at the task that made it.';
}

/** Level 1 or 2: of what is wrong now, else as the lesson has it. Neither ever shows the command. */
function hintText(state: WalkState, task: Task, level: number): string {
  const written = task.hints[level - 1] ?? lastWords(task);
  const [wrong] = wrongNow(state);
  if (!wrong) return written;
  const text = level === 1 ? whereToLook(wrong.finding) : whatItIs(wrong.mistake);
  const command = task.action.kind === 'command' ? task.action.command : '';
  return givesAway(text, command) ? written : text;
}

const whereToLook = ({ probe, saw }: Finding): string =>
  `Look at ${probe}. Seen there: ${saw.replace(/\.$/, '')}.`;

/** The mistake by its name, with the first sentence of its page. */
function whatItIs({ title, prose }: Mistake): string {
  const [first] = prose;
  const text = first?.kind === 'paragraph' ? inlineText(first.inlines) : '';
  // What stands in backquotes is a message or a command: its full stops end no sentence of ours.
  const [sentence = ''] = /^(?:`[^`]*`|[^`])*?[.!?](?=\s|$)/.exec(text) ?? [];
  return `${title.replace(/\.$/, '')}. ${sentence}`.trim();
}
