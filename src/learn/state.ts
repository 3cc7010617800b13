import type { Finding } from '../check/finding.ts';
import type { Course, Lesson, Task } from '../course/types.ts';
import type { Adaptation, CommandResult } from '../lab/lab.ts';
import type { Observation } from '../observe/types.ts';
import type { Sample } from './history.ts';

/** Who did a task: the learner, the learner with hints, the tool, or nobody yet. */
export type Provenance = 'learner' | 'hinted' | 'auto' | 'none';

/** Where the learner is: indexes into `course.lessons` and `lesson.tasks`. */
export interface Place {
  lesson: number;
  task: number;
}

/** What is remembered of a task, and stored in the progress file. */
export interface TaskRecord {
  /** ISO time at which all its checks held for the first time (or it was read, if it has none). */
  everPassed?: string;
  provenance: Provenance;
  /** The learner went on without it. */
  skipped?: true;
  /** Option chosen in the prediction, from 0. */
  predicted?: number;
  /** How many hints were shown, 0 to 3. */
  hints?: number;
}

/** What is going on. Anything but `idle` holds the learner's keys, apart from those that stop or quit. */
type Activity =
  | { kind: 'idle' }
  | { kind: 'opening' }
  | { kind: 'running'; command: string; startedAt: number; stopping: boolean }
  | { kind: 'writing' }
  /** `stopping`: the learner does not want to wait for what takes time. */
  | { kind: 'checking'; scope: JudgeScope; stopping: boolean };

/** What the keys mean now. */
export type Mode =
  /** Read the task and act on it. */
  | { kind: 'task' }
  /** A prediction is open: a digit answers, Enter goes past it. */
  | { kind: 'predict' }
  /** The command is being edited; the text lives in the view until it is submitted. */
  | { kind: 'edit'; initial: string }
  /** Skipping with open checks: 1 stay, 2 let the tool do it, 3 go on. */
  | { kind: 'skip' }
  /** Overlays keep what was open under them, so that closing one gives it back (an open prediction, the end). */
  | { kind: 'lessons'; under: Mode }
  | { kind: 'concepts'; under: Mode }
  | { kind: 'done' };

type JudgeScope = 'task' | 'all';

/** What happened with the task since it was entered. */
interface Visit {
  /** The action was carried out at least once. */
  acted: boolean;
  lastResult: CommandResult | null;
  /** The task's checks were looked at and settled at least once. */
  judged: boolean;
  /** The checks were seen not to hold, so that what holds later was done during this visit. */
  sawOpen: boolean;
  /** The tool carries out the action for the learner (from the skip offer). */
  auto: boolean;
  /** The form of the command for this machine; null until the lab has said. */
  adaptation: Adaptation | null;
}

export interface WalkState {
  readonly course: Course;
  place: Place;
  visit: Visit;
  records: Record<string, TaskRecord>;
  /** Latest finding of each check, by check id. */
  findings: Record<string, Finding>;
  /** Latest observation, for the cluster panel; null before the first. */
  observation: Observation | null;
  /** The last observations in short, oldest first, for what the panel shows of them. */
  history: readonly Sample[];
  activity: Activity;
  mode: Mode;
  /** The tool does every task itself (`run`); provenance is then `auto`. */
  unattended: boolean;
  /** Last lesson index to walk; the walk is done after it. */
  lastLesson: number;
}

/** What the learner wants, from whichever front end. */
export type Intent =
  /** Enter: run, go on, or close what is open. */
  | { kind: 'enter' }
  /** Run the action although the task is passed or was run before. */
  | { kind: 'again' }
  | { kind: 'skip' }
  | { kind: 'edit' }
  /** A command to run in place of the shown one, for this task. */
  | { kind: 'submit'; command: string }
  | { kind: 'choose'; option: number }
  | { kind: 'hint' }
  | { kind: 'back' }
  | { kind: 'lessons' }
  | { kind: 'concepts' }
  | { kind: 'goto'; lesson: number }
  /** Close an overlay, leave the editor. */
  | { kind: 'close' }
  /** Ctrl-C: stop the command first, quit second. */
  | { kind: 'interrupt' }
  | { kind: 'quit' };

/** What the world reports back. */
export type Report =
  | { kind: 'opened'; findings: Finding[]; observation: Observation; now: string }
  /** Answer to an `adapt` effect for the task of that id. */
  | { kind: 'adapted'; taskId: string; adaptation: Adaptation }
  /** A look at the lab in which nothing that checks care about has changed. */
  | { kind: 'observed'; findings: Finding[]; observation: Observation }
  /** A look at the lab between two actions: work done in another window counts. */
  | { kind: 'polled'; taskId: string; findings: Finding[]; observation: Observation; now: string }
  /** `final` is false while the driver still waits for something that takes time. */
  | {
      kind: 'judged';
      scope: JudgeScope;
      findings: Finding[];
      observation: Observation;
      final: boolean;
      now: string;
    }
  | { kind: 'ended'; result: CommandResult; now: string }
  | { kind: 'wrote'; problems: string[] }
  /** An effect failed in a way that nobody foresaw. */
  | { kind: 'broke'; message: string };

export type WalkEvent = Intent | Report;

export type Tone = 'plain' | 'good' | 'bad' | 'warn';

/** Something for the transcript. Each front end renders it in its own way. */
export type FeedItem =
  | { kind: 'lesson'; lesson: Lesson; total: number }
  | { kind: 'task'; task: Task; number: number; total: number }
  | { kind: 'command'; command: string; place: string; adapted?: string; reasons: string[] }
  /** Complete lines of a command's output, colour codes kept, anything else made harmless. */
  | { kind: 'output'; text: string }
  | { kind: 'ended'; result: CommandResult }
  | { kind: 'findings'; findings: Finding[] }
  | { kind: 'say'; tone: Tone; text: string }
  /** A command or a text to copy, left as it is. */
  | { kind: 'code'; text: string }
  | { kind: 'done' };

export type Effect =
  | { kind: 'open' }
  | { kind: 'adapt'; taskId: string; command: string }
  | { kind: 'judge'; scope: JudgeScope; patient: boolean }
  /** `adapt`: the form for this machine is not known yet; find it before running. */
  | { kind: 'run'; command: string; adapt: boolean }
  | { kind: 'write'; files: { path: string; from: string }[] }
  | { kind: 'stop' }
  | { kind: 'save' }
  | { kind: 'feed'; item: FeedItem }
  | { kind: 'exit'; code: number };

export interface Step {
  state: WalkState;
  effects: Effect[];
}
