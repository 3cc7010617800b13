import type { Readable, Writable } from 'node:stream';
import type { FileInside } from '../files/tree.ts';
import type { Flavour } from './syntax.ts';

/** The streams of a command, after redirections and pipes. */
export interface Io {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** A running shell. A subshell has a copy of it. */
export interface State {
  inside: FileInside;
  flavour: Flavour;
  /** What it calls itself in messages. */
  name: string;
  variables: Map<string, string>;
  exported: Set<string>;
  cwd: string;
  /** `$?` */
  status: number;
  /** Of the command that runs. */
  line: number;
  errexit: boolean;
  nounset: boolean;
  pipefail: boolean;
}

export function startState(inside: FileInside, flavour: Flavour, name: string): State {
  const variables = new Map([...Object.entries(inside.env), ['PWD', inside.cwd]]);
  const exported = new Set(variables.keys());
  const off = { errexit: false, nounset: false, pipefail: false };
  return { inside, flavour, name, variables, exported, cwd: inside.cwd, status: 0, line: 1, ...off };
}

export const subshell = (state: State): State => ({
  ...state,
  variables: new Map(state.variables),
  exported: new Set(state.exported),
});

/** What a program finds around itself when this shell starts it. */
export function insideOf(state: State, io: Io, assigned: Record<string, string> = {}): FileInside {
  const { inside } = state;
  const env: Record<string, string> = {};
  for (const [name, value] of state.variables) if (state.exported.has(name)) env[name] = value;
  const terminal = inside.terminal && io.stdin === inside.stdin && io.stdout === inside.stdout;
  return { ...inside, ...io, terminal, cwd: state.cwd, env: { ...env, ...assigned } };
}

/** `sh: 1: ` before a message, as each shell writes it. */
export const prefix = ({ name, flavour, line }: State): string =>
  flavour === 'sh' ? `${name}: ${line}: ` : `${name}: line ${line}: `;

/** `exit`, or the end that `set -e` makes. */
export class ShellExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** An error after which the shell ends; it says why first. */
export class Fatal extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** `break` and `continue`, on their way to the loop. */
export class Jump extends Error {
  readonly to: 'break' | 'continue';
  levels: number;
  constructor(to: 'break' | 'continue', levels: number) {
    super(to);
    this.to = to;
    this.levels = levels;
  }
}
