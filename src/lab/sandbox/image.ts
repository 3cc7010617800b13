import { createHash } from 'node:crypto';

/** The server's major version, the only one that the sandbox has. */
const MAJOR = '14';

/** `postgres:14` for every name that means an image with a PostgreSQL 14 server; null for another one. */
export function knownImage(image: string): { repository: string; tag: string } | null {
  const short = image.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  const [, repository, tag] = /^(postgres):([\w.-]+)(?:@sha256:[0-9a-f]{64})?$/.exec(short) ?? [];
  if (repository === undefined || tag === undefined) return null;
  return tag === MAJOR || new RegExp(`^${MAJOR}[.-]`).test(tag) ? { repository, tag } : null;
}

/** Why an image is refused. */
export function noSuchImage(image: string): string {
  return `the sandbox does not know the image ${image}: it runs PostgreSQL ${MAJOR} only`;
}

export const USE_KNOWN_IMAGE = `Write postgres:${MAJOR} as the image`;

/** An id for the image, `sha256:` and 64 hex digits. There is no image: it only has to be the same each time. */
export function imageId(): string {
  return `sha256:${createHash('sha256').update(`walkthrough sandbox, postgres ${MAJOR}`).digest('hex')}`;
}
