/** How an option of a command line is written, and whether it stands for a value. */
export interface Option {
  /** Long names, the first is the one that the action is made from: `['timeout', 'time']`. */
  names: [string, ...string[]];
  short?: string;
  /** `whole`: an integer. `list`: may be given several times. */
  takes: 'nothing' | 'text' | 'list' | 'whole';
  /** Accepted because it changes nothing in the sandbox; not shown in the help. */
  ignored?: true;
}

type Names = [string, ...string[]];

export const flag = (short: string | null, ...names: Names): Option => option('nothing', short, names);
export const text = (short: string | null, ...names: Names): Option => option('text', short, names);
export const list = (short: string | null, ...names: Names): Option => option('list', short, names);
export const whole = (short: string | null, ...names: Names): Option => option('whole', short, names);
export const ignored = (one: Option): Option => ({ ...one, ignored: true });

function option(takes: Option['takes'], short: string | null, names: Names): Option {
  return { names, takes, ...(short === null ? {} : { short }) };
}

/** What was found on a command line, by the first long name of each option. */
export class Scanned {
  readonly rest: string[] = [];
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }

  /** The last value given; null when there is none. */
  text(name: string): string | null {
    return this.#values.get(name)?.at(-1) ?? null;
  }

  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  whole(name: string): number | null {
    const value = this.text(name);
    return value === null ? null : Number(value);
  }
}

export type ScanError =
  | { kind: 'unknown'; option: string }
  /** In the words of the flag parser that docker uses. */
  | { kind: 'wrong'; message: string };

/**
 * Reads options the way docker's own flag parser does: `--name value`, `--name=value`, `-n value`, `-nvalue`,
 * clusters such as `-it`, and `--` for their end. `leading`: what follows the first argument is no option, as with
 * `docker exec`.
 */
export function scan(
  words: readonly string[],
  options: readonly Option[],
  { leading }: { leading: boolean },
): { ok: true; scanned: Scanned } | { ok: false; error: ScanError } {
  const scanned = new Scanned();
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      scanned.rest.push(...queue);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      scanned.rest.push(word);
      if (!leading) continue;
      scanned.rest.push(...queue);
      break;
    }
    const error = word.startsWith('--')
      ? scanLong(word, queue, options, scanned)
      : scanCluster(word, queue, options, scanned);
    if (error) return { ok: false, error };
  }
  return { ok: true, scanned };
}

function scanLong(
  word: string,
  queue: string[],
  options: readonly Option[],
  scanned: Scanned,
): ScanError | null {
  const at = word.indexOf('=');
  const name = at < 0 ? word.slice(2) : word.slice(2, at);
  const found = options.find((one) => one.names.includes(name));
  if (!found) return { kind: 'unknown', option: `--${name}` };
  const value = at < 0 ? (found.takes === 'nothing' ? 'true' : queue.shift()) : word.slice(at + 1);
  if (value === undefined) return { kind: 'wrong', message: `flag needs an argument: --${name}` };
  return keep(found, value, scanned);
}

function scanCluster(
  word: string,
  queue: string[],
  options: readonly Option[],
  scanned: Scanned,
): ScanError | null {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const found = options.find(({ short }) => short === letter);
    if (!found) return { kind: 'unknown', option: `-${letter}` };
    const after = word.slice(at + 1);
    if (after.startsWith('=')) return keep(found, after.slice(1), scanned);
    if (found.takes === 'nothing') {
      scanned.add(found.names[0], 'true');
      continue;
    }
    const value = after === '' ? queue.shift() : after;
    if (value === undefined)
      return { kind: 'wrong', message: `flag needs an argument: '${letter}' in ${word}` };
    return keep(found, value, scanned);
  }
  return null;
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function keep(option: Option, value: string, scanned: Scanned): ScanError | null {
  const shown = option.short ? `-${option.short}, --${option.names[0]}` : `--${option.names[0]}`;
  const wrong = (reader: string): ScanError => ({
    kind: 'wrong',
    message: `invalid argument "${value}" for "${shown}" flag: strconv.${reader}: parsing "${value}": invalid syntax`,
  });
  if (option.takes === 'nothing' && ![...TRUE, ...FALSE].includes(value)) return wrong('ParseBool');
  if (option.takes === 'whole' && !/^[+-]?\d+$/.test(value)) return wrong('ParseInt');
  const plain = option.takes === 'nothing' ? String(TRUE.includes(value)) : value;
  scanned.add(option.names[0], plain);
  return null;
}
