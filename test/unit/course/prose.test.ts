import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/course/markdown.ts';
import { readBlock } from '../../../src/course/prose.ts';
import { slug } from '../../../src/course/task.ts';
import type { Block } from '../../../src/course/types.ts';
import { proseLines, wrappedLines } from '../../../src/course/wrap.ts';

function read(markdown: string): { blocks: Block[]; problems: string[] } {
  const problems: string[] = [];
  const report = (line: number, message: string) => void problems.push(`${line}: ${message}`);
  const { body } = readPage(`---\nid: x\n---\n${markdown}`, report);
  const blocks = body.flatMap((located) => readBlock(located, { report, names: {} }) ?? []);
  return { blocks, problems };
}

function inlines(markdown: string): string[] {
  const { blocks, problems } = read(markdown);
  expect(problems).toEqual([]);
  const [block] = blocks;
  return block?.kind === 'paragraph' ? block.inlines.map(({ kind, text }) => `${kind}:${text}`) : [];
}

describe('a line of prose', () => {
  it.each([
    ['quotes and ampersands stay', `"a" & 'b' < c`, [`text:"a" & 'b' < c`]],
    [
      'entities become characters',
      '&lt;b&gt; &amp;amp; &#65;&#x42; &what; &copy',
      ['text:<b> &amp; AB &what; &copy'],
    ],
    ['code is left as it is', '`a &amp; <b> {{x}}`', ['code:a &amp; <b> {{x}}']],
    ['escapes lose their backslash', '\\*a\\* snake_case_name', ['text:*a* snake_case_name']],
    ['strong and em', 'a **b `c` &amp; d** *e*', ['text:a ', 'strong:b c & d', 'text: ', 'em:e']],
    ['links show their address', '[text](https://a.b/?c=1&d=2).', ['text:text (https://a.b/?c=1&d=2).']],
    [
      'bare links show it once',
      'See https://a.b and <https://c.d>',
      ['text:See https://a.b and https://c.d'],
    ],
    ['line ends become blanks', 'one\ntwo\n  three `four\nfive`', ['text:one two three ', 'code:four five']],
  ])('%s', (_, markdown, expected) => {
    expect(inlines(markdown)).toEqual(expected);
  });

  it('is read the same from a file with Windows line ends', () => {
    expect(inlines('one\r\ntwo')).toEqual(['text:one two']);
  });
});

describe('problems of prose', () => {
  it('tell the line inside a paragraph and a list', () => {
    expect(read('one\ntwo <i>\n\n\n- a\n- b ![c](d)').problems).toEqual([
      '5: raw HTML "<i>" is not allowed. Write it as code: `<i>`',
      '9: an image is not allowed: a terminal can not show it',
    ]);
  });

  it('refuse a note that is no warning, has two parts, or is empty', () => {
    expect(read('> **Note.** a').problems).toEqual(['4: a quote must begin with **Watch out.**']);
    expect(read('> **Watch out.** a\n>\n> b').problems).toEqual([
      '4: a "Watch out" may hold one paragraph only',
    ]);
    expect(read('> **Watch out.**').problems).toEqual(['4: this "Watch out" says nothing']);
  });
});

describe('length of prose', () => {
  it.each([
    ['', 80, 1],
    ['aaa bbb', 7, 1],
    ['aaa bbb', 6, 2],
    ['aaaaaaaaaa', 5, 2],
    ['a aaaaaaaaaa b', 5, 4],
    ['aaaaaaa bb', 5, 2],
  ])('%j at %i columns takes %i lines', (text, columns, lines) => {
    expect(wrappedLines(text, columns)).toBe(lines);
  });

  it('counts paragraphs and list items, not notes and shown blocks', () => {
    const { blocks } = read('a\n\n- b\n- c\n\n1. d\n\n> **Watch out.** e\n\n```sh show\nf\ng\n```');
    expect(proseLines(blocks)).toBe(4);
  });
});

describe('slug', () => {
  it.each([
    ['A user that may replicate', 'a-user-that-may-replicate'],
    ['Create {{role}} & look', 'create-role-look'],
    ['pg_hba.conf: what?', 'pg-hba-conf-what'],
    ['Übung 2', 'übung-2'],
  ])('of %j is %j', (title, expected) => {
    expect(slug(title)).toBe(expected);
  });
});
