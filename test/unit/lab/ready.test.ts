import { mkdir, readdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type Dockerode from 'dockerode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { colonProblems, conflictProblems, engineProblems, portTaken } from '../../../src/lab/docker/ready.ts';
import { workspaceProblems } from '../../../src/lab/workspace.ts';
import type { EngineState } from '../../../src/observe/types.ts';
import { freePort } from '../../helpers/free-port.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

const withCompose = (compose: string | null) => ({ ...EMPTY_LAB.engine, compose }) as EngineState;

describe('an engine', () => {
  it.each<[string, EngineState, string[]]>([
    ['that answers, with a Compose that is new enough', withCompose('2.26.1'), []],
    ['with the Compose of today', withCompose('5.0.1'), []],
    ['without Compose', withCompose(null), ['no-compose']],
    ['with an old Compose', withCompose('2.9.0'), ['compose-too-old']],
    ['that does not answer', { state: 'down', problem: 'No engine.', next: 'Start it.' }, ['no-engine']],
  ])('%s', (_, engine, ids) => {
    expect(engineProblems(engine).map((problem) => problem.id)).toEqual(ids);
  });

  it('that does not answer says what to do, in the words of the engine', () => {
    expect(engineProblems({ state: 'down', problem: 'No engine.', next: 'Start it.' })).toEqual([
      { id: 'no-engine', message: 'No engine.', next: 'Start it.' },
    ]);
  });
});

const OWNER = { project: 'solutions', workspace: '/w/solutions' };
const OURS = {
  'com.docker.compose.project': 'solutions',
  'com.docker.compose.project.working_dir': '/w/solutions',
};

/** A client whose engine has one container. */
const stubClient = (container: { name: string; labels: Record<string, string>; port?: number }): Dockerode =>
  ({
    listContainers: async () => [
      {
        Id: 'id',
        Names: [`/${container.name}`],
        Labels: container.labels,
        Ports: container.port ? [{ PublicPort: container.port }] : [],
      },
    ],
  }) as unknown as Dockerode;

async function takenPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}

describe('names and ports', () => {
  const problems = (client: Dockerode, port: number) =>
    conflictProblems(client, OWNER, { names: ['leader'], ports: [{ node: 'leader', port }], hasFile: true });

  it('that nobody has are no problem', async () => {
    expect(await problems(stubClient({ name: 'redis', labels: {} }), await freePort())).toEqual([]);
  });

  it('that our own container has are no problem', async () => {
    const port = await takenPort();
    expect(await problems(stubClient({ name: 'leader', labels: OURS, port }), port)).toEqual([]);
  });

  it('that a stranger has are named with the stranger, which is left alone', async () => {
    const port = await freePort();
    const found = await problems(stubClient({ name: 'leader', labels: {}, port }), port);
    expect(found.map((problem) => problem.id)).toEqual(['foreign-container', 'port-taken']);
    expect(found[0]?.message).toContain('"leader"');
    expect(found[0]?.next).toMatch(/^This tool does not touch it\./);
    expect(found[1]?.message).toBe(
      `Port ${port}, which the leader needs, is taken by the container "leader".`,
    );
  });

  it('that another program has are found without the engine', async () => {
    const port = await takenPort();
    const found = await problems(stubClient({ name: 'redis', labels: {} }), port);
    expect(found).toMatchObject([
      { id: 'port-taken', message: expect.stringContaining('by another program') },
    ]);
  });

  it('a port is taken or it is not', async () => {
    expect(await portTaken(await takenPort())).toBe(true);
    expect(await portTaken(await freePort())).toBe(false);
  });
});

describe('the workspace', () => {
  it('can not be mounted when a colon is in its path', () => {
    expect(colonProblems('/home/ann/solutions')).toEqual([]);
    expect(colonProblems('/home/ann/a:b')).toMatchObject([
      { id: 'workspace-colon', message: expect.stringContaining('/home/ann/a:b') },
    ]);
  });

  it.each(['.', 'new', 'new/and/deep'])('can be used when it is %s in a folder of ours', async (relative) => {
    const root = await temporaryFolder();
    expect(await workspaceProblems(path.join(root, relative))).toEqual([]);
    expect(await readdir(root), 'what it tried is gone again').toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('can not be used in a folder that takes no other', async () => {
    expect(await workspaceProblems('/proc/new/and/deep')).toMatchObject([
      { id: 'workspace-not-writable', message: 'You may not write in the folder /proc.' },
    ]);
  });

  it('can not be used when what should be its parent is a file, which is named', async () => {
    const root = await temporaryFolder();
    await writeFile(path.join(root, 'file'), '');
    const found = await workspaceProblems(path.join(root, 'file/solutions'));
    expect(found).toMatchObject([
      { id: 'workspace-not-writable', message: expect.stringContaining(path.join(root, 'file')) },
    ]);
  });

  // access(2) asks for the real user, and root may write everywhere: the other half is tried with the built command.
  it('can be used by root wherever it is, by others only where they may write', async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, 'locked'), { mode: 0o555 });
    const found = await workspaceProblems(path.join(root, 'locked/solutions'));
    const refused = {
      id: 'workspace-not-writable',
      message: expect.stringContaining(path.join(root, 'locked')),
    };
    expect(found).toMatchObject(process.getuid?.() === 0 ? [] : [refused]);
  });
});
