import { expect, test } from 'vitest';
import type { Block } from '../../src/course/types.ts';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { blockLines } from '../../src/ui/blocks.ts';
import { highlight } from '../../src/ui/highlight.ts';
import { textOf } from '../../src/ui/line.ts';

const GLYPHS = glyphsFor({ LANG: 'C.UTF-8' }, 'linux');
const drawn = (block: Block, width = 40) => textOf(blockLines([block], width, GLYPHS));
const text = (words: string) => ({ kind: 'text', text: words }) as const;
const code = (words: string) => ({ kind: 'code', text: words }) as const;

test.each([
  [[{ kind: 'strong', text: 'Watch out.' } as const, text(' Mind the gap.')]],
  [[text('Watch out: Mind the gap.')]],
  [[text('Mind the gap.')]],
])('a note says "Watch out" once', (inlines) => {
  expect(drawn({ kind: 'note', inlines })).toBe('   ▎ Watch out: Mind the gap.');
});

test('spaces between words and code stay', () => {
  const inlines = [text('bash stops with '), code("$'\\r'"), text(': not found.')];
  expect(drawn({ kind: 'note', inlines }, 60)).toBe("   ▎ Watch out: bash stops with $'\\r': not found.");
});

test('code with a full stop after it is not torn from it', () => {
  const inlines = [text('The slot is called '), code('follower_slot'), text('. It is new.')];
  expect(drawn({ kind: 'paragraph', inlines }, 34)).toBe(
    '   The slot is called\n   follower_slot. It is new.',
  );
});

test('items of a list hang under their mark', () => {
  const block: Block = { kind: 'list', ordered: true, items: [[text('one two three four')], [text('five')]] };
  expect(drawn(block, 18)).toBe('   1. one two\n      three four\n   2. five');
});

test('a long row of code goes on under itself', () => {
  expect(drawn({ kind: 'code', language: 'text', text: 'a/  lesson 3  describes both servers' }, 30)).toBe(
    '     a/  lesson 3  describes\n       both servers',
  );
});

test.each([
  [
    'sh',
    'docker ps # all',
    [
      ['docker', 'strong'],
      ['# all', 'dim'],
    ],
  ],
  ['sh', 'echo a#b', []],
  [
    'sql',
    'SELECT 1 -- one',
    [
      ['SELECT', 'strong'],
      ['-- one', 'dim'],
    ],
  ],
  ['conf', 'wal_level = replica', [['wal_level', 'strong']]],
  ['yaml', '  image: postgres:14', [['image', 'strong']]],
  ['none', 'docker', []],
])('%s: %s', (language, line, wanted) => {
  const spans = highlight(line, language);
  expect(spans.map((one) => one.text).join('')).toBe(line);
  expect(spans.filter((one) => one.tone !== 'plain').map((one) => [one.text, one.tone])).toEqual(wanted);
});
