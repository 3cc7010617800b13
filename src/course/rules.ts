import type { ReadLesson } from './lesson.ts';
import type { Manifest } from './manifest.ts';
import type { Report } from './problem.ts';

/** A lesson that was read, and where its problems go. */
export interface ListedLesson extends ReadLesson {
  path: string;
  report: Report;
}

/**
 * Puts the lessons into the order of `course.yaml`, and reports where file, step and list disagree. Unless
 * `complete`, some files could not be read, and a lesson that is not there may be one of them.
 */
export function orderLessons(
  manifest: Manifest,
  lessons: readonly ListedLesson[],
  complete: boolean,
  inManifest: Report,
): ListedLesson[] {
  const byId = new Map<string, ListedLesson>();
  for (const read of lessons) {
    const { id } = read.lesson;
    const first = byId.get(id);
    if (first) read.report(read.lines.id, `lesson id "${id}" is there twice; the first is in ${first.path}`);
    else byId.set(id, read);
    if (!manifest.lessons.some((entry) => entry.id === id)) {
      read.report(read.lines.id, `lesson "${id}" is not listed in course.yaml`);
    }
  }
  return manifest.lessons.flatMap((entry, index) => {
    const read = byId.get(entry.id);
    if (!read) {
      if (complete) inManifest(entry.line, `no lesson file has the id "${entry.id}"`);
      return [];
    }
    reportStep(read, index + 1);
    return [read];
  });
}

function reportStep(read: ListedLesson, place: number): void {
  const { lesson, lines, path, report } = read;
  if (lesson.step !== place && lesson.step !== 0) {
    report(lines.step, `step ${lesson.step}, but "${lesson.id}" is number ${place} in course.yaml`);
  }
  if (Number.parseInt(path, 10) !== place) {
    report(
      1,
      `the file must be called ${String(place).padStart(2, '0')}-….md: "${lesson.id}" is number ${place}`,
    );
  }
}

/** Every `needs` names an earlier lesson. A ring is told as a path, because each of its parts may look right. */
export function reportNeeds(ordered: readonly ListedLesson[]): void {
  const byId = new Map(ordered.map((read, index) => [read.lesson.id, { read, index }]));
  const inRing = new Set<string>();
  for (const { lesson, lines, report } of ordered) {
    if (inRing.has(lesson.id)) continue;
    const ring = findRing(lesson.id, (id) => byId.get(id)?.read.lesson.needs ?? []);
    if (!ring) continue;
    for (const id of ring) inRing.add(id);
    const line = lines.needs.get(ring[1] ?? '') ?? lines.id;
    report(line, `lessons need each other in a ring: ${ring.join(' -> ')}`);
  }
  for (const [index, { lesson, lines, report }] of ordered.entries()) {
    for (const need of lesson.needs) {
      const line = lines.needs.get(need) ?? lines.id;
      const place = byId.get(need)?.index;
      if (place === undefined) report(line, `needs "${need}", which is no lesson of this course`);
      else if (place >= index && !(inRing.has(lesson.id) && inRing.has(need))) {
        report(line, `needs "${need}", which comes later (step ${place + 1})`);
      }
    }
  }
}

/** The shortest way from a lesson through its needs back to itself: `[a, b, a]`. */
function findRing(start: string, needsOf: (id: string) => readonly string[]): string[] | undefined {
  const seen = new Set<string>();
  const queue: string[][] = [[start]];
  for (const path of queue) {
    for (const need of needsOf(path.at(-1) ?? start)) {
      if (need === start) return [...path, need];
      if (seen.has(need)) continue;
      seen.add(need);
      queue.push([...path, need]);
    }
  }
  return undefined;
}

export function reportConcepts(ordered: readonly ListedLesson[], known: ReadonlySet<string>): void {
  for (const { lesson, lines, report } of ordered) {
    for (const concept of lesson.concepts) {
      if (known.has(concept)) continue;
      report(
        lines.concepts.get(concept) ?? lines.id,
        `no page concepts/${concept}.md for concept "${concept}"`,
      );
    }
  }
}
