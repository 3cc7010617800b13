import { isPattern, patternToRegExp, unescapePattern } from './pattern.ts';
import { inOrder, type Tree } from './tree.ts';

/** Paths that match a shell pattern, written as the pattern is (absolute or not); [] when none does. */
export async function globIn(tree: Tree, pattern: string, cwd: string): Promise<string[]> {
  let found = [pattern.startsWith('/') ? '/' : ''];
  const parts = pattern.split('/').filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const next: string[] = [];
    for (const base of found) next.push(...(await step(tree, base, part, cwd)));
    found = last ? next : next.map((one) => `${one}/`);
  }
  if (pattern.endsWith('/') && parts.length > 0) found = found.map((one) => `${one}/`);
  const there: string[] = [];
  for (const one of found) {
    const place = await tree.look(one, cwd, { follow: false });
    if (place.kind === 'found' || place.kind === 'passage') there.push(one);
  }
  return inOrder(there);
}

async function step(tree: Tree, base: string, part: string, cwd: string): Promise<string[]> {
  if (!isPattern(part)) return [base + unescapePattern(part)];
  const folder = await tree.look(base === '' ? '.' : base, cwd, { follow: true });
  const names = await tree.names(folder).catch(() => []);
  const matches = patternToRegExp(part);
  const hidden = /^\\?\./.test(part);
  const all = hidden ? ['.', '..', ...names] : names.filter((name) => !name.startsWith('.'));
  return all.filter((name) => matches.test(name)).map((name) => base + name);
}
