import { PassThrough, Writable } from 'node:stream';
import type { FileInside } from '../files/tree.ts';
import { guarded, runProgram } from '../programs.ts';
import { BrokenPipe, closeReader, Interrupted, SIGPIPE_CODE, write } from '../streams.ts';
import { builtin } from './builtins.ts';
import { RedirectError, redirect } from './redirect.ts';
import { Fatal, type Io, insideOf, Jump, prefix, ShellExit, type State, subshell } from './state.ts';
import type { AndOr, Command, List, Pipeline, Word } from './syntax.ts';
import { type Expansion, expandToText, expandWord } from './words.ts';

/**
 * Runs commands and leaves their exit code in the state. `tested`: something looks at the code, so `set -e` does
 * not end the shell. Throws ShellExit, Fatal, Jump and Interrupted.
 */
export async function runList(list: List, state: State, io: Io, tested: boolean): Promise<void> {
  for (const one of list) await runAndOr(one, state, io, tested);
}

async function runAndOr({ first, rest }: AndOr, state: State, io: Io, tested: boolean): Promise<void> {
  await runPipeline(first, state, io, tested || rest.length > 0);
  for (const [index, { operator, pipeline }] of rest.entries()) {
    if ((state.status === 0) !== (operator === '&&')) continue;
    await runPipeline(pipeline, state, io, tested || index < rest.length - 1);
  }
}

async function runPipeline(
  { negated, commands }: Pipeline,
  state: State,
  io: Io,
  tested: boolean,
): Promise<void> {
  const [first, ...more] = commands;
  if (first === undefined) return;
  if (more.length === 0) await runCommand(first, state, io, tested || negated);
  else state.status = await runStages(commands, state, io);
  if (negated) state.status = state.status === 0 ? 1 : 0;
  // In the others the failing command has ended the shell already, if it was to.
  const own = more.length > 0 || first.kind === 'simple' || first.kind === 'subshell';
  if (state.errexit && own && !tested && !negated && state.status !== 0) throw new ShellExit(state.status);
}

/** All stages run at once, each in a shell of its own. */
async function runStages(commands: Command[], state: State, io: Io): Promise<number> {
  const pipes = commands.slice(1).map(() => new PassThrough());
  const codes = await Promise.all(
    commands.map(async (command, index) => {
      const [input, output] = [pipes[index - 1], pipes[index]];
      const own = { ...io, stdin: input ?? io.stdin, stdout: output ?? io.stdout };
      try {
        return await inSubshell(state, own, (shell) => runCommand(command, shell, own, false));
      } finally {
        output?.end();
        if (input) closeReader(input);
      }
    }),
  );
  const failed = state.pipefail ? codes.findLast((code) => code !== 0) : undefined;
  return failed ?? codes.at(-1) ?? 0;
}

/** Runs something in a copy of the shell, and answers with what it would exit. */
export async function inSubshell(
  state: State,
  io: Io,
  run: (shell: State) => Promise<void>,
): Promise<number> {
  const shell = subshell(state);
  try {
    await run(shell);
    return shell.status;
  } catch (error) {
    if (error instanceof ShellExit) return error.status;
    if (error instanceof BrokenPipe) return SIGPIPE_CODE;
    if (error instanceof Jump) return 0;
    if (!(error instanceof Fatal)) throw error;
    await write(io.stderr, `${prefix(shell)}${error.message}\n`).catch(() => {});
    return error.status;
  }
}

async function runCommand(command: Command, state: State, io: Io, tested: boolean): Promise<void> {
  if (state.inside.signal.aborted) throw new Interrupted();
  state.line = command.line;
  const expansion = expansionOf(state, io);
  let redirected: Awaited<ReturnType<typeof redirect>>;
  try {
    redirected = await redirect(command.redirects, state, io, (one) =>
      expandToText(one.kind === 'text' ? one.text : one.target, expansion),
    );
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    await write(io.stderr, `${prefix(state)}${error.message}\n`);
    state.status = error.status;
    // The others than a simple command are not looked at again for set -e.
    if (state.errexit && !tested && command.kind !== 'simple') throw new ShellExit(error.status);
    return;
  }
  try {
    await runBody(command, state, redirected.io, tested);
  } finally {
    await redirected.close();
  }
  if (state.inside.signal.aborted) throw new Interrupted();
}

async function runBody(command: Command, state: State, io: Io, tested: boolean): Promise<void> {
  switch (command.kind) {
    case 'simple':
      return runSimple(command, state, io);
    case 'group':
      return runList(command.body, state, io, tested);
    case 'subshell':
      state.status = await inSubshell(state, io, (shell) => runList(command.body, shell, io, tested));
      return;
    case 'if': {
      for (const { condition, body } of command.branches) {
        await runList(condition, state, io, true);
        if (state.status !== 0) continue;
        return runList(body, state, io, tested);
      }
      state.status = 0;
      return runList(command.otherwise, state, io, tested);
    }
    case 'for': {
      const values = await expandAll(command.words, expansionOf(state, io));
      return loop(state, async (next) => {
        for (const value of values) {
          state.variables.set(command.name, value);
          if (!(await next(() => runList(command.body, state, io, tested)))) return;
        }
      });
    }
    case 'while':
      return loop(state, async (next) => {
        for (let last = 0; ; last = state.status) {
          const go = await next(async () => {
            await runList(command.condition, state, io, true);
            if ((state.status === 0) === command.until) throw new Jump('break', 1);
            await runList(command.body, state, io, tested);
          });
          if (!go) {
            state.status = last;
            return;
          }
        }
      });
  }
}

/** `next` runs one round and answers whether the loop goes on. */
async function loop(
  state: State,
  rounds: (next: (round: () => Promise<void>) => Promise<boolean>) => Promise<void>,
): Promise<void> {
  state.status = 0;
  await rounds(async (round) => {
    // A loop of builtins alone would leave no time for Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await round();
      return true;
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      if (error.levels > 1) {
        error.levels -= 1;
        throw error;
      }
      return error.to === 'continue';
    }
  });
}

async function expandAll(words: readonly Word[], expansion: Expansion): Promise<string[]> {
  const all: string[] = [];
  for (const word of words) all.push(...(await expandWord(word, expansion)));
  return all;
}

async function runSimple(command: Extract<Command, { kind: 'simple' }>, state: State, io: Io): Promise<void> {
  const expansion = expansionOf(state, io);
  const status = state.status;
  state.status = 0;
  const before = {
    ...expansion,
    variable: (name: string) => (name === '?' ? String(status) : expansion.variable(name)),
  };
  const argv = isExport(command.words[0])
    ? await expandExport(command.words, before)
    : await expandAll(command.words, before);
  const assigned: Record<string, string> = {};
  for (const { name, value } of command.assignments) assigned[name] = await expandToText(value, before);
  const [name] = argv;
  if (name === undefined) {
    // Alone they last. The code is that of a command whose output was used.
    for (const [variable, value] of Object.entries(assigned)) state.variables.set(variable, value);
    return;
  }
  const own = builtin(name);
  const inside = insideOf(state, io, assigned);
  state.status = own && name === 'exit' ? status : state.status;
  state.status = await (own ? runBuiltin(() => own(argv, state, inside), inside) : runProgram(argv, inside));
}

/** A broken pipe ends the shell itself here: the builtin is no process of its own. */
async function runBuiltin(run: () => Promise<number>, inside: FileInside): Promise<number> {
  let broken: BrokenPipe | null = null;
  const code = await guarded(inside, () =>
    run().catch((error: unknown) => {
      if (error instanceof BrokenPipe) broken = error;
      throw error;
    }),
  );
  if (broken !== null) throw broken;
  return code;
}

const isExport = (word: Word | undefined): boolean =>
  word?.length === 1 && word[0]?.kind === 'text' && word[0].text === 'export';

/** `export NAME=$VALUE` is an assignment: its value is not split. */
async function expandExport(words: readonly Word[], expansion: Expansion): Promise<string[]> {
  const all: string[] = [];
  for (const word of words) {
    const [first] = word;
    const assigns = first?.kind === 'text' && /^[A-Za-z_]\w*=/.test(first.text);
    all.push(...(assigns ? [await expandToText(word, expansion)] : await expandWord(word, expansion)));
  }
  return all;
}

function expansionOf(state: State, io: Io): Expansion {
  return {
    home: state.variables.get('HOME') ?? '~',
    glob: (pattern) => state.inside.files.glob(pattern, state.cwd),
    variable(name) {
      if (name === '?') return String(state.status);
      const value = state.variables.get(name);
      if (value === undefined && state.nounset) {
        throw state.flavour === 'sh'
          ? new Fatal(`${name}: parameter not set`, 2)
          : new Fatal(`${name}: unbound variable`, 127);
      }
      return value ?? '';
    },
    async output(body) {
      const pieces: Buffer[] = [];
      const stdout = new Writable({
        write(piece: Buffer, _encoding, done) {
          pieces.push(piece);
          done();
        },
      });
      const own = { ...io, stdout };
      state.status = await inSubshell(state, own, (shell) => runList(body, shell, own, false));
      return Buffer.concat(pieces).toString('utf8').replace(/\n+$/, '');
    },
  };
}
