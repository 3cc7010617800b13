/**
 * What is taught. A course is plain data: it is read from Markdown and YAML once (at build time for the
 * built-in course), so every type here survives `JSON.stringify`.
 */

/** A piece of a line. `text` holds no Markdown any more. */
export interface Inline {
  kind: 'text' | 'code' | 'strong' | 'em';
  text: string;
}

/** A block of prose. A `note` is a "Watch out": a short warning beside the main line of the lesson. */
export type Block =
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'note'; inlines: Inline[] }
  | { kind: 'code'; language: string; text: string };

/** A question asked before a telling command. Never scored. `answer` is an index into `options`, from 0. */
export interface Prediction {
  question: string;
  options: string[];
  answer: number;
  because: string;
}

/** The one thing a task asks the learner to do. `read` asks for nothing but reading. */
export type Action =
  | { kind: 'read' }
  | { kind: 'command'; command: string }
  /** Reference files to put into the workspace: path there, and path in `Course.files`. */
  | { kind: 'write'; files: { path: string; from: string }[] };

/** A check as the lesson declares it. Its kind has accepted the arguments. */
export interface CheckSpec {
  /** `lesson-id/check-name`: stable, stored in progress and in results. */
  id: string;
  kind: string;
  /** As written, own key included. The kind reads them when it judges. */
  args: unknown;
  /** Said in place of the kind's own title or reason, where the lesson knows better. */
  title?: string;
  why?: string;
  /**
   * True for something that a later task of the same lesson changes on purpose (the containers are gone after
   * `down`). It must hold once, at its task; it is no part of the lesson's proof afterwards.
   */
  once: boolean;
}

/** One part of a lesson: some prose, at most one action, the checks that prove it. */
export interface Task {
  /** `lesson-id/slug-of-the-heading`. */
  id: string;
  title: string;
  prose: Block[];
  prediction?: Prediction;
  action: Action;
  checks: CheckSpec[];
  /** Level 1 (where to look), level 2 (the idea). Level 3 is the action itself and is not written here. */
  hints: string[];
}

/** One of the documented steps. */
export interface Lesson {
  id: string;
  step: number;
  title: string;
  minutes: number;
  points: number;
  /** Lesson ids that must hold before this one can. */
  needs: string[];
  /** Concept ids explained by `?` during this lesson. */
  concepts: string[];
  intro: Block[];
  tasks: Task[];
}

/** A page of the glossary. */
export interface Concept {
  id: string;
  title: string;
  prose: Block[];
  /** SQL that shows the concept on the learner's own servers, and where to run it. */
  query?: { on: 'leader' | 'follower'; sql: string };
}

/** A named cause of a failed check: what happened, and the way out. */
export interface Mistake {
  id: string;
  title: string;
  prose: Block[];
}

/** Values for `{{name}}`: container names, ports, passwords and so on. `project` is bound by the lab. */
export type Names = Record<string, string>;

/** How a grader counts. */
export interface GradingPolicy {
  /** Percent of a check's points that it still gives when it holds only after an earlier mistake was mended. */
  followThrough: number;
  /** Files that a submission may leave out: the reference stands in for them. */
  optional: string[];
  /** Points of single checks, by id. What is left of a lesson's points is spread evenly over its other checks. */
  checks: Record<string, number>;
}

export interface Course {
  id: string;
  title: string;
  version: string;
  names: Names;
  grading: GradingPolicy;
  lessons: Lesson[];
  concepts: Concept[];
  mistakes: Mistake[];
  /** Text of the reference files, by their path in the course folder. */
  files: Record<string, string>;
}
