import type { Course, Lesson, Task } from '../course/types.ts';
import type { TaskRecord } from '../learn/state.ts';
import type { TranscriptEntry } from '../learn/transcript.ts';

/** A file as it is in the learner's folder. */
export interface WorkspaceFile {
  /** Relative to the workspace, with `/`. */
  path: string;
  bytes: Uint8Array;
  /** Permission bits: 0o644. */
  mode: number;
}

/** A file for the script to write. */
export interface ScriptFile extends WorkspaceFile {
  /** Why it is the lesson's own and not what is in the folder; null: it is the learner's. */
  why: string | null;
}

/** The command of a task in the script. Project and network stand in it as marks, see shell-text.ts. */
export interface Chosen {
  /** `ran`: the lesson's command, as it ran; `own`: the learner's in its place; `lesson`: for want of either. */
  source: 'ran' | 'own' | 'lesson';
  text: string;
  /** Why it is not what the learner ran; '' when it is. */
  why: string;
  /** `must`: its failure is the proof; `may`: it failed then, and the task passed all the same. */
  fails: 'must' | 'may' | null;
}

export interface RunbookTask {
  task: Task;
  record: TaskRecord;
  /** What ran while this task was open, oldest first, passwords masked. */
  ran: { entry: TranscriptEntry /** Not the lesson's command, in no form of it. */; own: boolean }[];
  /** Null where the task asks for no command. */
  chosen: Chosen | null;
}

export interface RunbookLesson {
  lesson: Lesson;
  /** All of its tasks were passed once. */
  passed: boolean;
  tasks: RunbookTask[];
}

/** What a learner did: the one model under runbook.md and runbook.sh. */
export interface Runbook {
  /** `pg-walkthrough 0.1.0` */
  tool: string;
  /** ISO time at which it was made. */
  madeAt: string;
  workspace: string;
  lab: 'docker' | 'sandbox';
  /** Folder of the sandbox's own docker command; null in the docker lab. */
  dockerFolder: string | null;
  course: Course;
  /** Where the course is, if it is not the built-in one. */
  courseFolder: string | null;
  /** ISO time; null where the progress file does not tell. */
  startedAt: string | null;
  lessons: RunbookLesson[];
  /** Commands of tasks that this version of the course does not have. */
  strays: TranscriptEntry[];
  /** What the script writes, in the order in which it does. */
  files: ScriptFile[];
  /** The learner's files, for the Markdown. */
  found: WorkspaceFile[];
  /** The network's name as Docker has it in the learner's folder; null where it does not hang on the folder's name. */
  network: string | null;
  /** Time spent, in milliseconds, without long pauses. */
  spentMs: number;
  /** What could not be read, and what that means; whole sentences. */
  notices: string[];
}
