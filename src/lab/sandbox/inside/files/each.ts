import { BrokenPipe, Interrupted } from '../streams.ts';
import { complain, reason } from './messages.ts';
import type { FileInside } from './tree.ts';

/**
 * Does the same for every operand and goes on after a failure, as most programs do. `describe` makes the message
 * from the operand and the reason. Answers 0, or `exitCode` when one failed.
 */
export async function each(
  inside: FileInside,
  program: string,
  operands: readonly string[],
  act: (operand: string) => Promise<void>,
  describe: (operand: string, why: string) => string,
  exitCode = 1,
): Promise<number> {
  let result = 0;
  for (const operand of operands) {
    if (inside.signal.aborted) throw new Interrupted();
    try {
      await act(operand);
    } catch (error) {
      if (error instanceof BrokenPipe || error instanceof Interrupted) throw error;
      result = exitCode;
      if (error instanceof Said) continue;
      await complain(inside, program, describe(operand, reason(error)));
    }
  }
  return result;
}

/** A failure that has been told already. */
export class Said extends Error {}
