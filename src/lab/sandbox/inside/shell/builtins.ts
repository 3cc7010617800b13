import path from 'node:path';
import { refused } from '../../command/refusal.ts';
import { UsageError } from '../files/messages.ts';
import { isFolder } from '../files/operations.ts';
import { test } from '../files/programs/test.ts';
import { echoAs, printfAs } from '../files/programs/words.ts';
import type { FileInside } from '../files/tree.ts';
import { write } from '../streams.ts';
import { Jump, prefix, ShellExit, type State } from './state.ts';

type Builtin = (words: string[], state: State, inside: FileInside) => Promise<number>;

const complain = (state: State, { stderr }: FileInside, text: string) =>
  write(stderr, `${prefix(state)}${text}\n`);

const cd: Builtin = async ([, word], state, inside) => {
  const back = word === '-';
  const target = back ? (state.variables.get('OLDPWD') ?? '') : (word ?? state.variables.get('HOME') ?? '');
  const place = await inside.files.look(target, state.cwd, { follow: true });
  if (!isFolder(place)) {
    const why =
      place.kind === 'error' && place.code === 'EACCES'
        ? 'Permission denied'
        : place.kind === 'found'
          ? 'Not a directory'
          : 'No such file or directory';
    await complain(
      state,
      inside,
      state.flavour === 'sh' ? `cd: can't cd to ${target}` : `cd: ${target}: ${why}`,
    );
    return state.flavour === 'sh' ? 2 : 1;
  }
  state.variables.set('OLDPWD', state.cwd);
  state.cwd = path.posix.resolve(state.cwd, target);
  state.variables.set('PWD', state.cwd);
  if (back) await write(inside.stdout, `${state.cwd}\n`);
  return 0;
};

const exit: Builtin = async ([, word], state, inside) => {
  if (word !== undefined && !/^\d+$/.test(word)) {
    await complain(
      state,
      inside,
      state.flavour === 'sh' ? `exit: Illegal number: ${word}` : `exit: ${word}: numeric argument required`,
    );
    throw new ShellExit(2);
  }
  throw new ShellExit(word === undefined ? state.status : Number(word) & 255);
};

const exportNames: Builtin = async ([, ...words], state, inside) => {
  if (words.length === 0 || words[0]?.startsWith('-'))
    throw refused("the sandbox's shell knows export with names only");
  let code = 0;
  for (const word of words) {
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      const text =
        state.flavour === 'sh'
          ? `export: ${name}: bad variable name`
          : `export: \`${word}': not a valid identifier`;
      await complain(state, inside, text);
      if (state.flavour === 'sh') throw new ShellExit(2);
      code = 1;
      continue;
    }
    if (value !== undefined) state.variables.set(name, value);
    state.exported.add(name);
  }
  return code;
};

const unset: Builtin = async ([, ...words], state) => {
  for (const word of words) {
    state.variables.delete(word);
    state.exported.delete(word);
  }
  return 0;
};

const LETTERS = { e: 'errexit', u: 'nounset' } as const;
const NAMES = ['errexit', 'nounset', 'pipefail'] as const;
type Setting = (typeof NAMES)[number];

/** Reads the words after `set`. Throws CommandError for options that are not known here. */
export function readSettings(words: readonly string[]): { name: Setting; on: boolean }[] {
  const found: { name: Setting; on: boolean }[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, sign = '', letters = ''] = /^([-+])([a-zA-Z]+)$/.exec(word) ?? [];
    if (letters === '') throw refused(`the sandbox's shell does not know set ${word}`);
    for (const letter of letters) {
      const name =
        letter === 'o' ? NAMES.find((one) => one === rest[0]) : LETTERS[letter as keyof typeof LETTERS];
      if (name === undefined)
        throw refused(
          `the sandbox's shell does not know set ${sign}${letter === 'o' ? `o ${rest[0] ?? ''}` : letter}`,
        );
      if (letter === 'o') rest.shift();
      found.push({ name, on: sign === '-' });
    }
  }
  return found;
}

const set: Builtin = async ([, ...words], state, inside) => {
  for (const { name, on } of readSettings(words)) {
    if (name === 'pipefail' && state.flavour === 'sh') {
      await complain(state, inside, 'set: Illegal option -o pipefail');
      throw new ShellExit(2);
    }
    state[name] = on;
  }
  return 0;
};

const jump =
  (to: 'break' | 'continue'): Builtin =>
  async ([, word]) => {
    throw new Jump(to, Math.max(1, Number(word ?? 1) || 1));
  };

/** With the shell's name before the message. bash has its own words for some. */
const testIn: Builtin = async (words, state, inside) => {
  try {
    return await test(words, inside);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const text =
      state.flavour === 'sh'
        ? error.message
        : error.message
            .replace(/Illegal number: (.*)$/, '$1: integer expression expected')
            .replace('missing ]', "missing `]'");
    await complain(state, inside, text);
    return error.exitCode;
  }
};

const BUILTINS: Record<string, Builtin> = {
  ':': async () => 0,
  '[': testIn,
  break: jump('break'),
  cd,
  continue: jump('continue'),
  echo: (words, state, inside) => echoAs(state.flavour, words, inside),
  exit,
  export: exportNames,
  false: async () => 1,
  printf: (words, state, inside) =>
    printfAs(words, inside, (word) =>
      state.flavour === 'sh'
        ? `${prefix(state)}printf: ${word}: expected numeric value`
        : `${prefix(state)}printf: ${word}: invalid number`,
    ),
  pwd: async (_, state, inside) => {
    await write(inside.stdout, `${state.cwd}\n`);
    return 0;
  },
  set,
  test: testIn,
  true: async () => 0,
  unset,
};

export const builtin = (name: string): Builtin | undefined =>
  Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;

export const isBuiltin = (name: string): boolean => builtin(name) !== undefined;

/** Builtins of real shells that this one does not have. They are no programs that one could install. */
export const FOREIGN_BUILTINS =
  '. source eval exec read shift return trap wait local declare typeset readonly alias unalias command type hash jobs fg bg kill let getopts umask ulimit times shopt mapfile'.split(
    ' ',
  );
