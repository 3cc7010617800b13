import { ended, unexpected } from './problems.ts';
import { type Reader, unknownSyntax } from './reader.ts';
import type { Redirect, Word } from './syntax.ts';

/** The redirections at the reader, as many as follow each other. */
export function readRedirects(reader: Reader): Redirect[] {
  const found: Redirect[] = [];
  for (;;) {
    reader.skipBlanks();
    const [all = '', number, operator = ''] =
      /^(\d+(?=[<>]))?(&>>|&>|<<<|<<-|<<|<&|<>|<\(|>\(|>>|>&|>\||<|>)/.exec(reader.rest()) ?? [];
    if (operator === '') return found;
    const fd = number === undefined ? (operator.startsWith('<') ? 0 : 1) : Number(number);
    if (['<<<', '<>', '<&', '>|', '<(', '>('].includes(operator)) throw unknownSyntax(operator);
    if (fd > 2 || operator.startsWith('<') !== (fd === 0)) throw unknownSyntax(`the file descriptor ${fd}`);
    reader.at += all.length;
    reader.skipBlanks();
    const word = reader.word();
    if (word === null) throw reader.done ? ended(reader, null) : unexpected(reader);
    if (operator === '<') found.push({ kind: 'read', fd, target: word });
    else if (operator === '<<' || operator === '<<-') found.push(readDocument(reader, fd, operator, word));
    else if (operator === '>&') {
      const text = plainText(word);
      if (!/^[12]$/.test(text)) throw unknownSyntax(`>&${text}`);
      found.push({ kind: 'copy', fd, from: Number(text) });
    } else {
      const both = operator.startsWith('&');
      found.push({ kind: 'write', fd, append: operator.endsWith('>>'), target: word, both });
    }
  }
}

function readDocument(reader: Reader, fd: number, operator: string, delimiter: Word): Redirect {
  const redirect: Redirect = { kind: 'text', fd, text: [] };
  reader.await({
    end: plainText(delimiter),
    strip: operator === '<<-',
    literal: delimiter.some(({ quoted }) => quoted),
    fill: (text) => {
      redirect.text = text;
    },
  });
  return redirect;
}

const plainText = (word: Word): string =>
  word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
