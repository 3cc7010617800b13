import type { Tokens } from 'marked';
import type { KindOf } from './checks.ts';
import { inlinesOf } from './inlines.ts';
import { readId } from './manifest.ts';
import { isFence, type Located, type Page, readPage } from './markdown.ts';
import type { Report } from './problem.ts';
import { readBlock, showLanguage } from './prose.ts';
import { checkLength, type ReadTask, readTask, type Section, type TaskScope, unknownFence } from './task.ts';
import type { Lesson, Names } from './types.ts';

/** A lesson as its file has it. Points come from `course.yaml`. */
export interface ReadLesson {
  lesson: Omit<Lesson, 'points'>;
  /** Where things are, for rules that need the whole course. */
  lines: { id: number; step: number; needs: Map<string, number>; concepts: Map<string, number> };
}

export interface LessonScope {
  names: Names;
  files: ReadonlySet<string>;
  kindOf: KindOf;
  report: Report;
}

/** Reads a lesson file. Undefined when its front matter has no usable id: nothing else could be named then. */
export function readLesson(source: string, scope: LessonScope): ReadLesson | undefined {
  const { report } = scope;
  const page = readPage(source, report);
  const front = page.front?.only(['id', 'step', 'title', 'minutes', 'needs', 'concepts']);
  const id = front && readId(front, report);
  const step = front?.integer('step', 1);
  const title = front?.text('title');
  const minutes = front?.integer('minutes', 1);
  const needs = front?.texts('needs', 'optional') ?? [];
  const concepts = front?.texts('concepts', 'optional') ?? [];
  // The body is read under any id, so that its problems are reported in the same go.
  const { intro, tasks } = readBody(page, { ...scope, lesson: id ?? 'lesson' });
  if (!front || id === undefined) return undefined;
  reportTwice(
    'task',
    tasks.map(({ task, line }) => ({ id: task.id, line })),
    report,
  );
  reportTwice(
    'check',
    tasks.flatMap((task) => task.checkLines),
    report,
  );
  checkContent(tasks, front.line, report);
  return {
    lesson: {
      id,
      step: step ?? 0,
      title: title ?? '',
      minutes: minutes ?? 0,
      needs: needs.map((need) => need.text),
      concepts: concepts.map((concept) => concept.text),
      intro,
      tasks: tasks.map((read) => read.task),
    },
    lines: {
      id: front.lineOf('id'),
      step: front.lineOf('step'),
      needs: new Map(needs.map(({ text, line }) => [text, line])),
      concepts: new Map(concepts.map(({ text, line }) => [text, line])),
    },
  };
}

function readBody(page: Page, scope: TaskScope): { intro: Lesson['intro']; tasks: ReadTask[] } {
  const intro: Located[] = [];
  const sections: Section[] = [];
  for (const located of page.body) {
    const title = taskTitle(located, scope.report);
    if (title !== undefined) sections.push({ title, line: located.line, body: [] });
    else (sections.at(-1)?.body ?? intro).push(located);
  }
  const introBlocks = intro.flatMap((located) => readIntroBlock(located, scope) ?? []);
  checkLength(introBlocks, { title: 'the intro', line: intro[0]?.line ?? 1 }, scope);
  return {
    intro: introBlocks,
    tasks: sections.map((section) => readTask(section, scope)),
  };
}

/** The title of a `## ` heading; undefined for any other block. */
function taskTitle({ token, line }: Located, report: Report): string | undefined {
  // "Title\n---" is a heading of level 2 as well, and mostly a slip: refused with the other headings.
  if (token.type !== 'heading' || token.depth !== 2 || !token.raw.trimStart().startsWith('##'))
    return undefined;
  const title = inlinesOf((token as Tokens.Heading).tokens, line, report)
    .map((inline) => inline.text)
    .join('');
  if (!/[\p{L}\p{N}]/u.test(title)) report(line, 'a task needs a title');
  return title;
}

function readIntroBlock(located: Located, scope: TaskScope) {
  const { token, line } = located;
  if (!isFence(token) || showLanguage(token.lang ?? '') !== undefined) return readBlock(located, scope);
  const known = /^(sh|yaml (write|predict|check|hints))$/.test(token.lang ?? '');
  scope.report(
    line,
    known
      ? `a block "${token.lang}" belongs to a task, after a "## " heading`
      : unknownFence(token.lang ?? ''),
  );
  return undefined;
}

function reportTwice(what: string, all: { id: string; line: number }[], report: Report): void {
  const seen = new Map<string, number>();
  for (const { id, line } of all) {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, line);
    else report(line, `${what} "${id}" is there twice; the first is at line ${first}`);
  }
}

/**
 * A lesson must ask something and prove something. With a lasting check somewhere in the lesson, a command task
 * may have none of its own; written files can always be checked, so a write task must.
 */
function checkContent(tasks: readonly ReadTask[], line: number, report: Report): void {
  const lasting = tasks.some(({ task }) => task.checks.some((check) => !check.once));
  if (!lasting && tasks.every((task) => task.complete)) {
    report(line, 'this lesson has no lasting check (one without "once: true"), so nothing proves it');
  }
  if (!tasks.some((task) => task.predicts)) report(line, 'this lesson has no prediction');
  for (const { task, line: at, complete } of tasks) {
    if (task.action.kind === 'write' && task.checks.length === 0 && complete) {
      report(at, `no check in "${task.title}". A task that writes files has one`);
    }
  }
}
