import { choice, only, optionalText } from '../args.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { needEngine } from '../needs.ts';
import { failed, passed } from '../verdict.ts';

const ACCEPTS = ['compose'] as const;

interface EngineArgs {
  engine: 'docker';
  /** Lowest version of Docker Compose, `2.20`. */
  compose?: string | undefined;
}

export const engine: CheckKind<EngineArgs> = {
  kind: 'engine',
  accepts: ACCEPTS,
  mistakes: ['no-engine', 'compose-too-old'],
  parse(raw) {
    only(raw, 'engine', ACCEPTS);
    const range = optionalText(raw, 'compose');
    const compose = range === undefined ? undefined : /^>=\s*(\d+(?:\.\d+)*)$/.exec(range)?.[1];
    if (range !== undefined && !compose)
      throw new ArgumentError('compose', `"compose" must look like ">=2.20".`);
    return { engine: choice(raw, 'engine', ['docker']), compose };
  },
  title: ({ compose }) => `a Docker engine answers${compose ? `, with Compose ${compose} or newer` : ''}`,
  why: () => 'Both servers run in containers, and Docker Compose starts them as one file describes them.',
  reads: () => ({ parts: ['engine'] }),
  judge(observation, args) {
    const down = needEngine(observation);
    if (down) return down;
    // needEngine has seen that it is up; this is for the type checker.
    if (observation.engine.state !== 'up') throw new Error('an engine that is not up must have a verdict');
    const { version, compose, foundBy } = observation.engine;
    const question = { probe: 'docker version and docker compose version', wanted: engine.title(args) };
    const saw = `engine ${version} by ${foundBy}, Compose ${compose ?? 'not found'}`;
    if (args.compose && compose === null) {
      const why =
        '`docker compose` is a plugin of its own. Install it; the old docker-compose of version 1 is no longer made.';
      return failed(question, 'compose-too-old', saw, why);
    }
    if (args.compose && compose !== null && !atLeast(compose, args.compose)) {
      return failed(
        question,
        'compose-too-old',
        saw,
        'This Compose may read the file in another way. Install a newer one.',
      );
    }
    return passed(question, saw);
  },
};

/** `v2.26.1-4` is at least `2.20`. */
function atLeast(version: string, wanted: string): boolean {
  const own = (version.match(/\d+(\.\d+)*/)?.[0] ?? '').split('.').map(Number);
  for (const [index, part] of wanted.split('.').map(Number).entries()) {
    const mine = own[index] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}
