import type { KindOf } from './checks.ts';
import type { Folder } from './folder.ts';
import { type LessonScope, type ReadLesson, readLesson } from './lesson.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { placeholderProblems, RUNTIME_NAMES } from './names.ts';
import { type ReadPage, readConcept, readMistake } from './pages.ts';
import type { Problem, Report } from './problem.ts';
import type { ProseScope } from './prose.ts';
import { type ListedLesson, orderLessons, reportConcepts, reportNeeds } from './rules.ts';
import type { Course, Names } from './types.ts';

/** A course, as far as it could be read, and what is wrong with it. */
export interface Parsed {
  course: Course;
  /** What makes it unusable. */
  problems: Problem[];
  /** What only lint says. */
  advice: Problem[];
  /** False when a lesson could not be read at all: then nothing can be said of what is missing. */
  complete: boolean;
}

type ReportFor = (path: string) => Report;

const LESSON_FILE = /^\d\d-[a-z0-9-]+\.md$/;

/** Reads a course from the texts of its folder. Pure; all problems are collected. */
export function parseCourse(folder: Folder, kindOf: KindOf): Parsed {
  const problems: Problem[] = [];
  const advice: Problem[] = [];
  const reportFor: ReportFor = (path) => (line, message, rank) => {
    (rank === 'lint' ? advice : problems).push({ file: `${folder.shown}/${path}`, line, message });
  };
  const inManifest = reportFor('course.yaml');
  const manifest = readManifest(folder.texts.get('course.yaml') ?? '', inManifest);
  const names: Names = { ...manifest.names, ...RUNTIME_NAMES };
  const { texts } = folder;
  for (const [path, text] of texts) {
    if (path !== 'course.yaml' && path !== 'README.md') reportPlaceholders(text, names, reportFor(path));
  }
  const files = new Map([...texts].filter(([path]) => path.startsWith('files/')));
  const { lessons, complete } = readLessons(
    texts,
    { names, files: new Set(files.keys()), kindOf },
    reportFor,
  );
  const concepts = readPages(texts, 'concepts', names, readConcept, reportFor);
  const mistakes = readPages(texts, 'mistakes', names, readMistake, reportFor);

  const ordered = orderLessons(manifest, lessons, complete, inManifest);
  reportNeeds(ordered);
  reportConcepts(ordered, new Set(concepts.map((concept) => concept.id)));
  return { course: assemble(manifest, ordered, concepts, mistakes, files), problems, advice, complete };
}

function readLessons(
  texts: Folder['texts'],
  scope: Omit<LessonScope, 'report'>,
  reportFor: ReportFor,
): { lessons: ListedLesson[]; complete: boolean } {
  const lessons: ListedLesson[] = [];
  let complete = true;
  for (const [path, text] of texts) {
    if (path.includes('/') || !path.endsWith('.md') || path === 'README.md') continue;
    const report = reportFor(path);
    if (!LESSON_FILE.test(path)) report(1, 'a lesson file is called NN-name.md, as 08-prepare-leader.md');
    const read = readLesson(text, { ...scope, report });
    if (read) lessons.push({ ...read, path, report });
    else complete = false;
  }
  return { lessons, complete };
}

function assemble(
  manifest: Manifest,
  ordered: readonly ReadLesson[],
  concepts: Course['concepts'],
  mistakes: Course['mistakes'],
  files: ReadonlyMap<string, string>,
): Course {
  const points = new Map(manifest.lessons.map((entry) => [entry.id, entry.points]));
  return {
    id: manifest.id,
    title: manifest.title,
    version: manifest.version,
    names: manifest.names,
    grading: manifest.grading,
    lessons: ordered.map(({ lesson }) => {
      const { id, step, title, minutes, ...rest } = lesson;
      return { id, step, title, minutes, points: points.get(id) ?? 0, ...rest };
    }),
    concepts,
    mistakes,
    files: Object.fromEntries(files),
  };
}

function readPages<T extends { id: string }>(
  texts: Folder['texts'],
  under: string,
  names: Names,
  read: (text: string, scope: ProseScope) => ReadPage<T> | undefined,
  reportFor: ReportFor,
): T[] {
  const seen = new Map<string, string>();
  return [...texts].flatMap(([path, text]) => {
    if (!path.startsWith(`${under}/`) || !path.endsWith('.md')) return [];
    const report = reportFor(path);
    const found = read(text, { report, names });
    if (!found) return [];
    const { page, line } = found;
    const first = seen.get(page.id);
    if (first !== undefined) report(line, `id "${page.id}" is there twice; the first is in ${first}`);
    else if (path !== `${under}/${page.id}.md`) {
      report(line, `id "${page.id}" must be the file's name: ${under}/${page.id}.md`);
    }
    seen.set(page.id, path);
    return [page];
  });
}

/** Looked for in the raw text: then prose, commands, arguments and files are covered at once, with exact lines. */
function reportPlaceholders(text: string, names: Names, report: Report): void {
  for (const [index, line] of text.split('\n').entries()) {
    for (const message of placeholderProblems(line, names)) report(index + 1, message);
  }
}
