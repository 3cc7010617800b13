import type { Finding } from '../check/finding.ts';
import type { Course, Lesson, Task } from '../course/types.ts';
import type { Adaptation, CommandResult } from '../lab/lab.ts';
import type { Observation } from '../observe/types.ts';
import type { Sample } from './history.ts';
import type { LiveAnswer } from './live-answer.ts';

/**
 * Who did a task: the learner, the learner with hints, the tool, or nobody yet. `held`: nobody here; it held when
 * the learner came to it, and he has counted it as done.
 */
export type Provenance = 'learner' | 'hinted' | 'auto' | 'held' | 'none';

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
  /**
   * ISO time at which the command ended that made the task's checks hold: `at` of its line in the transcript. Absent
   * where they held already, or were made to hold in another way.
   */
  heldAfter?: string;
}

/** What is going on. Anything but `idle` holds the learner's keys, apart from those that stop or quit. */
type Activity =
  | { kind: 'idle' }
  | { kind: 'opening' }
  /** `own`: the learner typed it, or it is the learner's own shell; it is no task's action. */
  /** `leaving`: the learner wants to quit, which would end the command, and is asked whether he means it. */
  | { kind: 'running'; command: string; own: boolean; stopping: boolean; leaving?: boolean }
  | { kind: 'writing' }
  /** `stopping`: the learner does not want to wait for what takes time. */
  | { kind: 'checking'; scope: JudgeScope | 'lesson'; stopping: boolean };

/** What the keys mean now. */
export type Mode =
  /** Read the task and act on it. */
  | { kind: 'task' }
  /** A prediction is open: a digit answers, Enter goes past it. */
  | { kind: 'predict' }
  /** A command is being edited; the text lives in the view until it is submitted. `own`: in place of no other. */
  | { kind: 'edit'; initial: string; own: boolean; under: Mode }
  /** Skipping with open checks: 1 stay, 2 let the tool do it, 3 go on. */
  | { kind: 'skip' }
  /** All of the lesson holds on arrival: 1 walk through it, 2 count it as done. It lies over the first task. */
  | { kind: 'test-out'; under: Mode }
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
  /**
   * When the last command ended (ISO time), whether the task was still open before it, and whether it was the task's
   * own, run to its end; null: none ran.
   */
  ran: { at: string; wasOpen: boolean; asWritten: boolean } | null;
  /** The task's checks were looked at and settled at least once. */
  judged: boolean;
  /** The checks were seen not to hold, so that what holds later was done during this visit. */
  sawOpen: boolean;
  /** The cause of each check that did not hold, by check id, when the task was first looked at; null before that. */
  arrivedWith: Record<string, string | undefined> | null;
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
  /** Ids of lessons that held on arrival, and that the learner walks through all the same. */
  declined: readonly string[];
  /** Latest finding of each check, by check id. */
  findings: Record<string, Finding>;
  /** Commands of this learner, oldest first, no two alike in a row; at most 200. */
  commands: readonly string[];
  /** What the servers say to the queries of the pages of `?`, by concept id; one that is on its way is not there. */
  answers: Record<string, LiveAnswer>;
  /** Latest observation, for the cluster panel; null before the first. */
  observation: Observation | null;
  /** The last observations in short, oldest first, for what the panel shows of them. */
  history: readonly Sample[];
  activity: Activity;
  mode: Mode;
  /** The tool does every task itself (`run`); provenance is then `auto`. */
  unattended: boolean;
  /** What a command of ours must be told again, as ` --dir mine`; '' for the usual folder and course. */
  flags: string;
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
  /** Type a command of one's own. */
  | { kind: 'command' }
  /** One's own shell, on the terminal itself. */
  | { kind: 'shell' }
  /** Read the whole output of the last command. */
  | { kind: 'output' }
  /** The command that was edited: in place of the shown one, or one's own. */
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
  /** Quit, but ask first while a command runs. */
  | { kind: 'leave' }
  /** Quit at once: the terminal is gone, or the learner has said that he means it. */
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
  /** Answer to an `appraise` effect. It ends at the first check that does not hold. `observation`: null, or a full one. */
  | { kind: 'appraised'; findings: Finding[]; observation: Observation | null }
  | { kind: 'ended'; result: CommandResult; now: string }
  /** The terminal is ours again. */
  | { kind: 'returned' }
  | { kind: 'wrote'; problems: string[] }
  /** Answer to an `ask` effect. */
  | { kind: 'answered'; concept: string; answer: LiveAnswer }
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
  | { kind: 'done'; flags: string };

export type Effect =
  | { kind: 'open' }
  | { kind: 'adapt'; taskId: string; command: string }
  | { kind: 'judge'; scope: JudgeScope; patient: boolean }
  /** Looks at all lessons in the background, so that what is told of them is true now. */
  | { kind: 'survey' }
  /** Look at all that proves the lesson one is in. */
  | { kind: 'appraise' }
  /** `adapt`: the form for this machine is not known yet; find it before running. */
  | { kind: 'run'; command: string; adapt: boolean; own: boolean }
  /** Hands the terminal to the learner's own shell, or to a pager with the last command's output. */
  | { kind: 'shell' }
  | { kind: 'output' }
  | { kind: 'write'; files: { path: string; from: string }[] }
  /** Ask the queries of these concepts. */
  | { kind: 'ask'; concepts: string[] }
  | { kind: 'stop' }
  | { kind: 'save' }
  | { kind: 'feed'; item: FeedItem }
  | { kind: 'exit'; code: number };

export interface Step {
  state: WalkState;
  effects: Effect[];
}
