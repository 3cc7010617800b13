import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { identify, isAlive, type ProcessIdentity } from '../../lab/sandbox/process.ts';

const ROOM = 'io.github.pg-walkthrough.room';

/** Labels on everything that a room makes on an engine. */
export const LABEL = {
  /** The room's id. */
  room: ROOM,
  /** The process that opened it, as JSON: Owner. */
  owner: `${ROOM}.owner`,
  /** `node`, `run`, `script`, `sudo`, `watch`. */
  kind: `${ROOM}.kind`,
  /** A container's ContainerSpec as written, as JSON. */
  spec: `${ROOM}.spec`,
  /** The name as written, of a network or a volume, and the Compose project that made it. */
  name: `${ROOM}.name`,
  project: `${ROOM}.project`,
} as const;

/** Containers of these kinds run what the submission says. */
export const UNTRUSTED = ['node', 'run', 'script', 'sudo'];

interface Owner extends ProcessIdentity {
  host: string;
  /** Process numbers mean nothing in another namespace of them. */
  space: string;
  /** The room's own folder on that machine. */
  folder: string;
}

/** Begins the name of a room's own folder. */
export const FOLDER = 'walkthrough-room-';

export const newRoomId = (): string => randomBytes(6).toString('hex');

/** Begins the real name of whatever belongs to a room. */
export const prefixOf = (id: string): string => `walkthrough-room-${id}-`;

export function ownerLabel(folder: string): string {
  const self = identify(process.pid) ?? { pid: process.pid, started: '' };
  return JSON.stringify({ ...self, ...here(), folder } satisfies Owner);
}

/**
 * The own folder of a room whose process has surely ended; null for one that may live. A process of another machine
 * can't be asked.
 */
export function forsakenFolder(label: string | undefined): string | null {
  try {
    const owner = JSON.parse(label ?? '') as Owner;
    const { host, space } = here();
    return owner.host === host && owner.space === space && !isAlive(owner) ? (owner.folder ?? '') : null;
  } catch {
    return null;
  }
}

function here(): { host: string; space: string } {
  let space = process.platform;
  try {
    space += readlinkSync('/proc/self/ns/pid');
  } catch {
    // only Linux has it
  }
  return { host: hostname(), space };
}
