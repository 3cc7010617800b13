import { expect, it } from 'vitest';
import { report } from '../../../../src/lab/sandbox/inside/psql/report.ts';

/** The two lines that show the place. `^` in the statement marks it, and is not part of it. */
function place(marked: string): string[] {
  const at = [...marked].indexOf('^');
  const query = marked.replace('^', '');
  const text = report(
    { severity: 'ERROR', message: 'no', position: String(at + 1) },
    query,
    'default',
    'errors',
    true,
  );
  return text.split('\n').slice(1);
}

const digits = '123456789 '.repeat(6);

it.each([
  ['a short line', 'SELECT ^x;', ['LINE 1: SELECT x;', '               ^']],
  ['only its own line of several', 'SELECT 1,\n\t^x,\n2;', ['LINE 2:  x,', '         ^']],
  ['CR LF is one break', 'SELECT 1,\r\n^x;', ['LINE 2: x;', '        ^']],
  ['the end of the statement', 'SELECT (^', ['LINE 1: SELECT (', '                ^']],
  [
    'wide characters take two columns',
    "SELECT '日本', ^x",
    ["LINE 1: SELECT '日本', x", '                       ^'],
  ],
  ['a long line is cut right', `^x ${digits}`, [`LINE 1: x ${digits.slice(0, 58)}...`, '        ^']],
  [
    'or left, when the place is far to the right',
    `${digits}^x`,
    [`LINE 1: ...${digits.slice(1)}x`, `${' '.repeat(8 + 3 + 59)}^`],
  ],
  [
    'or on both sides, with ten columns right of the place',
    `${digits}^${digits}`,
    [`LINE 1: ...${digits.slice(10)}${digits.slice(0, 10)}...`, `${' '.repeat(8 + 3 + 50)}^`],
  ],
])('shows the place of an error: %s', (_, marked, lines) => {
  expect(place(marked)).toEqual(lines);
});

const said = {
  severity: 'ERROR',
  code: 'P0001',
  message: 'no',
  detail: 'more',
  hint: 'look',
  where: 'PL/pgSQL function',
  internalPosition: '8',
  internalQuery: 'SELECT x',
  table: 't',
  file: 'pl_exec.c',
  line: '7',
  routine: 'exec_stmt',
};

it.each([
  [
    'default',
    'ERROR:  no\nLINE 1: SELECT x\n               ^\nDETAIL:  more\nHINT:  look\nQUERY:  SELECT x\nCONTEXT:  PL/pgSQL function',
  ],
  ['terse', 'ERROR:  no at character 8'],
  ['sqlstate', 'ERROR:  P0001'],
  [
    'verbose',
    'ERROR:  P0001: no\nLINE 1: SELECT x\n               ^\nDETAIL:  more\nHINT:  look\nQUERY:  SELECT x\nCONTEXT:  PL/pgSQL function\nTABLE NAME:  t\nLOCATION:  exec_stmt, pl_exec.c:7',
  ],
] as const)('says as much as VERBOSITY %s wants', (verbosity, text) => {
  expect(report(said, 'DO 1', verbosity, 'errors', true)).toBe(text);
});

it('gives the context of a notice only when always asked to', () => {
  const notice = { severity: 'NOTICE', message: 'n', where: 'w' };
  expect(report(notice, '', 'default', 'errors', false)).toBe('NOTICE:  n');
  expect(report(notice, '', 'default', 'always', false)).toBe('NOTICE:  n\nCONTEXT:  w');
  expect(report(notice, '', 'default', 'never', true)).toBe('NOTICE:  n');
});
