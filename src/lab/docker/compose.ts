import type { ComposeConfig, ComposeState } from '../../observe/types.ts';
import { askCompose } from './compose-plugin.ts';

/** The learner's compose file as Compose itself resolves it. */
export async function resolveByCompose(workspace: string, env: NodeJS.ProcessEnv): Promise<ComposeState> {
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
