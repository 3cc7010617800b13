import { describe, expect, it } from 'vitest';
import { patternConditions, readPattern } from '../../../../src/lab/sandbox/inside/psql/describe/pattern.ts';
import { toBoolean } from '../../../../src/lab/sandbox/inside/psql/pset.ts';
import { dequote, readSlash } from '../../../../src/lab/sandbox/inside/psql/slash/words.ts';

describe('a backslash command', () => {
  const read = (line: string, variables: Record<string, string> = {}) =>
    readSlash(line, 0, (name) => variables[name]);
  it.each([
    ['\\du', 'du', []],
    ['\\d  a  b ', 'd', ['a', 'b']],
    ["\\echo 'two  words' 'it''s' 'a\\nb'", 'echo', ['two  words', "it's", 'a\nb']],
    ['\\c "My DB"', 'c', ['"My DB"']],
    ['\\dt public.*;', 'dt', ['public.*;']],
    ['\\l;', 'l;', []],
  ])('%s', (line, name, args) => {
    expect(read(line)).toEqual({ name, args, next: line.length, wrong: null });
  });

  it('ends at two backslashes, or before the next command', () => {
    expect(read('\\x \\\\ SELECT 1;')).toMatchObject({ name: 'x', args: [], next: 5 });
    expect(read('\\t \\du')).toMatchObject({ name: 't', args: [], next: 3 });
  });

  it('puts variables in, also as a literal or a name', () => {
    const { args } = read(`\\echo :a x:a :'a' :"a" ':a' :nosuch`, { a: "i's" });
    expect(args).toEqual(["i's", "xi's", "'i''s'", `"i's"`, ':a', ':nosuch']);
  });

  it('is wrong with an open quote, or with a command for the shell', () => {
    expect(read("\\echo 'a").wrong).toBe('unterminated quoted string');
    expect(read('\\echo `date`').wrong).toBe("the sandbox's psql does not know `commands` in backquotes");
  });
});

it.each([
  ['inv*', { schema: null, name: 'inv.*' }],
  ['Public.Inv?', { schema: 'public', name: 'inv.' }],
  ['"My.Schema"."T*"', { schema: 'My\\.Schema', name: 'T\\*' }],
  ['a$b', { schema: null, name: 'a\\$b' }],
  ['pg_catalog.', { schema: 'pg_catalog', name: null }],
  ['"say ""x"""', { schema: null, name: 'say "x"' }],
])('the pattern %s', (pattern, expected) => {
  expect(readPattern(pattern)).toEqual(expected);
});

it('a pattern without a schema finds only what is visible without one', () => {
  expect(patternConditions('x', 'c.relname', 'n.nspname', 'visible')).toEqual([
    "c.relname OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default",
    'visible',
  ]);
  expect(patternConditions('*.*', 'c.relname', 'n.nspname', 'visible')).toEqual([]);
  expect(patternConditions(null, 'c.relname', 'n.nspname', 'visible')).toEqual(['visible']);
});

it.each([
  ['on', true],
  ['T', true],
  ['yes', true],
  ['1', true],
  ['of', false],
  ['n', false],
  ['0', false],
  ['o', null],
  ['maybe', null],
  ['', null],
])('%j as a boolean is %s', (text, expected) => {
  expect(toBoolean(text)).toBe(expected);
});

it('a name loses its double quotes', () => {
  expect(dequote('"My ""DB"""')).toBe('My "DB"');
});
