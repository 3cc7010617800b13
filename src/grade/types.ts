import type { Finding, FindingState } from '../check/finding.ts';

/**
 * What a class of submissions is worth. The field names are a contract: schema `walkthrough/grades/v1`. Every report
 * is made from this record alone, so that their totals can't differ.
 */
export interface Grades {
  schema: 'walkthrough/grades/v1';
  tool: string;
  course: { id: string; version: string; title: string };
  lab: 'docker' | 'sandbox';
  /** ISO time of the first submission's begin. */
  startedAt: string;
  /** ISO time; null while the batch goes on, or when it was cut short. */
  endedAt: string | null;
  /** What a submission can have: the points of all graded lessons, 100 in a course that lint accepts. */
  maxScore: number;
  /** In the order in which they were found: by name. Those that have not begun are not here yet. */
  submissions: GradedSubmission[];
  /** Entries of the named folders that were not looked at, because they are neither a folder nor an archive. */
  leftOut?: string[];
}

/**
 * - `graded`: it has a mark.
 * - `unusable`: the machine could not be used (engine gone, disk full); there is no mark, and no points are lost.
 * - `partial`: it is being graded, or that was cut short; the finished checks are there, and there is no mark yet.
 */
export type GradeOutcome = 'graded' | 'unusable' | 'partial';

export interface GradedSubmission {
  /** Name of its folder or archive, without `.zip` or `.tar.gz`. Made harmless: no control characters. */
  name: string;
  outcome: GradeOutcome;
  /** Whole points; null unless `outcome` is `graded`. The sum of the lessons' points. */
  score: number | null;
  maxScore: number;
  startedAt: string;
  /** Milliseconds, both copies together. */
  ms: number;
  /** Why it is unusable, and the next step; null otherwise. */
  problem: { message: string; next: string } | null;
  /** Every lesson of the course. A partial record holds the checks that are finished. */
  lessons: GradedLesson[];
  /** What was seen beside the checks: a policy that it broke, time, size, a terminal that was asked for. */
  remarks: Remark[];
  /** Commands and scripts that were run for it in the first copy, in order. */
  runs: RunRecord[];
}

export interface GradedLesson {
  step: number;
  id: string;
  title: string;
  /** Of the student's own work. `skipped`: nothing of it is graded. */
  state: FindingState | 'skipped';
  /** In the second copy, where what failed before it was mended; null where that was not looked at. */
  followThrough: FindingState | null;
  points: number;
  maxPoints: number;
  checks: GradedCheck[];
}

export interface FindingWithCause extends Finding {
  /** What a command of the lesson complained of that ended badly: it comes before the reason. */
  cause?: string;
}

/** A check's answer about the student's own work, and what it is worth. */
export interface GradedCheck extends FindingWithCause {
  /** Its state in the second copy; null where it was not looked at there. */
  followThrough: FindingState | null;
  points: number;
  maxPoints: number;
}

type RemarkKind =
  /** The compose file or a command asked for what a submission may not have. Nothing of it was done. */
  | 'policy'
  /** An archive or a folder that would have put files elsewhere, or is too large. */
  | 'intake'
  /** A limit was reached: time, memory, processes, disk. */
  | 'limit'
  /** Right, but worth a word: `docker exec -it` in a script. */
  | 'note';

export interface Remark {
  kind: RemarkKind;
  /** Stable name: `privileged`, `mount-outside`, `zip-path-escape`, `script-time`, `needs-terminal`. */
  id: string;
  /** File, with line where known, or command: `docker-compose.yml`, `leader/setup-leader.sh`. */
  where: string;
  /** One sentence. */
  message: string;
}

export interface RunRecord {
  /** As a reader would type it: `bash leader/setup-leader.sh`. */
  command: string;
  /** null when it was ended from outside: by its time limit, or with the batch. */
  exitCode: number | null;
  /** Its time was over. */
  timedOut: boolean;
  ms: number;
  output: ClippedText;
}

/** Text of others, made harmless and cut to a length that a reader reads. */
export interface ClippedText {
  text: string;
  /** Bytes of the whole, before anything was cut or taken out. */
  bytes: number;
  /** Bytes left out in the middle; 0 when it is whole. */
  cut: number;
}
