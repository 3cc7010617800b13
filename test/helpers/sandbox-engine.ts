import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openEngine, type SandboxEngine } from '../../src/lab/sandbox/engine/engine.ts';
import type { Container, ContainerSpec } from '../../src/lab/sandbox/engine/types.ts';
import { openSession } from '../../src/lab/sandbox/session.ts';
import { freePort } from './free-port.ts';

const CONF = "listen_addresses = '*'\nwal_level = replica\nmax_wal_senders = 10\nhot_standby = on\n";

/** A sandbox of its own for one test: gone with all its servers when the test ends. */
export interface Sandbox {
  workspace: string;
  engine: SandboxEngine;
  /** Makes the container of a node as the lesson's compose file does, on a free port. */
  create(node?: string, changes?: Partial<ContainerSpec>): Promise<Container>;
  /** Waits until its server answers. */
  up(id: string): Promise<Container>;
  /** Runs a statement; answers the first value. */
  ask(id: string, sql: string, database?: string): Promise<unknown>;
}

/** `folder` is made below a new temporary folder, which only its owner may enter: the hard case for root. */
export async function sandbox(folder = 'solutions'): Promise<Sandbox> {
  const root = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  const workspace = path.join(root, folder);
  await mkdir(workspace, { recursive: true });
  const engine = openEngine(workspace);
  onTestFinished(async () => {
    for (const { id } of await engine.containers()) await engine.remove(id, { force: true, volumes: true });
    await rm(root, { recursive: true, force: true });
  });
  const look = async (id: string) => {
    const found = await engine.find(id);
    if (!found) throw new Error(`no container ${id}`);
    return found;
  };
  const ask = async (id: string, sql: string, database = 'appdb') =>
    openSession(await look(id), { user: 'postgres', database }, (query) => query(sql));
  return {
    workspace,
    engine,
    ask,
    async create(node = 'leader', changes = {}) {
      const conf = path.join(workspace, node, 'postgresql.conf');
      await mkdir(path.dirname(conf), { recursive: true });
      await writeFile(conf, CONF, { flag: 'wx' }).catch(() => {});
      return engine.create({
        name: node,
        service: node,
        project: 'solutions',
        hostname: node,
        image: 'postgres:14',
        command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
        env: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'appdb' },
        mounts: [
          { type: 'bind', source: conf, target: '/etc/postgresql/postgresql.conf', readOnly: false },
          {
            type: 'bind',
            source: path.join(workspace, `${node}-data`),
            target: '/var/lib/postgresql/data',
            readOnly: false,
          },
        ],
        ports: [{ target: 5432, published: await freePort() }],
        networks: [{ name: 'solutions_replication-net', aliases: [node] }],
        restart: 'always',
        configHash: 'a',
        ...changes,
      });
    },
    async up(id) {
      const until = Date.now() + 30_000;
      for (;;) {
        try {
          await ask(id, 'SELECT 1::text', 'postgres');
          return await look(id);
        } catch (error) {
          if (Date.now() > until) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    },
  };
}
