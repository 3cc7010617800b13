import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComposeConfig, ComposeState } from '../../observe/types.ts';
import { askCompose } from './compose-plugin.ts';

/** Names under which Compose looks for its file, in its order. */
const FILE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Resolves the learner's compose file by Compose itself, and keeps the answer until the file changes. */
export function composeReader(workspace: string, env: NodeJS.ProcessEnv): () => Promise<ComposeState> {
  let cache: { key: string; state: ComposeState } | undefined;
  return async () => {
    const source = await composeSource(workspace);
    if (source === null) return { state: 'missing' };
    if (cache?.key === source) return cache.state;
    const state = await resolve(workspace, env);
    // What could not be asked is asked again; an answer stands for this very text.
    if (state.state !== 'unknown') cache = { key: source, state };
    return state;
  };
}

async function composeSource(workspace: string): Promise<string | null> {
  for (const name of FILE_NAMES) {
    try {
      const text = await readFile(path.join(workspace, name), 'utf8');
      const variables = await readFile(path.join(workspace, '.env'), 'utf8').catch(() => '');
      return `${name}\0${text}\0${variables}`;
    } catch {
      // the next name
    }
  }
  return null;
}

async function resolve(workspace: string, env: NodeJS.ProcessEnv): Promise<ComposeState> {
  const config = ['config', '--format', 'json'];
  const result = await askCompose(config, env, { cwd: workspace, timeoutMs: 15_000 });
  if (result.exitCode === 0) {
    try {
      return { state: 'ok', config: JSON.parse(result.stdout) as ComposeConfig };
    } catch {
      return { state: 'unknown', message: 'docker compose config did not print JSON' };
    }
  }
  const message = firstLine(result.stderr || result.failure || '');
  // Without the Compose plugin, docker takes --format for a flag of its own.
  const cannotAsk =
    result.failure !== null ||
    /unknown command|is not a docker command|unknown (?:shorthand )?flag/.test(message);
  return cannotAsk ? { state: 'unknown', message } : { state: 'invalid', message };
}

/** Compose's own words, without its time stamps and warnings. */
function firstLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/level=warning/.test(line));
  return (lines[0] ?? text).trim().slice(0, 500);
}
