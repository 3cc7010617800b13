import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { refused } from '../../../command/refusal.ts';
import { readAll, write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { may, PASS, WRITE } from '../identity.ts';
import { complain, reason, UsageError } from '../messages.ts';
import { ownAs, readText, seeReal } from '../operations.ts';
import { readOptions } from '../options.ts';
import type { FileInside, FileProgram } from '../tree.ts';
import { posixRegExp } from './regex.ts';

interface Edit {
  /** Lines that it is for: all, those that match, a number, or `$`, the last. */
  address: RegExp | number | '$' | null;
  inverted: boolean;
  act: { kind: 'd' | 'p' } | { kind: 's'; pattern: RegExp; replacement: string; print: boolean };
}

export const sed: FileProgram = async (argv, inside) => {
  const words = argv.map((word) => (/^-i./.test(word) ? `--in-place=${word.slice(2)}` : word));
  const { has, all, operands } = readOptions(words, {
    flags: 'inEr',
    values: 'e',
    long: { 'in-place': 'i', quiet: 'n', silent: 'n', 'regexp-extended': 'E', expression: 'e' },
  });
  const scripts = all('e');
  const names = [...operands];
  if (scripts.length === 0) {
    const script = names.shift();
    if (script === undefined)
      throw new UsageError('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...');
    scripts.push(script);
  }
  const edits = scripts.flatMap((script) => readScript(script, has('E') || has('r')));
  if (has('i') && names.length === 0) throw new UsageError('sed: no input files', 4);
  return each(
    inside,
    'sed',
    names.length > 0 ? names : ['-'],
    async (name) => {
      const text =
        name === '-'
          ? (await readAll(inside.stdin, inside.signal)).toString('utf8')
          : await readText(inside, name);
      const edited = applyAll(edits, text, has('n'));
      if (has('i')) await replace(inside, name, edited);
      else await write(inside.stdout, edited);
    },
    (name, why) =>
      why === 'Is a directory' ? `couldn't edit ${name}: not a regular file` : `can't read ${name}: ${why}`,
    2,
  );
};

const ADDRESS = /^(?:(\d+)|(\$)|\/((?:[^/\\]|\\[\s\S])*)\/)?\s*(!?)\s*/;

function readScript(script: string, extended: boolean): Edit[] {
  const edits: Edit[] = [];
  let rest = script.replace(/^[\s;]+/, '');
  while (rest !== '') {
    const [all = '', line, last, pattern, not] = ADDRESS.exec(rest) ?? [];
    const address =
      pattern !== undefined ? expression(pattern, { extended }) : last ? '$' : line ? Number(line) : null;
    rest = rest.slice(all.length);
    const kind = rest[0] ?? '';
    let act: Edit['act'];
    if (kind === 's') ({ act, rest } = readSubstitution(rest, extended));
    else if (kind === 'd' || kind === 'p') {
      act = { kind };
      rest = rest.slice(1);
    } else throw refused(`the sandbox does not know the command ${kind || '(none)'} of sed`);
    edits.push({ address, inverted: not === '!', act });
    const end = /^[^\S\n]*(?:[;\n][\s;]*|$)/.exec(rest);
    if (!end) throw refused(`the sandbox does not know ${rest} in a script of sed`);
    rest = rest.slice(end[0].length);
  }
  return edits;
}

function readSubstitution(text: string, extended: boolean): { act: Edit['act']; rest: string } {
  const mark = text[1] ?? '';
  const parts: string[] = ['', ''];
  let at = 2;
  for (let index = 0; index < 2; at += 1) {
    const char = text[at];
    if (char === undefined)
      throw new UsageError(`sed: -e expression #1, char ${text.length}: unterminated \`s' command`);
    if (char === mark) index += 1;
    else if (char === '\\' && text[at + 1] === mark) {
      parts[index] += mark;
      at += 1;
    } else if (char === '\\') {
      parts[index] += char + (text[at + 1] ?? '');
      at += 1;
    } else parts[index] += char;
  }
  const [letters = ''] = /^[a-zA-Z0-9]*/.exec(text.slice(at)) ?? [];
  const strange = [...letters].find((letter) => !'gpiI'.includes(letter));
  if (strange) throw refused(`the sandbox does not know the flag ${strange} of sed's s`);
  const flags = (letters.includes('g') ? 'g' : '') + (/i/i.test(letters) ? 'i' : '');
  const pattern = expression(parts[0] ?? '', { extended, flags });
  const act = { kind: 's', pattern, replacement: parts[1] ?? '', print: letters.includes('p') } as const;
  return { act, rest: text.slice(at + letters.length) };
}

function expression(pattern: string, options: { extended: boolean; flags?: string }): RegExp {
  const found = posixRegExp(pattern, options);
  if (!found) throw new UsageError('sed: -e expression #1, char 0: Invalid regular expression');
  return found;
}

function applyAll(edits: Edit[], text: string, quiet: boolean): string {
  if (text === '') return '';
  const lines = text.replace(/\n$/, '').split('\n');
  let out = '';
  for (const [index, original] of lines.entries()) {
    const last = index === lines.length - 1;
    const end = last && !text.endsWith('\n') ? '' : '\n';
    let line: string | null = original;
    for (const { address, inverted, act } of edits) {
      const meant =
        address === null ||
        (address === '$' ? last : address instanceof RegExp ? address.test(line) : address === index + 1);
      if (meant === inverted) continue;
      if (act.kind === 'd') {
        line = null;
        break;
      }
      if (act.kind === 's') {
        const before: string = line;
        let hit = false;
        line = before.replace(act.pattern, (...found: unknown[]) => {
          hit = true;
          const groups = found.filter((one, at) => at === 0 || (typeof one !== 'number' && one !== before));
          return act.replacement.replace(/\\([\s\S])|&/g, (what, letter?: string) =>
            what === '&'
              ? String(found[0])
              : /\d/.test(letter ?? '')
                ? String(groups[Number(letter)] ?? '')
                : letter === 'n'
                  ? '\n'
                  : letter === 't'
                    ? '\t'
                    : (letter ?? ''),
          );
        });
        if (!hit || !act.print) continue;
      }
      out += `${line}\n`;
    }
    if (line !== null && !quiet) out += line + end;
  }
  return out;
}

/** As sed does: a new file that gets the old one's name. That is why it can't edit a file that is a mount itself. */
async function replace(inside: FileInside, name: string, text: string): Promise<void> {
  const place = await seeReal(inside, name);
  const folder = path.posix.dirname(place.name);
  const draft = `sed${randomBytes(6).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6)}`;
  const above = await inside.files.look(folder, '/', { follow: false });
  const { who } = inside.files;
  if (above.kind === 'found' && !may(who, above.stats, WRITE | PASS)) {
    await complain(inside, 'sed', `couldn't open temporary file ${folder}/${draft}: Permission denied`);
    throw new Said();
  }
  if (place.real.mountPoint || place.real.readOnly) {
    const why = place.real.mountPoint
      ? `cannot rename ${folder}/${draft}: Device or resource busy`
      : `couldn't open temporary file ${folder}/${draft}: Read-only file system`;
    throw new UsageError(`sed: ${why}`, 4);
  }
  const real = path.join(path.dirname(place.real.path), draft);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await open(real, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await handle.writeFile(text);
    await handle.chmod(place.stats.mode & 0o7777);
  } finally {
    await handle.close();
  }
  await ownAs(inside, { ...place.real, path: real }, place.stats);
  await rename(real, place.real.path).catch(async (error: unknown) => {
    await unlink(real).catch(() => {});
    throw new UsageError(`sed: cannot rename ${folder}/${draft}: ${reason(error)}`, 4);
  });
}
