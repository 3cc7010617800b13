import { UserError } from '../errors.ts';

/** Something wrong in a course, and where. `line` counts from 1; a problem of a whole file is at line 1. */
export interface Problem {
  /** Path as the reader can open it: relative to the working directory where that is possible. */
  file: string;
  line: number;
  message: string;
}

/**
 * Takes what is wrong in one file, so that a reader can go on after the first problem. `lint` is for what makes a
 * lesson worse but still usable: only lint says it.
 */
export type Report = (line: number, message: string, rank?: 'lint') => void;

/** `lessons/08-x.md:41: unknown key "wnats" …`: the form that editors and CI logs turn into a link. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}: ${problem.message}`;
}

/** By file, then line: the order in which a writer mends them. Exact repetitions are dropped. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return [...problems]
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
    .filter((problem) => {
      const text = formatProblem(problem);
      return !seen.has(text) && Boolean(seen.add(text));
    });
}

/**
 * A course that can't be used (exit code 2). It holds every problem found, not only the first: a writer mends
 * them in one go.
 */
export class CourseError extends UserError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = sortProblems(problems);
    super(sorted.map(formatProblem).join('\n'), 'Mend these, then look again: npx walkthrough lint FOLDER');
    this.name = 'CourseError';
    this.problems = sorted;
  }
}
