import type { Container } from './types.ts';

/** The container of this name, id, or unique beginning of an id; null when there is none. */
export function findByReference(all: readonly Container[], reference: string): Container | null {
  const name = reference.replace(/^\//, '');
  const exact = all.find(({ id, spec }) => spec.name === name || id === name);
  if (exact) return exact;
  const [first, ...others] = all.filter(({ id }) => name.length > 0 && id.startsWith(name));
  return first && others.length === 0 ? first : null;
}

/** What Docker says of a name that another container has. */
export const nameTaken = (name: string, holder: string): string =>
  `Conflict. The container name "/${name}" is already in use by container "${holder}". You have to remove (or rename) that container to be able to reuse that name.`;
