import { Document, type Scalar, visit } from 'yaml';
import type { Mapping } from '../value.ts';
import { plainValue } from './scalars.ts';

/** Text that would be a boolean or a number in base 60 to older readers of YAML. */
const OLD_VALUE =
  /^(?:[yYnN]|[yY]es|YES|[oO]n|ON|[nN]o|NO|[oO]ff|OFF|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;

/** What is not YAML without quotes. */
const NOT_PLAIN = /^[\s#,[\]{}&*!|>'"%@`]|^(?:---|\.\.\.)|^[-?:](?:\s|$)|:(?:\s|$)|\s#|\s$/;

/** Characters beyond the first plane. */
const FAR = /[\u{10000}-\u{10ffff}]/gu;

/** Writes a tree as go-yaml does with an indentation of 2, ending in a line break. */
export function yamlText(tree: Mapping): string {
  const document = new Document(tree, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(role, node) {
      if (typeof node.value === 'string') node.type = style(node.value, role === 'key');
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return (
    text
      .replaceAll(FAR, (char) => `\\U${char.codePointAt(0)?.toString(16).toUpperCase().padStart(8, '0')}`)
      .replaceAll('\\ \\n', ' \\n')
      // go-yaml takes a line break at the beginning for the one that ends the header.
      .replaceAll(/\|2?([-+]?)\n +\n/g, '|2$1\n')
  );
}

function style(text: string, isKey: boolean): Scalar.Type {
  const quoted = text.search(FAR) !== -1;
  if (text.includes('\n') && !isKey) return quoted || / \n| $/.test(text) ? 'QUOTE_DOUBLE' : 'BLOCK_LITERAL';
  const looksElse = plainValue(text) !== text || OLD_VALUE.test(text);
  if (quoted || looksElse || text.includes('\t')) return 'QUOTE_DOUBLE';
  return NOT_PLAIN.test(text) ? 'QUOTE_SINGLE' : 'PLAIN';
}
