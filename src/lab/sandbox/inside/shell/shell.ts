import { refused } from '../../command/refusal.ts';
import { UsageError } from '../files/messages.ts';
import { readText } from '../files/operations.ts';
import type { FileInside, FileProgram } from '../files/tree.ts';
import { readAll } from '../streams.ts';
import { readSettings } from './builtins.ts';
import { inSubshell, runList } from './interpret.ts';
import { parse } from './parse.ts';
import { type State, startState } from './state.ts';
import { type Flavour, type List, SyntaxProblem } from './syntax.ts';

interface Invocation {
  /** What comes after -c; a file's name; or null for standard input. */
  source: { command: string } | { file: string } | null;
  name: string;
  settings: ReturnType<typeof readSettings>;
}

/** `sh` (as dash) and `bash`: scripts after -c, in a file, or on standard input. */
export const shell: FileProgram = async (argv, inside) => {
  const flavour: Flavour = argv[0] === 'bash' ? 'bash' : 'sh';
  const { source, name, settings } = readInvocation(argv, flavour);
  const text = await scriptOf(source, name, flavour, inside);
  const list = read(text, flavour, name, source !== null && 'command' in source);
  const state = startState(inside, flavour, name);
  for (const { name: setting, on } of settings) state[setting] = on;
  const { stdin, stdout, stderr } = inside;
  const io = { stdin, stdout, stderr };
  return inSubshell(state, io, (own: State) => runList(list, own, io, false));
};

function readInvocation([program = '', ...words]: string[], flavour: Flavour): Invocation {
  const letters: string[] = [];
  let command = false;
  const rest = [...words];
  for (let word = rest[0]; word !== undefined && /^[-+]./.test(word); word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    if (flavour === 'bash' && ['--login', '--norc', '--noprofile', '--posix'].includes(word)) continue;
    if (word.startsWith('--')) throw refused(`the sandbox does not know the option ${word} of ${program}`);
    const others = word.slice(1).replace(/[cls]/g, '');
    if (word.slice(1).includes('c')) command = true;
    const strange = [...others].find((letter) => !'euo'.includes(letter));
    if (strange !== undefined)
      throw refused(`the sandbox does not know the option ${word[0]}${strange} of ${program}`);
    if (others !== '') letters.push(word[0] + others, ...(others.includes('o') ? rest.splice(0, 1) : []));
  }
  const settings = readSettings(letters);
  const [first, second] = rest;
  if (!command)
    return { source: first === undefined ? null : { file: first }, name: first ?? program, settings };
  if (first === undefined) {
    throw new UsageError(
      flavour === 'sh' ? 'sh: 0: -c requires an argument' : 'bash: -c: option requires an argument',
      2,
    );
  }
  return { source: { command: first }, name: second ?? program, settings };
}

async function scriptOf(
  source: Invocation['source'],
  name: string,
  flavour: Flavour,
  inside: FileInside,
): Promise<string> {
  if (source === null) {
    if (inside.terminal) {
      throw refused(
        `the sandbox knows no shell for typing into (${flavour} without -c)`,
        `Run one command at a time, such as docker exec CONTAINER ${flavour} -c 'ls -l'`,
      );
    }
    return (await readAll(inside.stdin, inside.signal)).toString('utf8');
  }
  if ('command' in source) return source.command;
  try {
    return await readText(inside, source.file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw flavour === 'sh'
      ? new UsageError(`sh: 0: cannot open ${name}: No such file`, 2)
      : new UsageError(`bash: ${name}: No such file or directory`, 127);
  }
}

function read(text: string, flavour: Flavour, name: string, typed: boolean): List {
  try {
    return parse(text, flavour);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const { line, message } = error;
    if (flavour === 'sh') throw new UsageError(`${name}: ${line}: ${message}`, 2);
    const before = `${name}: ${typed ? '-c: ' : ''}line ${line}: `;
    const shown = message.includes('unexpected token')
      ? `\n${before}\`${text.split('\n')[line - 1] ?? ''}'`
      : '';
    throw new UsageError(`${before}${message}${shown}`, 2);
  }
}
