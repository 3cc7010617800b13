import { refused } from '../../../command/refusal.ts';
import { may, PASS, READ, WRITE } from '../identity.ts';
import { UsageError } from '../messages.ts';
import { isFolder } from '../operations.ts';
import type { FileInside, FileProgram } from '../tree.ts';

const FILE_TESTS = ['-e', '-f', '-d', '-s', '-r', '-w', '-x', '-L', '-h'];
const UNARY = [...FILE_TESTS, '-z', '-n'];
const NUMBERS: Record<string, (a: number, b: number) => boolean> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};
const BINARY = ['=', '==', '!=', '-nt', '-ot', ...Object.keys(NUMBERS)];

/** `test` and `[`. Exit code 2 for an expression that is wrong. */
export const test: FileProgram = async ([name = 'test', ...words], inside) => {
  const rest = [...words];
  if (name === '[' && rest.pop() !== ']') throw new UsageError('[: missing ]', 2);
  if (rest.length === 0) return 1;
  const result = await either(rest, inside, name);
  if (rest.length > 0) throw new UsageError(`${name}: ${rest[0]}: unexpected operator`, 2);
  return result ? 0 : 1;
};

async function either(words: string[], inside: FileInside, name: string): Promise<boolean> {
  let result = await both(words, inside, name);
  while (words[0] === '-o') {
    words.shift();
    const other = await both(words, inside, name);
    result = result || other;
  }
  return result;
}

async function both(words: string[], inside: FileInside, name: string): Promise<boolean> {
  let result = await one(words, inside, name);
  while (words[0] === '-a') {
    words.shift();
    const other = await one(words, inside, name);
    result = result && other;
  }
  return result;
}

async function one(words: string[], inside: FileInside, name: string): Promise<boolean> {
  const [first, second, third] = words;
  if (first === undefined) throw new UsageError(`${name}: argument expected`, 2);
  // What stands before an operator is a word, also when it looks like one itself.
  if (third !== undefined && BINARY.includes(second ?? '')) {
    words.splice(0, 3);
    return compare(first, second ?? '', third, inside, name);
  }
  words.shift();
  if (first === '!' && second !== undefined) return !(await one(words, inside, name));
  if (first === '(' && second !== undefined) {
    const result = await either(words, inside, name);
    if (words.shift() !== ')') throw new UsageError(`${name}: closing paren expected`, 2);
    return result;
  }
  if (second === undefined || ['-a', '-o'].includes(second)) return first !== '';
  if (UNARY.includes(first)) {
    words.shift();
    return first === '-z' ? second === '' : first === '-n' ? second !== '' : fileTest(first, second, inside);
  }
  if (/^-[a-zA-Z]+$/.test(first)) throw refused(`the sandbox does not know ${first} of test`);
  throw new UsageError(`${name}: ${second}: unexpected operator`, 2);
}

async function compare(
  a: string,
  operator: string,
  b: string,
  inside: FileInside,
  name: string,
): Promise<boolean> {
  if (operator === '=' || operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  if (operator === '-nt' || operator === '-ot') {
    const [old, young] = operator === '-nt' ? [b, a] : [a, b];
    return (await timeOf(young, inside)) > (await timeOf(old, inside));
  }
  const [left, right] = [a, b].map((word) => {
    if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new UsageError(`${name}: Illegal number: ${word}`, 2);
    return Number(word);
  });
  return NUMBERS[operator]?.(left ?? 0, right ?? 0) ?? false;
}

async function timeOf(name: string, inside: FileInside): Promise<number> {
  const place = await inside.files.look(name, inside.cwd, { follow: true });
  return place.kind === 'found' ? place.stats.mtimeMs : Number.NEGATIVE_INFINITY;
}

async function fileTest(letter: string, name: string, inside: FileInside): Promise<boolean> {
  const link = letter === '-L' || letter === '-h';
  const place = await inside.files.look(name, inside.cwd, { follow: !link });
  if (place.kind === 'passage') return ['-e', '-d', '-r', '-x', '-s'].includes(letter);
  if (place.kind !== 'found') return false;
  const { stats, real } = place;
  const { who } = inside.files;
  switch (letter) {
    case '-f':
      return stats.isFile();
    case '-d':
      return isFolder(place);
    case '-s':
      return stats.size > 0;
    case '-r':
      return may(who, stats, READ);
    case '-w':
      return may(who, stats, WRITE) && !real.readOnly;
    case '-x':
      // Root may pass through every folder, but runs only what someone may run.
      return stats.isDirectory()
        ? may(who, stats, PASS)
        : may({ ...who, superuser: false }, stats, PASS) || (who.superuser && (stats.mode & 0o111) !== 0);
    case '-L':
    case '-h':
      return stats.isSymbolicLink();
    default:
      return true;
  }
}
