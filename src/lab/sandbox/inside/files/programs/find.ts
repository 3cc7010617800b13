import { refused } from '../../../command/refusal.ts';
import { write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { complain, curly, reason, UsageError } from '../messages.ts';
import { removeEntry, see } from '../operations.ts';
import { patternToRegExp } from '../pattern.ts';
import { FileError, type FileInside, type FileProgram, type Place } from '../tree.ts';

interface Search {
  minimum: number;
  maximum: number;
  tests: ((name: string, place: Place) => boolean)[];
  delete: boolean;
  /** Said explicitly, or by saying nothing of what to do. */
  print: '\n' | '\0' | null;
}

export const find: FileProgram = async ([, ...words], inside) => {
  const start = words.findIndex((word) => /^[-(!]/.test(word));
  const paths = start < 0 ? words : words.slice(0, start);
  const search = readExpression(start < 0 ? [] : words.slice(start));
  return each(
    inside,
    'find',
    paths.length > 0 ? paths : ['.'],
    async (name) => {
      const place = await see(inside, name, false);
      if (!(await visit(inside, search, name, place, 0))) throw new Said();
    },
    (name, why) => `${curly(name)}: ${why}`,
  );
};

function readExpression(words: string[]): Search {
  const search: Search = {
    minimum: 0,
    maximum: Number.POSITIVE_INFINITY,
    tests: [],
    delete: false,
    print: null,
  };
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const value = () => {
      const next = words.shift();
      if (next === undefined) throw new UsageError(`find: missing argument to \`${word}'`);
      return next;
    };
    const depth = () => {
      const text = value();
      if (!/^\d+$/.test(text))
        throw new UsageError(
          `find: Expected a positive decimal integer argument to ${word}, but got ${curly(text)}`,
        );
      return Number(text);
    };
    if (word === '-mindepth') search.minimum = depth();
    else if (word === '-maxdepth') search.maximum = depth();
    else if (word === '-name') {
      const pattern = patternToRegExp(value());
      search.tests.push((name) =>
        pattern.test(
          name
            .replace(/(.)\/+$/, '$1')
            .split('/')
            .at(-1) || '/',
        ),
      );
    } else if (word === '-type') {
      const type = value();
      if (!['f', 'd', 'l'].includes(type)) throw refused(`the sandbox does not know -type ${type} of find`);
      search.tests.push((_, place) => typeOf(place) === type);
    } else if (word === '-empty')
      search.tests.push(
        (_, place) => place.kind === 'found' && place.stats.size === 0 && !place.stats.isDirectory(),
      );
    else if (word === '-delete') search.delete = true;
    else if (word === '-print') search.print = '\n';
    else if (word === '-print0') search.print = '\0';
    else throw refused(`the sandbox does not know the option ${word} of find`);
  }
  if (!search.delete) search.print ??= '\n';
  return search;
}

function typeOf(place: Place): string {
  if (place.kind !== 'found' || place.stats.isDirectory()) return 'd';
  return place.stats.isSymbolicLink() ? 'l' : place.stats.isFile() ? 'f' : '?';
}

/** Answers false when something went wrong. `-delete` goes into a folder before it removes it. */
async function visit(
  inside: FileInside,
  search: Search,
  name: string,
  place: Place,
  depth: number,
): Promise<boolean> {
  let good = true;
  const act = async () => {
    if (depth < search.minimum || !search.tests.every((test) => test(name, place))) return;
    if (search.print !== null) await write(inside.stdout, name + search.print);
    if (!search.delete || name === '.') return;
    try {
      if (place.kind !== 'found') throw new FileError('EBUSY');
      await removeEntry(inside, place);
    } catch (error) {
      good = false;
      await complain(inside, 'find', `cannot delete ${curly(name)}: ${reason(error)}`);
    }
  };
  if (!search.delete) await act();
  if (typeOf(place) === 'd' && depth < search.maximum) {
    const names = await inside.files.names(place).catch(async (error: unknown) => {
      good = false;
      await complain(inside, 'find', `${curly(name)}: ${reason(error)}`);
      return [];
    });
    for (const entry of names) {
      const full = `${name.replace(/\/$/, '')}/${entry}`;
      const below = await inside.files.look(full, inside.cwd, { follow: false });
      if (below.kind === 'missing') continue; // removed meanwhile
      if (below.kind === 'error') {
        good = false;
        await complain(inside, 'find', `${curly(full)}: ${reason(new FileError(below.code))}`);
      } else if (!(await visit(inside, search, full, below, depth + 1))) good = false;
    }
  }
  if (search.delete) await act();
  return good;
}
