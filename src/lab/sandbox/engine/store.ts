import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../../../atomic-file.ts';
import { textNow } from '../files-now.ts';
import { identify, isAlive, type ProcessIdentity } from '../process.ts';
import type { ContainerRuntime, ContainerSpec, Network, Volume } from './types.ts';

/** A container as it is kept. What its supervisor writes lies in a file of its own, with one writer. */
export interface StoredContainer {
  id: string;
  createdAt: string;
  spec: ContainerSpec;
  /** Port of 127.0.0.1 on which its server listens: the published one, or one that was free. */
  tcpPort: number;
}

export interface Stored {
  schema: typeof SCHEMA;
  containers: StoredContainer[];
  networks: Network[];
  volumes: Volume[];
}

const SCHEMA = 'walkthrough/sandbox/v1';

/** What a supervisor writes of its container. */
export interface Supervised extends ContainerRuntime {
  supervisor: ProcessIdentity;
  server: ProcessIdentity | null;
  /** Port in the container on which the server really listens; null: on none that others reach. */
  port: number | null;
  /** What the learner's file said of listen_addresses when the server started; null: not known. */
  listenAddresses: string | null;
  /** Somebody asked it to stop. */
  stopping: boolean;
}

/** The sandbox's files of one workspace: `<workspace>/.walkthrough/sandbox`. */
export class Store {
  readonly folder: string;
  constructor(workspace: string) {
    this.folder = path.join(workspace, '.walkthrough', 'sandbox');
  }

  file(id: string, ending: 'json' | 'log'): string {
    return path.join(this.folder, `${id.slice(0, 12)}.${ending}`);
  }

  volumeFolder(name: string): string {
    return path.join(this.folder, 'volumes', name);
  }

  async read(): Promise<Stored> {
    const stored = readJson<Stored>(path.join(this.folder, 'engine.json'));
    // A file of another version is of a walk that can't go on.
    return stored?.schema === SCHEMA ? stored : { schema: SCHEMA, containers: [], networks: [], volumes: [] };
  }

  /** Changes what is kept, one process at a time. */
  async change<T>(use: (stored: Stored) => T | Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true });
    const release = await takeLock(path.join(this.folder, 'lock'));
    try {
      const stored = await this.read();
      const result = await use(stored);
      await writeJson(path.join(this.folder, 'engine.json'), stored);
      return result;
    } finally {
      await release();
    }
  }

  async runtime(id: string): Promise<Supervised | null> {
    return readJson<Supervised>(this.file(id, 'json'));
  }

  async writeRuntime(id: string, runtime: Supervised): Promise<void> {
    await writeJson(this.file(id, 'json'), runtime);
  }

  async forget(id: string): Promise<void> {
    await rm(this.file(id, 'json'), { force: true });
    await rm(this.file(id, 'log'), { force: true });
  }
}

/** A file of ours; null where it is not there. */
export function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(textNow(file) ?? 'null') as T | null;
  } catch {
    return null; // half of one, from a disk that was full
  }
}

/** Writes in one step, so that a reader never sees half of it. */
export const writeJson = (file: string, value: unknown): Promise<void> =>
  writeAtomically(file, `${JSON.stringify(value, null, 1)}\n`, { durable: false });

function unlessFull(error: { code?: string }): void {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
}

const LOCK_MS = 30_000;

/** A file that only one process can make. One whose process is gone is taken over. */
async function takeLock(file: string): Promise<() => Promise<void>> {
  const until = Date.now() + LOCK_MS;
  const own = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      // On a full disk an empty one must do: what is to be removed needs no room, and makes some.
      await handle.writeFile(own).catch(unlessFull);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const holder = readJson<ProcessIdentity>(file);
    if (holder !== null && !isAlive(holder)) await rm(file, { force: true });
    // An empty one: its process is just writing into it, or was killed there.
    else if (Date.now() > until) await rm(file, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
