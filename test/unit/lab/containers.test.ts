import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type Dockerode from 'dockerode';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  describeOwner,
  inspectNode,
  isOurs,
  type Owner,
  ourContainers,
  strangers,
} from '../../../src/lab/docker/containers.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

const PROJECT = 'com.docker.compose.project';
const FOLDER = 'com.docker.compose.project.working_dir';
const SERVICE = 'com.docker.compose.service';
const ONE_OFF = 'com.docker.compose.oneoff';

interface Stub {
  name: string;
  labels: Record<string, string>;
  inspect?: object;
}

/** A client whose engine has these containers. It filters by label as the engine does. */
function stubClient(containers: Stub[]): Dockerode {
  const list = async (options?: { filters?: { label?: string[] } }) =>
    containers
      .filter(({ labels }) =>
        (options?.filters?.label ?? []).every((label) => {
          const [name = '', value] = label.split('=');
          return value === undefined ? name in labels : labels[name] === value;
        }),
      )
      .map(({ name, labels }) => ({ Id: `id-of-${name}`, Names: [`/${name}`], Labels: labels }));
  const getContainer = (id: string) => ({
    inspect: async () => {
      const found = containers.find(({ name }) => `id-of-${name}` === id)?.inspect;
      if (!found) throw Object.assign(new Error('no such container'), { statusCode: 404 });
      return found;
    },
  });
  return { listContainers: list, getContainer } as unknown as Dockerode;
}

let owner: Owner = { project: '', workspace: '' };
let other = '';
beforeEach(async () => {
  const root = await temporaryFolder();
  await mkdir(path.join(root, 'a/solutions'), { recursive: true });
  await mkdir(path.join(root, 'b/solutions'), { recursive: true });
  await symlink(path.join(root, 'a'), path.join(root, 'link'));
  owner = { project: 'solutions', workspace: path.join(root, 'a/solutions') };
  other = path.join(root, 'b/solutions');
});

const labelled = (folder: string, service = 'leader', more = {}) => ({
  [PROJECT]: 'solutions',
  [FOLDER]: folder,
  [SERVICE]: service,
  ...more,
});

describe('a container is ours', () => {
  it.each<[string, () => Record<string, string>, boolean]>([
    ['when project and folder are', () => labelled(owner.workspace), true],
    [
      'when its folder is ours by another path',
      () => labelled(path.join(owner.workspace, '../../link/solutions')),
      true,
    ],
    ['not when the folder is another of the same name', () => labelled(other), false],
    ['not when that folder is gone', () => labelled('/no/such/solutions'), false],
    [
      'when its file gives the project another name',
      () => ({ ...labelled(owner.workspace), [PROJECT]: 'elsewhere' }),
      true,
    ],
    ['not when Compose did not say from which folder it is', () => ({ [PROJECT]: 'solutions' }), false],
    ['not when Compose did not make it', () => ({}), false],
  ])('%s', async (_, labels, ours) => {
    expect(await isOurs(labels(), owner)).toBe(ours);
  });

  it('and found by its labels, whatever its name is', async () => {
    const docker = stubClient([
      { name: 'renamed', labels: labelled(owner.workspace, 'follower') },
      { name: 'leader', labels: labelled(other) },
      { name: 'follower', labels: {} },
    ]);
    const { containers, projects } = await ourContainers(docker, owner);
    expect(containers.map((container) => container.Id)).toEqual(['id-of-renamed']);
    expect(projects).toEqual(['solutions']);
  });

  it('and tells the project that its file names, beside the usual one', async () => {
    const labels = { ...labelled(owner.workspace), [PROJECT]: 'elsewhere' };
    const { projects } = await ourContainers(stubClient([{ name: 'leader', labels }]), owner);
    expect(projects).toEqual(['solutions', 'elsewhere']);
  });
});

describe('a stranger', () => {
  it('has a name or the project that we need, and is named with its owner', async () => {
    const docker = stubClient([
      { name: 'leader', labels: {} },
      { name: 'follower', labels: { [PROJECT]: 'shop', [FOLDER]: '/srv/shop' } },
      { name: 'copy-of-leader', labels: labelled(other) },
      { name: 'mine', labels: labelled(owner.workspace) },
      { name: 'redis', labels: { [PROJECT]: 'shop' } },
    ]);
    expect(await strangers(docker, owner, ['leader', 'follower'])).toEqual([
      { name: 'leader', owner: 'no compose project' },
      { name: 'follower', owner: 'the compose project "shop" in /srv/shop' },
      // Only the project collides: where the other one lives is of use.
      { name: 'copy-of-leader', owner: `the compose project "solutions" in ${other}`, folder: other },
    ]);
  });

  it('is not our own container under the wanted name', async () => {
    expect(
      await strangers(stubClient([{ name: 'leader', labels: labelled(owner.workspace) }]), owner, ['leader']),
    ).toEqual([]);
  });

  it('whose folder is not known is described all the same', () => {
    expect(describeOwner({ [PROJECT]: 'shop' })).toBe('the compose project "shop" in another folder');
  });
});

const INSPECTED = {
  Id: 'full-id',
  Name: '/leader',
  Image: 'sha256:1',
  RestartCount: 2,
  State: { Status: 'running', Restarting: false, ExitCode: 0, StartedAt: '2026-12-01T10:00:00Z' },
  Config: {
    Image: 'postgres:14',
    Env: ['POSTGRES_DB=appdb', 'EMPTY=', 'ODD=a=b', 'BARE'],
    Cmd: ['postgres', '-c', 'x=y'],
  },
  NetworkSettings: {
    Networks: { 'solutions_replication-net': { IPAddress: '172.18.0.2' }, idle: { IPAddress: '' } },
    Ports: {
      '5432/tcp': [
        { HostIp: '::', HostPort: '0' },
        { HostIp: '0.0.0.0', HostPort: '5433' },
      ],
    },
  },
  Mounts: [{ Type: 'bind', Source: '/w/leader-data', Destination: '/var/lib/postgresql/data' }],
};

describe('the container of a node', () => {
  it('is described with what checks ask for', async () => {
    const docker = stubClient([{ name: 'leader', labels: labelled(owner.workspace), inspect: INSPECTED }]);
    expect(await inspectNode(docker, owner, 'leader', 'leader')).toEqual({
      state: 'running',
      id: 'full-id',
      name: 'leader',
      image: 'postgres:14',
      imageId: 'sha256:1',
      exitCode: 0,
      restartCount: 2,
      startedAt: '2026-12-01T10:00:00Z',
      addresses: ['172.18.0.2'],
      networks: ['solutions_replication-net', 'idle'],
      port: 5433,
      env: { POSTGRES_DB: 'appdb', EMPTY: '', ODD: 'a=b', BARE: '' },
      command: ['postgres', '-c', 'x=y'],
      mounts: [{ type: 'bind', source: '/w/leader-data', target: '/var/lib/postgresql/data' }],
    });
  });

  it('has no port while none is published, and no command where the image’s is used', async () => {
    const bare = {
      ...INSPECTED,
      Config: { ...INSPECTED.Config, Cmd: null },
      NetworkSettings: { Networks: {}, Ports: { '5432/tcp': null } },
    };
    const docker = stubClient([{ name: 'leader', labels: labelled(owner.workspace), inspect: bare }]);
    expect(await inspectNode(docker, owner, 'leader', 'leader')).toMatchObject({
      port: null,
      command: [],
      addresses: [],
      networks: [],
    });
  });

  it.each([
    [{ Status: 'restarting', Restarting: true }, 'restarting'],
    [{ Status: 'running', Restarting: true }, 'restarting'],
    [{ Status: 'exited', Restarting: false }, 'exited'],
    [{ Status: 'removing', Restarting: false }, 'dead'],
  ])('with %o is %s', async (state, expected) => {
    const inspect = { ...INSPECTED, State: { ...INSPECTED.State, ...state } };
    const docker = stubClient([{ name: 'leader', labels: labelled(owner.workspace), inspect }]);
    expect((await inspectNode(docker, owner, 'leader', 'leader')).state).toBe(expected);
  });

  it('is absent when there is none, when it is another service’s, or when it went away meanwhile', async () => {
    expect(await inspectNode(stubClient([]), owner, 'leader', 'leader')).toEqual({ state: 'absent' });
    const follower = stubClient([
      { name: 'follower', labels: labelled(owner.workspace, 'follower'), inspect: INSPECTED },
    ]);
    expect(await inspectNode(follower, owner, 'leader', 'leader')).toEqual({ state: 'absent' });
    const vanished = stubClient([{ name: 'leader', labels: labelled(owner.workspace) }]);
    expect(await inspectNode(vanished, owner, 'leader', 'leader')).toEqual({ state: 'absent' });
  });

  it('is not one that was started with docker compose run', async () => {
    const docker = stubClient([
      {
        name: 'solutions-leader-run-1',
        labels: labelled(owner.workspace, 'leader', { [ONE_OFF]: 'True' }),
        inspect: INSPECTED,
      },
    ]);
    expect(await inspectNode(docker, owner, 'leader', 'leader')).toEqual({ state: 'absent' });
  });

  it('is foreign when somebody else’s has its name, and ours is found before it', async () => {
    const foreign: Stub = { name: 'leader', labels: labelled(other), inspect: INSPECTED };
    expect(await inspectNode(stubClient([foreign]), owner, 'leader', 'leader')).toEqual({
      state: 'foreign',
      name: 'leader',
      owner: `the compose project "solutions" in ${other}`,
    });
    const mine: Stub = { name: 'mine', labels: labelled(owner.workspace), inspect: INSPECTED };
    expect((await inspectNode(stubClient([foreign, mine]), owner, 'leader', 'leader')).state).toBe('running');
  });
});
