/** A document's tree. `line` counts from 1; `tag` is '' where none is written. */
export type Node = ScalarNode | SequenceNode | MappingNode;

export interface ScalarNode {
  kind: 'scalar';
  text: string;
  /** Without quotes, so it may be a number, a boolean or nothing. */
  plain: boolean;
  tag: string;
  line: number;
}

interface SequenceNode {
  kind: 'sequence';
  items: Node[];
  tag: string;
  line: number;
}

export interface MappingNode {
  kind: 'mapping';
  pairs: [Node, Node][];
  tag: string;
  line: number;
}
