import { QueryError } from './lab.ts';

/** The first column of the first row of the last statement, read as JSON where it is some. */
export function firstValue(result: unknown): unknown {
  const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Record<string, unknown>[] };
  const row = last.rows[0];
  const value = row ? Object.values(row)[0] : null;
  return typeof value === 'string' ? parseValue(value) : (value ?? null);
}

/** Text of an answer as JSON; the text itself where it is none. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function rethrow(error: unknown): never {
  throw toQueryError(error);
}

/** What pg threw, as the port's own error. */
export function toQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const { message, code, detail } = error as { message: string; code?: string; detail?: string };
  return new QueryError(detail ? `${message} (${detail})` : message, code ?? '');
}
