import type { Tokens } from 'marked';
import { type CheckScope, readChecks } from './checks.ts';
import { readPrediction, readWrite, yamlOf } from './fences.ts';
import { checkHints, readHints } from './hints.ts';
import { isClosed, isFence, type Located } from './markdown.ts';
import { bindKnown, mapStrings } from './names.ts';
import { type ProseScope, readBlock, SHOW_BLOCKS, showLanguage } from './prose.ts';
import type { Action, Block, CheckSpec, Task } from './types.ts';
import { proseLines } from './wrap.ts';

/** What fits above the command and its checks on a small terminal. */
const MAX_PROSE_LINES = 12;

export interface TaskScope extends CheckScope {
  /** Paths of the reference files in the course folder. */
  files: ReadonlySet<string>;
}

/** A part of a lesson as marked sees it: its heading and the blocks up to the next. */
export interface Section {
  title: string;
  line: number;
  body: Located[];
}

export interface ReadTask {
  task: Task;
  line: number;
  checkLines: { id: string; line: number }[];
  /** False when a check was refused: then nothing can be said of what is missing. */
  complete: boolean;
  /** A prediction is asked, be it usable or not. */
  predicts: boolean;
}

/** Reads one task. What can't be used is reported and left out, so a task always comes back. */
export function readTask(section: Section, scope: TaskScope): ReadTask {
  const found: Found = { checks: [], complete: true, hints: [], seen: new Map() };
  const prose = section.body.flatMap((located) => {
    const { token, line } = located;
    if (isFence(token) && showLanguage(token.lang ?? '') === undefined) {
      readFence(token, line, found, scope);
      return [];
    }
    return readBlock(located, scope) ?? [];
  });
  checkLength(prose, section, scope);
  const acts = found.seen.has('action');
  const hinted = found.seen.has('yaml hints');
  if (acts && !hinted) {
    scope.report(section.line, `no hints in "${section.title}". A task that does something has two`);
  }
  if (hinted && !acts && !found.seen.has('yaml check')) {
    scope.report(section.line, `hints in "${section.title}", which asks for nothing`);
  }
  checkHints(found.hints, found.action, scope);
  const task: Task = {
    id: `${scope.lesson}/${slug(section.title)}`,
    title: section.title,
    prose,
    ...(found.prediction && { prediction: found.prediction }),
    action: found.action ?? { kind: 'read' },
    checks: found.checks.map((check) => check.spec),
    hints: found.hints.map((hint) => hint.text),
  };
  const checkLines = found.checks.map(({ spec, line }) => ({ id: spec.id, line }));
  return {
    task,
    line: section.line,
    checkLines,
    complete: found.complete,
    predicts: found.seen.has('yaml predict'),
  };
}

/** Reports prose that is too long, measured as the learner sees it. Used for tasks and for intros. */
export function checkLength(prose: Block[], { title, line }: Omit<Section, 'body'>, scope: ProseScope): void {
  const lines = proseLines(mapStrings(prose, (text) => bindKnown(text, scope.names)));
  if (lines <= MAX_PROSE_LINES) return;
  scope.report(line, `${lines} lines of prose in "${title}". At most ${MAX_PROSE_LINES} at 80 columns`);
}

/** `A user that may replicate` -> `a-user-that-may-replicate`. */
export function slug(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words?.join('-') ?? '';
}

interface Found {
  action?: Action;
  prediction?: Task['prediction'];
  checks: { spec: CheckSpec; line: number }[];
  complete: boolean;
  hints: { text: string; line: number }[];
  /** Line of the first fence of each role. */
  seen: Map<string, number>;
}

function readFence(token: Tokens.Code, line: number, found: Found, scope: TaskScope): void {
  const { report } = scope;
  const info = token.lang ?? '';
  const role = info === 'sh' || info === 'yaml write' ? 'action' : info;
  if (!isClosed(token)) report(line, `the block "${info}" is never closed`);
  const first = found.seen.get(role);
  if (first !== undefined) {
    const what = role === 'action' ? 'a second action' : `a second "${info}" block`;
    const advice = role === 'action' ? 'A task does one thing: begin another with "## "' : 'Join them';
    report(line, `${what}; the first is at line ${first}. ${advice}`);
    return;
  }
  const source = yamlOf(token, line);
  switch (info) {
    case 'sh':
      if (token.text.trim() === '') report(line, 'this "sh" block holds no command');
      found.action = { kind: 'command', command: token.text };
      break;
    case 'yaml write':
      found.action = readWrite(source, scope.files, report) ?? { kind: 'write', files: [] };
      break;
    case 'yaml predict':
      found.prediction = readPrediction(source, report);
      break;
    case 'yaml check':
      Object.assign(found, readChecks(source, scope));
      break;
    case 'yaml hints':
      found.hints = readHints(source, report);
      break;
    default:
      report(line, unknownFence(info));
      return;
  }
  found.seen.set(role, line);
}

/** The blocks that do something, and those that only show something. */
export function unknownFence(info: string): string {
  const roles = '"sh", "yaml write", "yaml predict", "yaml check", "yaml hints"';
  const what = info === '' ? 'a block without a kind' : `unknown block "${info}"`;
  return `${what}. Known blocks: ${roles}; to show something: ${SHOW_BLOCKS}`;
}
