import { marked } from 'marked';
import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import {
  codeCell,
  codeEntry,
  codeLine,
  prose,
  proseLine,
  table,
} from '../../../../src/report/grades/markdown-words.ts';
import { untrusted, untrustedLine } from '../../../../src/report/grades/untrusted.ts';
import { HOSTILE } from './random-grades.ts';
import { elementsIn, textOf } from './read-back.ts';

const shown = (markdown: string) => parseFragment(marked.parse(markdown, { async: false, gfm: true }));
const tagsIn = (markdown: string) => elementsIn(shown(markdown)).map(({ tagName }) => tagName);
const spaced = (text: string) => text.replaceAll('\u2060', '').replace(/\s+/g, ' ').trim();

describe.each(HOSTILE)('%j', (text) => {
  const line = untrustedLine(text);

  it('is read as it was, in prose', () => {
    const markdown = `x ${prose(line)}`;
    expect(tagsIn(markdown)).toEqual(['p']);
    expect(spaced(textOf(shown(markdown)))).toBe(spaced(`x ${line}`));
  });

  it('is read as it was, as code', () => {
    const markdown = `x ${codeLine(line)}`;
    expect(tagsIn(markdown)).toEqual(line.trim() === '' ? ['p'] : ['p', 'code']);
    expect(spaced(textOf(shown(markdown)))).toBe(spaced(`x ${line.trim() || '(nothing)'}`));
  });

  it('is one cell of a table, as code and as prose', () => {
    const markdown = table(['a', 'b', 'c'], [[codeCell(line), prose(line), 'end']]);
    const cells = elementsIn(shown(markdown)).filter(({ tagName }) => tagName === 'td');
    const [first = '', second, third] = cells.map((cell) => spaced(textOf(cell)));
    expect(cells).toHaveLength(3);
    // A backslash before a bar gets a space after it: parsers do not agree on what the two are in a table.
    expect(first.replaceAll('\\ |', '\\|')).toBe(spaced(line.trim() || '(nothing)'));
    expect([second, third]).toEqual([spaced(line), 'end']);
  });

  it('is one entry of a list, with its lines', () => {
    const markdown = ['- before', codeEntry('Saw', untrusted(text)), '- after'].join('\n');
    const items = elementsIn(shown(markdown)).filter(({ tagName }) => tagName === 'li');
    expect(items).toHaveLength(3);
    const [, item] = items;
    expect(item && spaced(textOf(item))).toBe(spaced(`Saw: ${untrusted(text).trim() || '(nothing)'}`));
  });

  it('is read as it was, in a list of texts', () => {
    const markdown = ['- before', `- ${proseLine(line)}`, '- after'].join('\n');
    expect(tagsIn(markdown)).toEqual(['ul', 'li', 'li', 'li']);
    expect(spaced(textOf(shown(markdown)))).toBe(spaced(`before ${line} after`));
  });
});

describe('prose', () => {
  it.each([
    ['listen_addresses is *', 'listen_addresses is *'],
    ['with `mkdir -p` and `a_b`', 'with `mkdir -p` and `a_b`'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['_a_ *b* **c** __d__', '\\_a\\_ \\*b\\* \\*\\*c\\*\\* \\_\\_d\\_\\_'],
    ['x *`a`* y', 'x \\*`a`\\* y'],
    ['`a``b`', '&#96;a&#96;&#96;b&#96;'],
    ['`a|b` ` `', '&#96;a&#124;b&#96; &#96; &#96;'],
  ])('of %j is %s', (text, raw) => {
    expect(prose(text)).toBe(raw);
  });

  it.each([
    '`a`_b_`c`',
    '*`a`*',
    'x *`a`* y',
    '`<b>` <b>`</b>`',
    '\\`a`',
    '[`a`](http://x.y)',
    '`a` `b',
    '``a` b`',
    '`http://x.y` www.x.y',
    '~~`a`~~',
  ])('of %j has code in it at the most, and is one cell', (text) => {
    expect(['p', 'code']).toEqual(expect.arrayContaining(tagsIn(`x ${prose(text)}`)));
    const shownCells = elementsIn(shown(table(['a', 'b'], [[prose(text), 'end']]))).filter(
      ({ tagName }) => tagName === 'td',
    );
    expect(shownCells.map((cell) => spaced(textOf(cell)).replaceAll('`', ''))).toEqual([
      text.replaceAll('`', ''),
      'end',
    ]);
  });

  it.each(['- a', '+ a', '# a', '1. a', '12) a', '> a', '---', '* a', '~~~ a'])(
    'that begins with %j begins nothing',
    (text) => {
      expect(tagsIn(`- ${proseLine(text)}`)).toEqual(['ul', 'li']);
      expect(spaced(textOf(shown(`- ${proseLine(text)}`)))).toBe(text);
    },
  );
});
