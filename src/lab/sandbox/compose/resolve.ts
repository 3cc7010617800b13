import type { ComposeConfig } from '../../../observe/types.ts';
import { NoComposeFile } from './files.ts';
import { type ComposeSource, load } from './load.ts';
import { BeyondSandbox, ComposeError, isMapping, type Mapping, mapping, type Value } from './value.ts';

/** What a learner's compose file comes to. `warnings` are texts without Compose's time stamps. */
export type ResolvedCompose = { warnings: string[] } & (
  | { state: 'ok'; config: ComposeConfig; files: string[]; directory: string }
  | ({ state: 'missing' } & Refusal)
  /** `message`: the first line of what Compose says. */
  | ({ state: 'invalid'; message: string } & Refusal)
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
    warn: (message) => void warnings.push(message),
  };
  try {
    const { project, files, directory } = await load(source);
    return { state: 'ok', config: escaped(project) as unknown as ComposeConfig, files, directory, warnings };
  } catch (error) {
    return { ...refusal(error), warnings };
  }
}

function refusal(error: unknown) {
  if (error instanceof BeyondSandbox) {
    const { message } = error;
    return { state: 'unknown' as const, message, text: message, exitCode: UNKNOWN_EXIT };
  }
  if (!(error instanceof ComposeError)) throw error;
  const { message: text, exitCode } = error;
  if (error instanceof NoComposeFile) return { state: 'missing' as const, text, exitCode };
  return { state: 'invalid' as const, message: firstLine(text), text, exitCode };
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
