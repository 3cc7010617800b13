import type { Action } from '../action.ts';
import type { Option, Scanned } from './options.ts';

/** One command that the sandbox knows: how it is written, and the action that it asks for. */
export interface Verb {
  /** Without `docker` or `docker compose`; the first is the short form: `['exec', 'container exec']`. */
  names: [string, ...string[]];
  /** What follows the name in Docker's own usage line. */
  usage: string;
  summary: string;
  options: Option[];
  /** Options are read only before the first argument. */
  leading?: true;
  args: { least: number; most: number };
  /** `name` is the form that was typed. */
  make(scanned: Scanned, name: string): Action | Refused;
}

/** A line that is well formed and still refused: Docker's words with its exit code, or the sandbox's with 125. */
export class Refused {
  readonly message: string;
  readonly exitCode: number;
  constructor(message: string, exitCode = 125) {
    this.message = message;
    this.exitCode = exitCode;
  }
}

export const ANY = Number.POSITIVE_INFINITY;
