import { keyOf, type Node } from './tree.ts';

/** As many as the system follows. */
const HOPS = 40;

/**
 * Whether a symbolic link leads to something in the copy and on no way out of it, through other links too. `nodes` by
 * folded name, from the folder that will be the top.
 */
export function staysInside(link: Node, nodes: ReadonlyMap<string, Node>): boolean {
  const at = link.parts.slice(0, -1);
  let rest = partsOf(link.target);
  let kind: Node['kind'] = 'folder';
  for (let hops = 0; rest !== null && rest.length > 0; ) {
    const [part = '', ...after] = rest;
    rest = after;
    if (kind !== 'folder') return false;
    if (part === '..') {
      if (at.pop() === undefined) return false;
      continue;
    }
    at.push(part);
    const node = nodes.get(keyOf(at));
    if (node === undefined || node.parts.at(-1) !== part) return false;
    kind = node.kind;
    if (kind !== 'link') continue;
    hops += 1;
    const target = hops > HOPS ? null : partsOf(node.target);
    rest = target === null ? null : [...target, ...rest];
    at.pop();
    kind = 'folder';
  }
  return rest !== null;
}

/** null of a target that is never followed. */
function partsOf(target: string): string[] | null {
  if (target === '' || target.startsWith('/')) return null;
  if (/[\p{Cc}\\\ufffd]/u.test(target)) return null;
  return target.split('/').filter((part) => part !== '' && part !== '.');
}
