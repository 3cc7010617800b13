import type { FileHandle } from 'node:fs/promises';
import { pieces, readAll, write } from '../../streams.ts';
import { each } from '../each.ts';
import { complain, curly, quoted, quotedIfNeeded, reason, UsageError } from '../messages.ts';
import { openToRead, openToWrite } from '../operations.ts';
import { readOptions } from '../options.ts';
import type { FileInside, FileProgram } from '../tree.ts';

/** Pieces of a file, or of standard input for `-`. */
async function* content(inside: FileInside, name: string): AsyncGenerator<Buffer> {
  if (name === '-') return yield* pieces(inside.stdin, inside.signal);
  const handle = await openToRead(inside, name);
  try {
    for await (const piece of handle.createReadStream({ autoClose: false })) yield piece as Buffer;
  } finally {
    await handle.close();
  }
}

const orInput = (operands: string[]): string[] => (operands.length > 0 ? operands : ['-']);

export const cat: FileProgram = async (argv, inside) => {
  const { operands } = readOptions(argv, { flags: 'u' });
  return each(
    inside,
    'cat',
    orInput(operands),
    async (name) => {
      for await (const piece of content(inside, name)) await write(inside.stdout, piece);
    },
    (name, why) => `${quotedIfNeeded(name)}: ${why}`,
  );
};

export const tee: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, { flags: 'ai', long: { append: 'a' } });
  const handles: { name: string; handle: FileHandle }[] = [];
  let code = await each(
    inside,
    'tee',
    operands,
    async (name) => {
      handles.push({ name, handle: await openToWrite(inside, name, { append: has('a') }) });
    },
    (name, why) => `${quotedIfNeeded(name)}: ${why}`,
  );
  try {
    for await (const piece of pieces(inside.stdin, inside.signal)) {
      await write(inside.stdout, piece);
      for (const { name, handle } of handles) {
        await handle.writeFile(piece).catch(async (error: unknown) => {
          code = 1;
          await complain(inside, 'tee', `${quotedIfNeeded(name)}: ${reason(error)}`);
        });
      }
    }
  } finally {
    for (const { handle } of handles) await handle.close();
  }
  return code;
};

/** Lines of a file, each with its line feed if it has one. */
function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(10, at);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.subarray(at, next));
    at = next;
  }
  return lines;
}

function countOf(program: string, text: string): number {
  const digits = text.replace(/^[-+]/, '');
  if (!/^\d+$/.test(digits)) throw new UsageError(`${program}: invalid number of lines: ${curly(digits)}`);
  return Number(digits);
}

/** `head -3` is the old way to write `head -n 3`. */
const modern = ([program = '', first = '', ...rest]: string[]): string[] =>
  /^-\d+$/.test(first)
    ? [program, '-n', first.slice(1), ...rest]
    : [program, ...(first === '' ? [] : [first]), ...rest];

export const head: FileProgram = async (argv, inside) => {
  const { value, has, operands } = readOptions(modern(argv), {
    flags: 'q',
    values: 'n',
    long: { lines: 'n', quiet: 'q' },
  });
  const written = value('n') ?? '10';
  const count = countOf('head', written);
  return printPart(inside, 'head', operands, has('q'), async (name) => {
    if (written.startsWith('-')) return linesOf(await gather(inside, name)).slice(0, -count || undefined);
    const lines: Buffer[] = [];
    let left = count;
    if (left === 0) return lines;
    for await (const piece of content(inside, name)) {
      const found = linesOf(piece);
      for (const line of found.slice(0, left)) {
        lines.push(line);
        if (line.at(-1) === 10) left -= 1;
      }
      if (left <= 0) break;
    }
    return lines;
  });
};

export const tail: FileProgram = async (argv, inside) => {
  const { value, has, operands } = readOptions(modern(argv), {
    flags: 'q',
    values: 'n',
    long: { lines: 'n', quiet: 'q' },
  });
  const written = value('n') ?? '10';
  const count = countOf('tail', written);
  return printPart(inside, 'tail', operands, has('q'), async (name) => {
    const lines = linesOf(await gather(inside, name));
    if (written.startsWith('+')) return lines.slice(Math.max(0, count - 1));
    return count === 0 ? [] : lines.slice(-count);
  });
};

async function gather(inside: FileInside, name: string): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of content(inside, name)) all.push(piece);
  return Buffer.concat(all);
}

async function printPart(
  inside: FileInside,
  program: string,
  operands: string[],
  quiet: boolean,
  part: (name: string) => Promise<Buffer[]>,
): Promise<number> {
  let first = true;
  return each(
    inside,
    program,
    orInput(operands),
    async (name) => {
      const lines = await part(name);
      if (operands.length > 1 && !quiet) {
        const title = name === '-' ? 'standard input' : name;
        await write(inside.stdout, `${first ? '' : '\n'}==> ${title} <==\n`);
      }
      first = false;
      for (const line of lines) await write(inside.stdout, line);
    },
    (name, why) =>
      why === 'Is a directory'
        ? `error reading ${quoted(name)}: ${why}`
        : `cannot open ${quoted(name)} for reading: ${why}`,
  );
}

export const wc: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, { flags: 'lwc', long: { lines: 'l', words: 'w', bytes: 'c' } });
  const shown = [...'lwc'].filter(has);
  const columns = shown.length > 0 ? shown : [...'lwc'];
  const rows: { numbers: number[]; name: string }[] = [];
  let bytes = 0;
  const code = await each(
    inside,
    'wc',
    orInput(operands),
    async (name) => {
      const text = name === '-' ? await readAll(inside.stdin, inside.signal) : await gather(inside, name);
      const counts: Record<string, number> = {
        l: text.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0),
        w: text
          .toString('latin1')
          .split(/[ \t\n\v\f\r]+/)
          .filter(Boolean).length,
        c: text.length,
      };
      bytes += text.length;
      rows.push({ numbers: columns.map((one) => counts[one] ?? 0), name });
    },
    (name, why) => `${quotedIfNeeded(name)}: ${why}`,
  );
  const total = columns.map((_, index) => rows.reduce((sum, { numbers }) => sum + (numbers[index] ?? 0), 0));
  // As wide as the size of all files; for a stream whose size nobody knew, seven.
  const single = operands.length <= 1 && columns.length === 1;
  const width = single ? 1 : operands.length === 0 ? 7 : String(bytes).length;
  if (operands.length > 1) rows.push({ numbers: total, name: 'total' });
  for (const { numbers, name } of rows) {
    const row = numbers.map((number) => String(number).padStart(width)).join(' ');
    await write(inside.stdout, operands.length === 0 ? `${row}\n` : `${row} ${name}\n`);
  }
  return code;
};
