import { choice, only, text } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { regularFile, textOf } from '../paths.ts';
import { failed, passed } from '../verdict.ts';

const ACCEPTS = ['lines'] as const;

interface FileArgs {
  file: string;
  lines?: string | undefined;
}

export const file: CheckKind<FileArgs> = {
  kind: 'file',
  accepts: ACCEPTS,
  mistakes: ['file-missing', 'file-is-folder', 'byte-order-mark', 'crlf-lines'],
  parse(raw) {
    only(raw, 'file', ACCEPTS);
    return {
      file: text(raw, 'file'),
      lines: raw.lines === undefined ? undefined : choice(raw, 'lines', ['lf']),
    };
  },
  title: ({ file, lines }) => `${file} is there${lines ? ', with Unix line ends' : ''}`,
  why: () => 'A later step reads this file.',
  reads: (args) => ({ files: [args.file] }),
  judge(observation, args) {
    const question = { probe: args.file, wanted: file.title(args) };
    const found = regularFile(observation, args.file, question);
    if ('state' in found) return found;
    if (!args.lines) return passed(question, `a file of ${found.bytes} bytes`);
    const content = textOf(found, args.file, question);
    if (typeof content !== 'string') return content;
    return (
      lineTrouble(content, question) ?? passed(question, `a file of ${found.bytes} bytes with Unix line ends`)
    );
  },
};

/** What Windows editors leave in a file, or null. */
export function lineTrouble(content: string, question: { probe: string; wanted: string }) {
  if (content.startsWith('\ufeff')) {
    const why =
      'Its first three bytes are an invisible mark that Linux programs take for text. Save it as UTF-8 without BOM.';
    return failed(question, 'byte-order-mark', 'it starts with a byte order mark', why);
  }
  const lines = content.split('\r').length - 1;
  if (lines === 0) return null;
  const why =
    'Linux takes the CR for a part of the line, so words and names no longer match. Save it with LF. In VS Code: click CRLF at the bottom right.';
  return failed(question, 'crlf-lines', `${lines} lines end in CR LF`, why);
}
