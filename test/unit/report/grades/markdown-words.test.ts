import { marked } from 'marked';
import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { codeCell, codeEntry, codeLine, prose, table } from '../../../../src/report/grades/markdown-words.ts';
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
});
