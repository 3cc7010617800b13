import { isWorkspace } from './names.ts';
import type { Node } from './tree.ts';

/**
 * The folders that are a workspace, each as its parts from the top, however many folders are around them. Those with a
 * compose file, or where no folder has one, those that look like one besides: any folder may hold one called leader.
 */
export function findWorkspaces(nodes: Iterable<Node>): string[][] {
  const children = new Map<string, Node[]>();
  for (const node of nodes) {
    const folder = node.parts.slice(0, -1).join('/');
    const before = children.get(folder);
    if (before) before.push(node);
    else children.set(folder, [node]);
  }
  const composed: string[][] = [];
  const alike: string[][] = [];
  const look = (folder: string[]): void => {
    const inside = children.get(folder.join('/')) ?? [];
    const named = (folders: boolean) =>
      inside.filter(({ kind }) => (kind === 'folder') === folders).map(({ parts }) => parts.at(-1) ?? '');
    const folders = named(true);
    if (isWorkspace(named(false), [])) composed.push(folder);
    else if (isWorkspace([], folders)) alike.push(folder);
    // An editor keeps older states of files in hidden folders.
    else for (const name of folders) if (!name.startsWith('.')) look([...folder, name]);
  };
  look([]);
  return composed.length > 0 ? composed : alike;
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
