import type { Lab } from '../lab/lab.ts';
import type { ClippedText, Remark } from './types.ts';

/** What a submission may use, whatever it asks for. */
export interface Limits {
  /** Each of its two nodes. */
  node: { memoryMb: number; cpus: number; processes: number };
  /** A script of it, together with all that it starts. */
  script: { memoryMb: number; cpus: number; processes: number; seconds: number };
  /** The whole copy on disk, data folders included. */
  diskMb: number;
}

export const LIMITS: Limits = {
  node: { memoryMb: 1024, cpus: 2, processes: 256 },
  script: { memoryMb: 512, cpus: 1, processes: 256, seconds: 120 },
  diskMb: 2048,
};

/** What came of a command or a script. */
export interface Ran {
  /** null when it was ended from outside. */
  exitCode: number | null;
  timedOut: boolean;
  ms: number;
  /** stdout and stderr together, in order. */
  output: ClippedText;
}

export interface RoomOptions {
  /** Absolute real path of the copy of the submission. Its last name is the Compose project's. */
  workspace: string;
  names: Record<string, string>;
  limits: Limits;
}

/**
 * A place of its own for one copy of a submission: two nodes under names and on ports that nobody else has, and a
 * `docker` that knows only those. Many are open side by side on one machine. All methods throw UnusableError when the
 * machine fails, never for what a submission does.
 */
export interface CleanRoom {
  /** To observe and judge through. Its containers have the names and ports that the submission's file gives them. */
  readonly lab: Lab;
  /** Does what a docker command line asks for (the words after `docker`), in the copy, as its own shell would. */
  docker(argv: string[], options?: { stdin?: string; signal?: AbortSignal; seconds?: number }): Promise<Ran>;
  /** Runs one of the submission's own scripts: `bash FILE` in the copy's folder, as untrusted as it is. */
  script(file: string, options?: { signal?: AbortSignal }): Promise<Ran>;
  /**
   * Throws UnusableError when the machine failed at any time while the room was in use, or fails now: then what was
   * judged in it says nothing of the submission.
   */
  assertSound(): Promise<void>;
  /** What was seen of limits and policy while commands ran. */
  remarks(): Remark[];
  /** Removes all that was made for it, running or not; the copy's files too, whoever owns them. */
  close(): Promise<void>;
}

/** The machine can't be used: engine gone, image missing, disk full. Costs nobody points. */
export class UnusableError extends Error {
  readonly next: string;
  constructor(message: string, next: string) {
    super(message);
    this.name = 'UnusableError';
    this.next = next;
  }
}
