import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComposeState } from '../observe/types.ts';

/** Names under which Compose looks for its file, in its order. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Resolves the learner's compose file by `resolve`, and keeps the answer until the file changes. */
export function composeReader(
  workspace: string,
  resolve: () => Promise<ComposeState>,
): () => Promise<ComposeState> {
  let cache: { key: string; state: ComposeState } | undefined;
  return async () => {
    const source = await composeSource(workspace);
    if (source === null) return { state: 'missing' };
    if (cache?.key === source) return cache.state;
    const state = await resolve();
    // What could not be asked is asked again; an answer stands for this very text.
    if (state.state !== 'unknown') cache = { key: source, state };
    return state;
  };
}

async function composeSource(workspace: string): Promise<string | null> {
  for (const name of COMPOSE_FILES) {
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
