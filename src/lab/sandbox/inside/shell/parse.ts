import { isKnown, unknownProgram } from '../programs.ts';
import { FOREIGN_BUILTINS, isBuiltin, readSettings } from './builtins.ts';
import { readRedirects } from './parse-redirects.ts';
import { CLOSING, ended, unexpected } from './problems.ts';
import { Reader, unknownSyntax } from './reader.ts';
import {
  type AndOr,
  type Command,
  type Flavour,
  type List,
  type Pipeline,
  type Redirect,
  SyntaxProblem,
  type Word,
} from './syntax.ts';

const UNKNOWN_WORDS = ['case', 'esac', 'function', 'select', 'time', 'coproc', '[[', 'in'];

/**
 * Reads a whole script before anything of it runs. Throws CommandError for what the sandbox's shell does not know,
 * SyntaxProblem for what no shell does.
 */
export function parse(text: string, flavour: Flavour): List {
  const reader = new Reader(text, flavour, commandsInBrackets);
  const script = readList(reader);
  if (!reader.done) throw unexpected(reader);
  return script;
}

function commandsInBrackets(reader: Reader): List {
  const body = readList(reader);
  if (!reader.startsWith(')')) throw reader.done ? ended(reader, '")"') : unexpected(reader);
  reader.at += 1;
  return body;
}

function readList(reader: Reader): List {
  const list: List = [];
  for (reader.skipLines(); !atEndOfList(reader); reader.skipLines()) {
    list.push(readAndOr(reader));
    reader.skipBlanks();
    if (reader.startsWith(';;')) throw unexpected(reader);
    if (reader.startsWith(';')) reader.at += 1;
    else if (reader.startsWith('&') && !reader.startsWith('&&'))
      throw unknownSyntax('& (a command in the background)');
    else if (!reader.startsWith('\n')) break;
  }
  return list;
}

const atEndOfList = (reader: Reader): boolean =>
  reader.done || reader.startsWith(')') || CLOSING.includes(reader.peekWord() ?? '');

function readAndOr(reader: Reader): AndOr {
  const first = readPipeline(reader);
  const rest: AndOr['rest'] = [];
  for (reader.skipBlanks(); reader.startsWith('&&') || reader.startsWith('||'); reader.skipBlanks()) {
    const operator = reader.startsWith('&&') ? '&&' : '||';
    reader.at += 2;
    reader.skipLines();
    rest.push({ operator, pipeline: readPipeline(reader) });
  }
  return { first, rest };
}

function readPipeline(reader: Reader): Pipeline {
  reader.skipBlanks();
  const negated = reader.peekWord() === '!';
  if (negated) {
    reader.at += 1;
    reader.skipBlanks();
  }
  const commands = [readCommand(reader)];
  for (reader.skipBlanks(); reader.startsWith('|') && !reader.startsWith('||'); reader.skipBlanks()) {
    if (reader.startsWith('|&')) throw unknownSyntax('|&');
    reader.at += 1;
    reader.skipLines();
    commands.push(readCommand(reader));
  }
  return { negated, commands };
}

function readCommand(reader: Reader): Command {
  reader.skipBlanks();
  const { line } = reader;
  if (reader.startsWith('((')) throw unknownSyntax('((…))');
  if (reader.startsWith('(')) {
    reader.at += 1;
    const body = commandsInBrackets(reader);
    return { kind: 'subshell', body, line, redirects: readRedirects(reader) };
  }
  const word = reader.peekWord();
  switch (word) {
    case 'if':
      return readIf(reader);
    case 'for':
      return readFor(reader);
    case 'while':
    case 'until': {
      reader.at += word.length;
      const condition = readBody(reader, 'do');
      const body = readBody(reader, 'done');
      return {
        kind: 'while',
        until: word === 'until',
        condition,
        body,
        line,
        redirects: readRedirects(reader),
      };
    }
    case '{': {
      reader.at += 1;
      const body = readBody(reader, '}');
      return { kind: 'group', body, line, redirects: readRedirects(reader) };
    }
    default:
      if (word !== null && UNKNOWN_WORDS.includes(word)) throw unknownSyntax(word);
      return readSimple(reader);
  }
}

/** A list up to a closing word, which is passed too. */
function readBody(reader: Reader, closing: string): List {
  const body = readList(reader);
  expectWord(reader, closing);
  if (body.length === 0) {
    reader.at -= closing.length;
    throw unexpected(reader);
  }
  return body;
}

function expectWord(reader: Reader, word: string): void {
  reader.skipLines();
  if (reader.peekWord() !== word)
    throw reader.done ? ended(reader, `"${word}"`) : unexpected(reader, `"${word}"`);
  reader.at += word.length;
}

function readIf(reader: Reader): Command {
  const { line } = reader;
  reader.at += 2;
  const branches = [{ condition: readBody(reader, 'then'), body: readList(reader) }];
  let otherwise: List = [];
  for (;;) {
    const word = reader.peekWord();
    if (word === 'elif') {
      reader.at += 4;
      branches.push({ condition: readBody(reader, 'then'), body: readList(reader) });
    } else if (word === 'else') {
      reader.at += 4;
      otherwise = readBody(reader, 'fi');
      break;
    } else {
      expectWord(reader, 'fi');
      break;
    }
  }
  return { kind: 'if', branches, otherwise, line, redirects: readRedirects(reader) };
}

function readFor(reader: Reader): Command {
  const { line } = reader;
  reader.at += 3;
  reader.skipBlanks();
  if (reader.startsWith('((')) throw unknownSyntax('for ((…))');
  const name = reader.peekWord();
  if (name === null || !/^[A-Za-z_]\w*$/.test(name)) {
    throw new SyntaxProblem('Syntax error: Bad for loop variable', line);
  }
  reader.at += name.length;
  reader.skipLines();
  if (reader.peekWord() !== 'in') throw unknownSyntax('for without in');
  reader.at += 2;
  const words: Word[] = [];
  for (;;) {
    reader.skipBlanks();
    const word = reader.word();
    if (word === null) break;
    words.push(noBraces(word, reader));
  }
  if (reader.startsWith(';')) reader.at += 1;
  else if (!reader.startsWith('\n')) throw reader.done ? ended(reader, '"do"') : unexpected(reader);
  expectWord(reader, 'do');
  const body = readBody(reader, 'done');
  return { kind: 'for', name, words, body, line, redirects: readRedirects(reader) };
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

function readSimple(reader: Reader): Command {
  const { line } = reader;
  const assignments: { name: string; value: Word }[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    redirects.push(...readRedirects(reader));
    const word = reader.word();
    if (word === null) break;
    const [first] = word;
    const match = first?.kind === 'text' && !first.quoted ? ASSIGNMENT.exec(first.text) : null;
    if (words.length === 0 && match && first?.kind === 'text') {
      const value = [{ ...first, text: first.text.slice(match[0].length) }, ...word.slice(1)];
      assignments.push({ name: match[1] ?? '', value });
    } else {
      words.push(noBraces(word, reader));
      if (words.length === 1 && reader.startsWith('(')) {
        if (/^\(\s*\)/.test(reader.rest())) throw unknownSyntax('functions');
        throw unexpected(reader);
      }
    }
  }
  if (words.length + assignments.length + redirects.length === 0) {
    throw reader.done ? ended(reader, null) : unexpected(reader);
  }
  checkProgram(words);
  return { kind: 'simple', assignments, words, line, redirects };
}

/** A name that is written out is looked up now, so that nothing is half done when it is not known. */
function checkProgram(words: readonly Word[]): void {
  const [name, ...others] = words.map((word) => {
    const [part, ...more] = word;
    return part?.kind === 'text' && more.length === 0 ? part.text : null;
  });
  if (name === undefined || name === null) return;
  if (FOREIGN_BUILTINS.includes(name)) throw unknownSyntax(name);
  if (!isBuiltin(name) && !isKnown(name)) throw unknownProgram(name);
  if (name === 'set') readSettings(others.filter((word) => word !== null));
}

/** bash would make several words of `{a,b}`; for sh they are characters like others. */
function noBraces(word: Word, { flavour }: Reader): Word {
  const plain = word.map((part) => (part.kind === 'text' && !part.quoted ? part.text : '')).join('');
  if (flavour === 'bash' && /\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(plain)) throw unknownSyntax('{a,b}');
  return word;
}
