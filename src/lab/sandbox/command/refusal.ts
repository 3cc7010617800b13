/** Exit code of what the sandbox refuses, as of what `docker` itself can't do. */
export const REFUSED = 125;

/** What a learner can always do when the sandbox refuses. */
const USE_DOCKER = 'use the docker lab: --lab docker';

/** "the sandbox does not know docker build", and the next step. `next` is what else one can do, without a full stop. */
export function refusal(message: string, next = 'Leave it out'): string {
  return `${message}\n${next}. Where Docker runs, ${USE_DOCKER}.`;
}

/** A command that ends here. The message is printed as it is. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** What the sandbox can't do, though Docker could. Nothing has been done. */
export function refused(message: string, next?: string): CommandError {
  return new CommandError(refusal(message, next), REFUSED);
}
