import { SERVER_CLOSED } from '../connect.ts';

/** Ends the backup. The message comes after `pg_basebackup: error: `, or alone where the sandbox refuses (125). */
export class BackupError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'BackupError';
    this.exitCode = exitCode;
  }
}

/** What the server answers in place of a result, in libpq's words: `ERROR:  replication slot "x" does not exist`. */
export class ServerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServerError';
  }
}

export interface Said {
  severity?: string | undefined;
  message?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
}

/** A notice or an error as libpq prints it, without a line break at its end. */
export function wordsOf({ severity, message, detail, hint }: Said): string {
  const lines = [`${severity}:  ${message}`];
  if (detail !== undefined) lines.push(`DETAIL:  ${detail}`);
  if (hint !== undefined) lines.push(`HINT:  ${hint}`);
  return lines.join('\n');
}

/** For an error that ends the session, too. */
export const lastWordsOf = (said: Said | null): string =>
  said === null ? SERVER_CLOSED : `${wordsOf(said)}\n${SERVER_CLOSED}`;

/** Says during what the server failed, as pg_basebackup does: `could not initiate base backup: ERROR: …`. */
export async function during<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServerError) throw new BackupError(`${what}: ${error.message}`);
    throw error;
  }
}
