import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { Report } from './problem.ts';

/** The document that a node comes from, and the line of the file at which a node begins. */
export interface Origin {
  document: Document;
  lineAt(node: unknown): number | undefined;
}

export const QUOTE_COLON = 'put quotes around a text with ": " in it';

/** The texts of a list node, each with its line. Reports what is no list, and items that are no texts. */
export function textList(
  node: unknown,
  origin: Origin,
  line: number,
  what: string,
  report: Report,
): { text: string; line: number }[] | undefined {
  if (!isSeq(node)) {
    report(line, `${what} must be a list`);
    return undefined;
  }
  return node.items.flatMap((item) => {
    const at = origin.lineAt(item) ?? line;
    const text = scalarText(item);
    if (text?.trim()) return { text, line: at };
    report(at, `${what} must hold texts only${isMap(item) ? `: ${QUOTE_COLON}` : ''}`);
    return [];
  });
}

/** YAML reads `5433` and `true` as number and boolean; here they are the text that was written. */
export function scalarText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? undefined : (node.source ?? String(node.value));
}
