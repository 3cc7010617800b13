import { describe, expect, it } from 'vitest';
import { newScanner, promptMark, scan } from '../../../../src/lab/sandbox/inside/psql/scan.ts';

/** The statements of a script, and what is left open at its end with the mark of its prompt. */
function split(script: string, variables: Record<string, string> = {}) {
  const statements: string[] = [];
  let scanner = newScanner();
  for (const typed of script.split('\n')) {
    if (scanner.text !== '') scanner.text += '\n';
    let line = typed;
    let at = 0;
    for (;;) {
      const found = scan(scanner, line, at, (name) => variables[name]);
      line = found.line;
      at = found.next;
      if (found.stop !== 'semicolon') break;
      statements.push(scanner.text);
      scanner = newScanner();
    }
  }
  return { statements, open: scanner.text, mark: promptMark(scanner) };
}

describe('a script is split where psql splits it', () => {
  it.each([
    ['two in a line', 'SELECT 1; SELECT 2;', ['SELECT 1;', 'SELECT 2;']],
    ['not in quotes', `SELECT ';', 'it''s;', ";" ;`, [`SELECT ';', 'it''s;', ";" ;`]],
    ['a backslash is plain in quotes', `SELECT '\\'; SELECT 2;`, [`SELECT '\\';`, 'SELECT 2;']],
    ['but not in E quotes', `SELECT E'\\';'; SELECT 2;`, [`SELECT E'\\';';`, 'SELECT 2;']],
    [
      'not in dollar quotes',
      'DO $$ a; $x$ b; $$; SELECT $x$;$$;$x$;',
      ['DO $$ a; $x$ b; $$;', 'SELECT $x$;$$;$x$;'],
    ],
    ['a parameter is no dollar quote', 'SELECT $1; SELECT a$b$c;', ['SELECT $1;', 'SELECT a$b$c;']],
    ['not in parentheses', 'SELECT (1; 2); SELECT 3;', ['SELECT (1; 2);', 'SELECT 3;']],
    ['not in comments, which nest', 'SELECT /* ; /* ; */ ; */ 1;', ['SELECT /* ; /* ; */ ; */ 1;']],
    ['version 14 sends no -- comments', 'SELECT 1 -- one; two\n+ 2;', ['SELECT 1 \n+ 2;']],
    ['nor spaces before a statement', '  \t SELECT 1;', ['SELECT 1;']],
    ['a semicolon that is to be sent', 'SELECT 1 \\; SELECT 2;', ['SELECT 1 ; SELECT 2;']],
    [
      'the body of a function',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; SELECT 2;',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;', 'SELECT 2;'],
    ],
    ['BEGIN is a statement elsewhere', 'BEGIN; SELECT 1; END;', ['BEGIN;', 'SELECT 1;', 'END;']],
  ])('%s', (_, script, statements) => {
    expect(split(script)).toEqual({ statements, open: '', mark: '=' });
  });
});

it.each([
  ['SELECT 1', '-'],
  ["SELECT 'a", "'"],
  ["SELECT E'a", "'"],
  ['SELECT "a', '"'],
  ['SELECT (1', '('],
  ['SELECT $x$ a', '$'],
  ['SELECT /* a', '*'],
  ['', '='],
])('the prompt tells what is open after %j: %s', (script, mark) => {
  expect(split(script).mark).toBe(mark);
});

describe('variables', () => {
  const variables = { a: '1', q: "it's", s: 'SELECT 1;', back: 'a\\b', loop: ':loop + 1' };
  it.each([
    ['SELECT :a, :nosuch;', ['SELECT 1, :nosuch;']],
    ['SELECT :\'q\', :"q";', [`SELECT 'it''s', "it's";`]],
    ["SELECT :'back';", ["SELECT  E'a\\\\b';"]],
    ['SELECT \':a\', ":a";', ['SELECT \':a\', ":a";']],
    ['SELECT 1::a, x := :a;', ['SELECT 1::a, x := 1;']],
    ['SELECT :{?a}, :{?b};', ['SELECT TRUE, FALSE;']],
    [':s SELECT 2;', ['SELECT 1;', 'SELECT 2;']],
    ['SELECT :loop;', ['SELECT :loop + 1;']],
  ])('%s', (script, statements) => {
    expect(split(script, variables).statements).toEqual(statements);
  });
});
