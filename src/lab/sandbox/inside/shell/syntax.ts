import type { Flavour } from '../files/programs/words.ts';

export type { Flavour };

/** Commands that run one after the other. */
export type List = AndOr[];

export interface AndOr {
  first: Pipeline;
  rest: { operator: '&&' | '||'; pipeline: Pipeline }[];
}

export interface Pipeline {
  negated: boolean;
  commands: Command[];
}

export type Command = { redirects: Redirect[]; line: number } & (
  | { kind: 'simple'; assignments: { name: string; value: Word }[]; words: Word[] }
  | { kind: 'if'; branches: { condition: List; body: List }[]; otherwise: List }
  | { kind: 'for'; name: string; words: Word[]; body: List }
  | { kind: 'while'; until: boolean; condition: List; body: List }
  | { kind: 'group'; body: List }
  | { kind: 'subshell'; body: List }
);

export type Redirect =
  | { kind: 'read'; fd: number; target: Word }
  | { kind: 'write'; fd: number; append: boolean; target: Word; both: boolean }
  | { kind: 'copy'; fd: number; from: number }
  | { kind: 'text'; fd: number; text: Word };

export type Word = Part[];

/** Quoted parts are not split and are no patterns. */
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; quoted: boolean }
  | { kind: 'command'; body: List; quoted: boolean };

/** The shell's own refusal, in its words and with its exit code. */
export class SyntaxProblem extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'SyntaxProblem';
    this.line = line;
  }
}
