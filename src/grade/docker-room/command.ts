import { Writable } from 'node:stream';
import type { Action } from '../../lab/sandbox/command/action.ts';
import { interpret } from '../../lab/sandbox/command/interpret.ts';
import { parseDocker } from '../../lab/sandbox/command/parse.ts';
import type { World } from '../../lab/sandbox/command/world.ts';
import { wantsTerminal } from '../remarks.ts';
import type { Remark } from '../types.ts';

export interface Place {
  /** What a remark names: a script, or the command itself. */
  where: string;
  /** Its input is a pipe or a file. */
  redirected?: boolean;
  remark(remark: Remark): void;
}

/**
 * Does what the words after `docker` ask for, and answers the exit code. What the parser and the policy do not know
 * is refused by name and becomes a remark. Throws UnusableError.
 */
export async function runDocker(argv: string[], world: World, place: Place): Promise<number> {
  const own = { ...world, stderr: inOurName(world.stderr, place) };
  if (argv.includes('--privileged'))
    place.remark({
      kind: 'policy',
      id: 'privileged',
      where: place.where,
      message: 'It asks for --privileged, which nobody has here; it was run without.',
    });
  try {
    const parsed = parseDocker(argv);
    if (!parsed.ok) {
      own.stderr.write(`${parsed.message}\n`);
      return parsed.exitCode;
    }
    const action = withoutTerminal(parsed.action, place);
    if (action !== parsed.action && place.redirected) {
      // As in everybody's terminal: Docker does not feed a pipe to a program that is to have a keyboard.
      own.stderr.write('the input device is not a TTY\n');
      return 1;
    }
    return await interpret(action, own);
  } catch (error) {
    // A template that is nested ten thousand times: the stack is at its end, and nothing else is wrong.
    if (!(error instanceof RangeError)) throw error;
    own.stderr.write('the grader can not read so deep a command\n');
    return REFUSED_EXIT;
  } finally {
    await new Promise<void>((resolve) => own.stderr.end(resolve));
  }
}

/** As of a command that is not known. */
const REFUSED_EXIT = 125;

/** In a script there is no terminal. What asks for one works all the same, and is told. */
function withoutTerminal(action: Action, { where, remark }: Place): Action {
  const asks = action.kind === 'exec' || action.kind === 'run' || action.kind === 'compose-run';
  if (!asks || !action.tty || !action.interactive) return action;
  remark(wantsTerminal(where));
  return { ...action, tty: false };
}

/**
 * The commands know themselves as the sandbox's. Here they are the grader's, and what they refuse is a remark. Only
 * they write text: what programs say comes as bytes, and passes through as it is.
 */
function inOurName(target: Writable, place: Place): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, encoding, done) {
      if (typeof chunk !== 'string') return void target.write(chunk, done);
      const text = chunk
        .replace(/ Where Docker runs, use the docker lab: --lab docker\./, '')
        .replace(/ Write the file without it, or use Docker itself\./, '')
        .replaceAll('the sandbox', 'the grader');
      if (text !== chunk && chunk.startsWith('the sandbox')) place.remark(policyRemark(text, place.where));
      target.write(text, encoding, done);
    },
  });
}

function policyRemark(text: string, where: string): Remark {
  const [message = ''] = text.split('\n');
  return { kind: 'policy', id: policyOf(message), where, message: `${message.replace(/\.?$/, '')}.` };
}

/** The name of the rule that a refusal is of: `mount-outside`, `image`, `network_mode`, … */
function policyOf(message: string): string {
  if (/does not mount over/.test(message)) return 'mount-programs';
  if (/does not mount|works in the folder|not a small file/.test(message)) return 'mount-outside';
  if (/does not build/.test(message)) return 'build';
  if (/does not know the variable/.test(message)) return 'program-environment';
  const [, kind, name] = /does not know the (image|network|option|property) (\S+)/.exec(message) ?? [];
  if (kind === 'property' || kind === 'option') return (name ?? kind).replace(/^-+|:$/g, '');
  return kind ?? 'unknown-command';
}
