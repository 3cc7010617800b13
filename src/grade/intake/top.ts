import { isWorkspace } from './names.ts';
import type { Node } from './tree.ts';

/** Folders around the workspace that are taken off: `anna/solutions/`. */
const LEVELS = 3;

/** The folder that holds the workspace, as its parts from the top; null where there is none. */
export function findTop(nodes: Iterable<Node>): string[] | null {
  const all = [...nodes];
  let top: string[] = [];
  for (let level = 0; level <= LEVELS; level++) {
    const children = all.filter((node) => isChild(node, top));
    const named = (folders: boolean) =>
      children.filter(({ kind }) => (kind === 'folder') === folders).map(({ parts }) => parts.at(-1) ?? '');
    const folders = named(true);
    if (isWorkspace(named(false), folders)) return top;
    const [only] = folders;
    if (only === undefined || folders.length > 1) return null;
    top = [...top, only];
  }
  return null;
}

function isChild({ parts }: Node, folder: string[]): boolean {
  return parts.length === folder.length + 1 && folder.every((part, i) => parts[i] === part);
}

/** What is in a folder, with places that begin there; and what is beside it. */
export function split(nodes: Iterable<Node>, top: string[]): { inside: Node[]; beside: Node[] } {
  const inside: Node[] = [];
  const beside: Node[] = [];
  for (const node of nodes) {
    const shared = node.parts.filter((part, i) => i < top.length && part === top[i]).length;
    const within = top.every((part, i) => node.parts[i] === part);
    if (within && node.parts.length > top.length)
      inside.push({ ...node, parts: node.parts.slice(top.length) });
    else if (shared < node.parts.length) beside.push(node);
  }
  return { inside, beside };
}
