import { refused } from '../../command/refusal.ts';
import { usage } from './messages.ts';

export interface Grammar {
  /** Letters without a value. */
  flags?: string;
  /** Letters with one. */
  values?: string;
  /** Long names, and the letter that each stands for. */
  long?: Record<string, string>;
  /** Of a wrong command line. */
  exitCode?: number;
}

export interface Options {
  has(letter: string): boolean;
  /** The last value given; undefined for none. */
  value(letter: string): string | undefined;
  /** All values of a letter, in their order. */
  all(letter: string): string[];
  operands: string[];
}

/** Reads a command line as GNU getopt does. Throws for options that we do not know, before anything is done. */
export function readOptions([program = '', ...words]: string[], grammar: Grammar): Options {
  const { flags = '', values = '', long = {}, exitCode = 1 } = grammar;
  const given: [string, string][] = [];
  const operands: string[] = [];
  const unknown = (option: string) => refused(`the sandbox does not know the option ${option} of ${program}`);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      operands.push(...words);
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=');
      const letter = long[name];
      if (letter === undefined) throw unknown(`--${name}`);
      if (values.includes(letter)) {
        const value = rest.length > 0 ? rest.join('=') : words.shift();
        if (value === undefined) throw usage(program, `option '--${name}' requires an argument`, exitCode);
        given.push([letter, value]);
      } else if (rest.length > 0) throw unknown(word);
      else given.push([letter, '']);
    } else if (word.startsWith('-') && word !== '-') {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] ?? '';
        if (values.includes(letter)) {
          const value = word.slice(at + 1) || words.shift();
          if (value === undefined)
            throw usage(program, `option requires an argument -- '${letter}'`, exitCode);
          given.push([letter, value]);
          break;
        }
        if (!flags.includes(letter)) throw unknown(`-${letter}`);
        given.push([letter, '']);
      }
    } else operands.push(word);
  }
  return {
    operands,
    has: (letter) => given.some(([one]) => one === letter),
    value: (letter) => given.findLast(([one]) => one === letter)?.[1],
    all: (letter) => given.filter(([one]) => one === letter).map(([, value]) => value),
  };
}
