import type { Mark } from './error.ts';

/** The tokens of YAML's grammar. */
export type Token = { mark: Mark } & (
  | {
      kind:
        | 'stream-end'
        | 'document-start'
        | 'document-end'
        | 'block-sequence'
        | 'block-mapping'
        | 'block-end'
        | 'flow-sequence'
        | 'flow-sequence-end'
        | 'flow-mapping'
        | 'flow-mapping-end'
        | 'flow-entry'
        | 'entry'
        | 'key'
        | 'value';
    }
  | { kind: 'anchor' | 'alias' | 'tag'; name: string }
  | { kind: 'scalar'; text: string; plain: boolean }
  | { kind: 'directive'; name: string; value: string }
);

export type TokenKind = Token['kind'];
