import { EngineError } from '../../lab/sandbox/engine/types.ts';
import { UnusableError } from '../room.ts';

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'EACCES',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/**
 * A failure of the machine by its words; null for what the engine says of a request. Only where they stand as the
 * engine puts them: a request quotes names of the submission, which would have itself excused with these words.
 */
export function machineFailure(message: string): UnusableError | null {
  const text = message.trim().replace(/^(?:docker: )?(?:Error response from daemon: )?/, '');
  if (
    /^(?:Cannot connect to the Docker daemon|error during connect|socket hang up|docker daemon is not|no answer within)/i.test(
      text,
    )
  )
    return engineGone(text);
  if (/(?:^|: )no space left on device\W*(?:\nRun 'docker .*)?$/i.test(text))
    return new UnusableError(
      'The disk of the Docker engine is full.',
      'See what takes the room (docker system df), make some (docker system prune), then grade again.',
    );
  if (/^(?:no such image|pull access denied|unable to find image)/i.test(text))
    return new UnusableError(
      'The image of the course is not on the Docker engine.',
      'Load it (docker pull postgres:14), then grade again.',
    );
  if (/^(?:unable to freeze|cannot pause container)/i.test(text))
    return new UnusableError(
      'The Docker engine is too busy to hold a container still for a moment.',
      'Grade fewer at a time, then grade this one again.',
    );
  if (/^(?:could not find an available|all predefined address pools)/i.test(text))
    return new UnusableError(
      'The Docker engine has no more addresses for networks.',
      'Remove unused networks (docker network prune), or grade fewer at a time.',
    );
  return null;
}

export function engineGone(reason: string): UnusableError {
  return new UnusableError(
    `The Docker engine does not answer: ${reason.trim().replace(/\.$/, '')}.`,
    'Look at docker info, start the engine, then grade again.',
  );
}

/** What a failed question to the engine means: the machine's failure, or the engine's refusal in its own words. */
export function meaning(error: unknown, prefix: string): unknown {
  if (error instanceof EngineError || error instanceof UnusableError) return error;
  const { code, statusCode, json } = error as {
    code?: string;
    statusCode?: number;
    json?: { message?: string };
  };
  const message = json?.message ?? (error instanceof Error ? error.message : String(error));
  const failure = machineFailure(message);
  if (failure) return failure;
  if (statusCode !== undefined) return new EngineError(message.replaceAll(prefix, ''));
  if (code !== undefined && CONNECTION.has(code)) return engineGone(message);
  return error;
}

/** Waits for the engine's answer; throws UnusableError or EngineError. */
export async function asking<T>(question: Promise<T>, prefix: string): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw meaning(error, prefix);
  }
}

/** As `asking`, but what is gone already or is just going is no failure. */
export async function unlessGone(question: Promise<unknown>, prefix: string): Promise<void> {
  await question.catch((error: unknown) => {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409 && statusCode !== 304) throw meaning(error, prefix);
  });
}
