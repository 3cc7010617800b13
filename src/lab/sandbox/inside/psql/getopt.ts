/** One option of a program, as getopt_long knows it. */
export interface OptionSpec {
  long: string;
  short?: string;
  argument?: boolean;
  /** The real program has it, the sandbox does not. */
  foreign?: boolean;
}

type Word = { kind: 'option'; long: string; value: string } | { kind: 'word'; value: string };

export type GetoptResult = { ok: true; words: Word[] } | { ok: false; message: string; exitCode: number };

/** getopt names the whole path, under which the image's wrapper starts the real program. */
const IMAGE_FOLDER = '/usr/lib/postgresql/14/bin';

/**
 * Reads a command line with its clusters (`-XAtq`), glued values (`-Upostgres`) and shortened long names, as
 * getopt_long does; `argv` begins with the program's name. 125 for options that only the real program has, 1 for wrong ones.
 */
export function getopt(argv: readonly string[], specs: readonly OptionSpec[]): GetoptResult {
  const [program = '', ...rest] = argv;
  const words: Word[] = [];
  const wrong = (message: string): GetoptResult => ({
    ok: false,
    message: `${IMAGE_FOLDER}/${program}: ${message}\nTry "${program} --help" for more information.`,
    exitCode: 1,
  });
  const foreign = (typed: string): GetoptResult => ({
    ok: false,
    message: `the sandbox does not know the option ${typed} of ${program}`,
    exitCode: 125,
  });
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (word === '--') {
      for (const value of rest.slice(at + 1)) words.push({ kind: 'word', value });
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const fits = specs.filter((one) => one.long.startsWith(name));
      const spec = fits.find((one) => one.long === name) ?? fits[0];
      if (!spec) return wrong(`unrecognized option '${word}'`);
      if (spec.long !== name && fits.length > 1) {
        const all = fits.map((one) => `'--${one.long}'`).join(' ');
        return wrong(`option '${word}' is ambiguous; possibilities: ${all}`);
      }
      if (spec.foreign) return foreign(`--${spec.long}`);
      if (!spec.argument && equals >= 0) return wrong(`option '--${spec.long}' doesn't allow an argument`);
      const value = equals >= 0 ? word.slice(equals + 1) : spec.argument ? rest[++at] : '';
      if (value === undefined) return wrong(`option '--${spec.long}' requires an argument`);
      words.push({ kind: 'option', long: spec.long, value });
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push({ kind: 'word', value: word });
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index] ?? '';
      const spec = specs.find((one) => one.short === letter);
      if (!spec) return wrong(`invalid option -- '${letter}'`);
      if (spec.foreign) return foreign(`-${letter}`);
      if (!spec.argument) {
        words.push({ kind: 'option', long: spec.long, value: '' });
        continue;
      }
      const value = index + 1 < word.length ? word.slice(index + 1) : rest[++at];
      if (value === undefined) return wrong(`option requires an argument -- '${letter}'`);
      words.push({ kind: 'option', long: spec.long, value });
      break;
    }
  }
  return { ok: true, words };
}
