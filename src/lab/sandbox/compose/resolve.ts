import type { ComposeConfig } from '../../../observe/types.ts';
import { learnersBounds, OutsideError, strangersBounds } from './bounds.ts';
import { NoComposeFile } from './files.ts';
import { type ComposeSource, load } from './load.ts';
import { BeyondSandbox, ComposeError, isMapping, type Mapping, mapping, type Value } from './value.ts';

/** What a learner's compose file comes to. `warnings` are texts without Compose's time stamps. */
export type ResolvedCompose = { warnings: string[] } & (
  | { state: 'ok'; config: ComposeConfig; files: string[]; directory: string }
  | ({ state: 'missing' } & Refusal)
  /** `message`: the first line of what Compose says. `outside`: the file that is not read because of `within`. */
  | ({ state: 'invalid'; message: string; outside?: string } & Refusal)
  /** Only Docker could tell: the file uses what the sandbox does not know. */
  | ({ state: 'unknown'; message: string } & Refusal)
);

interface Refusal {
  /** All that the command prints. */
  text: string;
  exitCode: number;
}

export interface ComposeRequest {
  /** The learner's folder. The compose file is looked for in it, and nowhere else. */
  workspace: string;
  env: NodeJS.ProcessEnv;
  /** Where the command was typed: from there Compose searches all folders above, too. */
  cwd?: string;
  /** `-f`, `-p`, `--project-directory`, as typed. */
  files?: string[];
  project?: string | null;
  directory?: string | null;
  /**
   * Real path of the only folder that files are read in, for a compose file that is not to be trusted: then there are
   * also limits to what may come of it, so that it can neither keep us busy nor fill the memory. `~` is no home of ours
   * where `env` has no HOME.
   */
  within?: string;
  /** Told each document of a file as it is written, its variables put in, before anything of it is refused. */
  written?(document: object, file: string): void;
}

/** `the sandbox does not know …` */
const UNKNOWN_EXIT = 125;

/**
 * Resolves a compose file to what `docker compose config --format json` of Compose 2.26 prints of it, and refuses one
 * with the same words. Never throws for what the learner wrote.
 */
export async function resolveCompose(request: ComposeRequest): Promise<ResolvedCompose> {
  const warnings: string[] = [];
  const source: ComposeSource = {
    cwd: request.cwd ?? request.workspace,
    searchUp: request.cwd !== undefined,
    named: request.files ?? [],
    project: request.project ?? null,
    directory: request.directory ?? null,
    env: request.env,
    bounds: request.within === undefined ? learnersBounds() : strangersBounds(request.within),
    written: (document, file) => request.written?.(document, file),
    warn: (message) => void warnings.push(message),
  };
  try {
    const { project, files, directory } = await load(source);
    return { state: 'ok', config: escaped(project) as unknown as ComposeConfig, files, directory, warnings };
  } catch (error) {
    return { ...refusal(error), warnings };
  }
}

function refusal(thrown: unknown) {
  // Nested so deeply that a function calls itself too often, or a text longer than a text can be.
  const error = thrown instanceof RangeError ? new ComposeError('the file is nested too deeply') : thrown;
  if (error instanceof BeyondSandbox) {
    const { message } = error;
    return { state: 'unknown' as const, message, text: message, exitCode: UNKNOWN_EXIT };
  }
  if (!(error instanceof ComposeError)) throw error;
  const { message: text, exitCode } = error;
  if (error instanceof NoComposeFile) return { state: 'missing' as const, text, exitCode };
  const outside = error instanceof OutsideError ? { outside: error.file } : {};
  return { state: 'invalid' as const, message: firstLine(text), text, exitCode, ...outside };
}

/** As the docker lab keeps it. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).trim().slice(0, 500);
}

/** Compose prints a dollar twice, so that its output can be read as a compose file again. */
function escaped(value: Mapping): Mapping {
  return mapping(Object.entries(value).map(([name, item]) => [escapedText(name), escapedValue(item)]));
}

function escapedValue(value: Value): Value {
  if (typeof value === 'string') return escapedText(value);
  if (Array.isArray(value)) return value.map(escapedValue);
  return isMapping(value) ? escaped(value) : value;
}

const escapedText = (text: string) => text.replaceAll('$', '$$$$');
