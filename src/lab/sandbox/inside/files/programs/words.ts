import { refused } from '../../../command/refusal.ts';
import { write } from '../../streams.ts';
import { UsageError } from '../messages.ts';
import type { FileInside, FileProgram } from '../tree.ts';

/** Whose echo it is: that of dash reads escapes always and has no -e. */
export type Flavour = 'sh' | 'bash';

export async function echoAs(
  flavour: Flavour,
  [, ...words]: string[],
  { stdout }: FileInside,
): Promise<number> {
  let escapes = flavour === 'sh';
  let newline = true;
  const options = flavour === 'sh' ? /^-n$/ : /^-[neE]+$/;
  while (options.test(words[0] ?? '')) {
    for (const letter of words.shift()?.slice(1) ?? '') {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  }
  let text = words.join(' ');
  if (escapes) {
    const { text: read, stopped } = unescaped(text, true);
    text = read;
    if (stopped) newline = false;
  }
  await write(stdout, newline ? `${text}\n` : text);
  return 0;
}

/** The program of coreutils, which is like that of bash. */
export const echo: FileProgram = (argv, inside) => echoAs('bash', argv, inside);

const LETTERS: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** `zero`: octal numbers begin with a zero, as with echo. Everything after `\c` is left out. */
function unescaped(text: string, zero: boolean): { text: string; stopped: boolean } {
  const end = /^(?:[^\\]|\\[^c])*?\\c/.exec(text);
  const read = end ? end[0].slice(0, -2) : text;
  const octal = zero ? '0([0-7]{0,3})' : '([0-7]{1,3})';
  const escapes = new RegExp(`\\\\(?:${octal}|x([0-9a-fA-F]{1,2})|([abfnrtv\\\\]))`, 'g');
  const result = read.replace(escapes, (_, digits?: string, hex?: string, letter?: string) => {
    if (letter !== undefined) return LETTERS[letter] ?? letter;
    return String.fromCharCode(
      hex === undefined ? Number.parseInt(digits || '0', 8) & 255 : Number.parseInt(hex, 16),
    );
  });
  return { text: result, stopped: end !== null };
}

const DIRECTIVE = /%([-0+ ]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;

export const printf: FileProgram = (argv, inside) =>
  printfAs(argv, inside, (word) => `printf: ‘${word}’: expected a numeric value`);

/** `notNumeric` makes the message for a word that is no number. */
export async function printfAs(
  [, format, ...words]: string[],
  inside: FileInside,
  notNumeric: (word: string) => string,
): Promise<number> {
  if (format === undefined)
    throw new UsageError("printf: missing operand\nTry 'printf --help' for more information.");
  const strange = [...format.matchAll(DIRECTIVE)].find(
    ([, , , , letter = '']) => !'sdicbuxXo%'.includes(letter),
  );
  if (strange) throw refused(`the sandbox does not know ${strange[0]} of printf`);
  let code = 0;
  let out = '';
  do {
    const before = words.length;
    const pieces = format.split(/(%[-0+ ]*\d*(?:\.\d+)?[a-zA-Z%])/);
    for (const [index, piece] of pieces.entries()) {
      if (index % 2 === 0) {
        out += unescaped(piece, false).text;
        continue;
      }
      const [, flags = '', width = '', precision, letter = ''] =
        new RegExp(DIRECTIVE.source).exec(piece) ?? [];
      if (letter === '%') {
        out += '%';
        continue;
      }
      const word = words.shift() ?? '';
      let text =
        letter === 's'
          ? word
          : letter === 'b'
            ? unescaped(word, true).text
            : letter === 'c'
              ? word.slice(0, 1)
              : '';
      if ('sb'.includes(letter) && precision !== undefined) text = text.slice(0, Number(precision));
      if ('diuxXo'.includes(letter)) {
        if (word !== '' && !/^\s*[-+]?\d+$/.test(word)) {
          await write(inside.stderr, `${notNumeric(word)}\n`);
          code = 1;
        }
        const number = Number.parseInt(word, 10) || 0;
        text =
          letter === 'o'
            ? number.toString(8)
            : letter === 'x'
              ? number.toString(16)
              : letter === 'X'
                ? number.toString(16).toUpperCase()
                : String(number);
        if (flags.includes('+') && number >= 0) text = `+${text}`;
      }
      const size = Number(width || 0);
      if (flags.includes('-')) out += text.padEnd(size);
      else out += flags.includes('0') && 'diuxXo'.includes(letter) ? zeros(text, size) : text.padStart(size);
    }
    // A format that takes no words is not used again for those that are left.
    if (words.length === before) break;
  } while (words.length > 0);
  await write(inside.stdout, out);
  return code;
}

const zeros = (text: string, size: number): string =>
  text.startsWith('-') ? `-${text.slice(1).padStart(size - 1, '0')}` : text.padStart(size, '0');
