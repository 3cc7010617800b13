import path from 'node:path';
import type { Names, Task } from '../course/types.ts';
import { withoutTerminal } from '../lab/adapt.ts';
import type { TaskRecord } from '../learn/state.ts';
import { restoreSecrets, type TranscriptEntry } from '../learn/transcript.ts';
import type { Forms } from './forms.ts';
import { PROJECT_MARK } from './shell-text.ts';
import type { Chosen, RunbookTask } from './types.ts';

/** The learner's folder, whose names must not stand in a script for another folder. */
export interface OldFolder {
  workspace: string;
  names: Names;
  /** The network's name in it; null where it is the same in every folder. */
  network: string | null;
}

/** Share of the lesson's words from which an own command is taken for the lesson's with a change. */
const ALIKE = 0.75;

/**
 * The command of a task for the script: the last one that worked. The lesson's command counts in every form that it
 * takes. One of the learner's own counts where it alone made the checks hold; where no check tells, when it is nearly
 * the lesson's. Else it is the lesson's own, so that the script gives a pair that passes in any case.
 */
export function choose(
  { task, record, ran }: Omit<RunbookTask, 'chosen'>,
  forms: Forms,
  folder: OldFolder,
): Chosen {
  const fails = task.checks.some(({ kind }) => kind === 'read-only') ? 'must' : null;
  const worked = ran.filter(({ entry: { exitCode } }) =>
    fails === 'must' ? exitCode !== null && exitCode !== 0 : exitCode === 0,
  );
  const usual = worked.findLast(({ own }) => !own);
  if (usual)
    return { source: 'ran', text: forms.find(usual.entry.command) ?? forms.anywhere, why: '', fails };

  const own = ownProof(task, record, worked, forms);
  const text = own && scripted(own, folder);
  if (text?.ok) return { source: 'own', text: text.command, why: '', fails };

  const passed = record.everPassed !== undefined;
  const failed = ran.findLast(({ own }) => !own);
  if (passed && failed && !text)
    return {
      source: 'ran',
      text: forms.find(failed.entry.command) ?? forms.anywhere,
      why: '',
      fails: fails ?? 'may',
    };
  return { source: 'lesson', text: forms.anywhere, why: text?.why ?? whyNot(record, ran.length > 0), fails };
}

/** The learner's own command that did what the task asks; undefined where none is known to have done it alone. */
function ownProof(
  task: Task,
  record: TaskRecord,
  worked: RunbookTask['ran'],
  forms: Forms,
): TranscriptEntry | undefined {
  if (task.checks.length === 0)
    return worked.findLast(({ entry }) => forms.likeness(entry.command) >= ALIKE)?.entry;
  const [first] = worked;
  return first && first.entry.at === record.heldAfter ? first.entry : undefined;
}

/** An own command as a script can have it, or why it can't. */
function scripted(
  { command }: TranscriptEntry,
  { workspace, names, network }: OldFolder,
): { ok: true; command: string } | { ok: false; why: string } {
  const restored = restoreSecrets(command, names);
  if (restored === null)
    return { ok: false, why: "Your own command had a password that is kept nowhere: this is the lesson's." };
  if (isTypedInto(restored))
    return {
      ok: false,
      why: "What you typed into your own session is kept nowhere: this is the lesson's command.",
    };
  const here = restored.replace(pathPattern(workspace), '.');
  if (new RegExp(`/${literal(path.basename(workspace))}(?![\\w.-])`).test(here))
    return { ok: false, why: "Your own command names the folder that you were in: this is the lesson's." };
  const bare = withoutTerminal(here).replace(
    /\bdocker compose (exec|run)\b(?!.*\s(?:-T|--no-TTY)\b)/g,
    'docker compose $1 -T',
  );
  return { ok: true, command: network === null ? bare : bare.replaceAll(network, marked(network, names)) };
}

/** The network's name with the mark for the project. */
export function marked(network: string, names: Names): string {
  return `${PROJECT_MARK}_${names.network ?? network}`;
}

/** A session that reads the keyboard: nothing on the line says what was done in it. */
function isTypedInto(command: string): boolean {
  const opened = /\b(?:exec|run)\b.*\b(?:psql|bash|sh)\b(.*)$/s.exec(command);
  return (
    opened !== null && !/[<|]/.test(command) && !/\s(?:-\w*[cf]|--command|--file)\b/.test(opened[1] ?? '')
  );
}

function whyNot(record: TaskRecord, tried: boolean): string {
  const lessons = "this is the lesson's command.";
  if (record.everPassed !== undefined)
    return tried
      ? `None of your commands is known to have done this alone: ${lessons}`
      : `Done in another window: ${lessons}`;
  if (record.skipped) return `Skipped then: ${lessons}`;
  return tried ? `It did not work then: ${lessons}` : `Not done yet: ${lessons}`;
}

/** The path of a folder where it ends, so that `/a/solutions` is not found in `/a/solutions2`. */
export function pathPattern(folder: string): RegExp {
  return new RegExp(`${literal(folder)}(?![\\w.-])`, 'g');
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
