/** Exit codes, as documented. Stable. */
export const EXIT = {
  passed: 0,
  failed: 1,
  usage: 2,
  unusable: 3,
  partial: 4,
  interrupted: 130,
} as const;

/**
 * Something that the user can mend: one sentence that says what is wrong, and the next step. Shown without a
 * stack. Everything else that is thrown is a bug of ours.
 */
export class UserError extends Error {
  readonly next: string;
  readonly exitCode: number;
  constructor(message: string, next: string, exitCode: number = EXIT.usage) {
    super(message);
    this.name = 'UserError';
    this.next = next;
    this.exitCode = exitCode;
  }
}
