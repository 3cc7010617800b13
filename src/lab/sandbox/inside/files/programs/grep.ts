import { readAll, write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { complain, reason, UsageError } from '../messages.ts';
import { isFolder, readText, see } from '../operations.ts';
import { readOptions } from '../options.ts';
import type { FileError, FileInside, FileProgram } from '../tree.ts';
import { posixRegExp } from './regex.ts';

const LONG = {
  quiet: 'q',
  silent: 'q',
  'line-number': 'n',
  count: 'c',
  'ignore-case': 'i',
  'invert-match': 'v',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  regexp: 'e',
  recursive: 'r',
  'only-matching': 'o',
  'no-filename': 'h',
  'with-filename': 'H',
  'files-with-matches': 'l',
  'no-messages': 's',
  'word-regexp': 'w',
};

export const grep: FileProgram = async (argv, inside) => {
  const { has, all, operands } = readOptions(argv, {
    flags: 'qncivEFGrRohHlsw',
    values: 'e',
    long: LONG,
    exitCode: 2,
  });
  const patterns = all('e');
  const names = [...operands];
  if (patterns.length === 0) {
    const first = names.shift();
    if (first === undefined)
      throw new UsageError(
        "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.",
        2,
      );
    patterns.push(first);
  }
  const extended = has('E') || argv[0] === 'egrep';
  const expressions = patterns
    .flatMap((one) => one.split('\n'))
    .map((one) => expressionOf(one, { extended, fixed: has('F'), ignoreCase: has('i'), word: has('w') }));
  const recursive = has('r') || has('R');
  if (names.length === 0) names.push(recursive ? '.' : '-');
  const titled = has('H') || (!has('h') && (names.length > 1 || recursive));
  let matched = false;

  const search = async (name: string, text: string) => {
    const title = name === '-' ? '(standard input)' : name;
    const lines = text.replace(/\n$/, '').split('\n');
    let count = 0;
    if (text !== '') {
      for (const [index, line] of lines.entries()) {
        if (expressions.some((one) => line.search(one) >= 0) === has('v')) continue;
        count += 1;
        matched = true;
        if (has('q') || has('l')) break;
        if (has('c')) continue;
        const before = (titled ? `${title}:` : '') + (has('n') ? `${index + 1}:` : '');
        const parts = has('o')
          ? expressions.flatMap((one) => line.match(new RegExp(one, `${one.flags}g`)) ?? [])
          : [line];
        for (const part of parts)
          if (part !== '' || !has('o')) await write(inside.stdout, `${before}${part}\n`);
      }
    }
    if (has('l') && count > 0) await write(inside.stdout, `${title}\n`);
    if (has('c') && !has('q') && !has('l'))
      await write(inside.stdout, `${titled ? `${title}:` : ''}${count}\n`);
  };
  const visit = async (name: string): Promise<void> => {
    if (has('q') && matched) return;
    if (name === '-') return search(name, (await readAll(inside.stdin, inside.signal)).toString('utf8'));
    const place = await see(inside, name);
    if (!isFolder(place) || !recursive) return search(name, await readText(inside, name));
    for (const entry of await inside.files.names(place)) await visit(`${name.replace(/\/$/, '')}/${entry}`);
  };
  const code = await each(
    inside,
    'grep',
    names,
    visitQuietly(inside, visit, has('s')),
    (name, why) => `${name}: ${why}`,
    2,
  );
  if (matched && (code === 0 || has('q'))) return 0;
  return code === 0 ? 1 : code;
};

function visitQuietly(inside: FileInside, visit: (name: string) => Promise<void>, silent: boolean) {
  return async (name: string) => {
    try {
      await visit(name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (!silent) await complain(inside, 'grep', `${name}: ${reason(error as FileError)}`);
      throw new Said();
    }
  };
}

function expressionOf(
  pattern: string,
  {
    extended,
    fixed,
    ignoreCase,
    word,
  }: { extended: boolean; fixed: boolean; ignoreCase: boolean; word: boolean },
): RegExp {
  const flags = ignoreCase ? 'i' : '';
  const plain = fixed
    ? new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags)
    : posixRegExp(pattern, { extended, flags });
  if (plain === null) throw new UsageError(`grep: Invalid regular expression`, 2);
  return word ? new RegExp(`(?<!\\w)(?:${plain.source})(?!\\w)`, flags) : plain;
}
