import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkServices, readVolume } from '../../../../src/lab/sandbox/command/policy.ts';
import type { ComposeConfig } from '../../../../src/observe/types.ts';

const workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'sandbox-policy-')));
mkdirSync(path.join(workspace, 'data'));
symlinkSync('/etc', path.join(workspace, 'etc-link'));

/** A service of a resolved file, with what the lessons use and `part`. */
function config(part: object, networks: object = { net: { name: 'x_net' } }): ComposeConfig {
  const service = {
    image: 'postgres:14',
    command: ['postgres', '-c', 'wal_level=replica'],
    entrypoint: null,
    restart: 'always',
    healthcheck: { test: ['CMD', 'pg_isready'] },
    networks: { net: null },
    volumes: [{ type: 'bind', source: path.join(workspace, 'data'), target: '/var/lib/postgresql/data' }],
    ...part,
  };
  return { name: 'x', services: { leader: service }, networks } as unknown as ComposeConfig;
}

it.each([
  {},
  { command: null },
  { command: ['-c', 'fsync=off'] },
  { privileged: false, cap_add: [], labels: { a: 'b' }, deploy: { resources: {} }, 'x-note': 1 },
  { volumes: [{ type: 'bind', source: path.join(workspace, 'new', 'deep'), target: '/x' }] },
  { volumes: [{ type: 'volume', source: 'v', target: '/x' }] },
  { image: 'docker.io/library/postgres:14.23' },
])('accepts %j', async (part) => {
  await expect(checkServices(config(part), ['leader'], workspace)).resolves.toBeUndefined();
});

it('accepts a folder with a dollar in its name, which a resolved file has twice', async () => {
  const own = path.join(workspace, 'a$b');
  const volumes = [{ type: 'bind', source: path.join(workspace, 'a$$b', 'data'), target: '/x' }];
  await expect(checkServices(config({ volumes }), ['leader'], own)).resolves.toBeUndefined();
});

it.each([
  [{ image: 'mysql:8' }, 'the sandbox does not know the image mysql:8: it runs PostgreSQL 14 only'],
  [{ image: 'postgres:15' }, 'the sandbox does not know the image postgres:15: it runs PostgreSQL 14 only'],
  [{ build: { context: '.' } }, 'the sandbox does not build images (service leader)'],
  [{ privileged: true }, 'the sandbox does not know the property privileged (service leader)'],
  [{ devices: ['/dev/kvm'] }, 'the sandbox does not know the property devices (service leader)'],
  [{ network_mode: 'host' }, 'the sandbox does not know the property network_mode (service leader)'],
  [{ pid: 'host' }, 'the sandbox does not know the property pid (service leader)'],
  [{ user: '1000' }, 'the sandbox does not know the property user (service leader)'],
  [{ entrypoint: ['sh'] }, 'the sandbox does not know the property entrypoint (service leader)'],
  [{ deploy: { replicas: 2 } }, 'the sandbox does not know the property deploy (service leader)'],
  [{ command: ['sleep', '1'] }, 'the sandbox starts no other program than postgres (service leader: sleep)'],
  [
    { networks: { net: { ipv4_address: '10.0.0.2' } } },
    'the sandbox does not know the property ipv4_address (service leader, network net)',
  ],
  [
    { depends_on: { x: { condition: 'service_completed_successfully' } } },
    'the sandbox does not know the condition service_completed_successfully (service leader)',
  ],
  [
    { volumes: [{ type: 'bind', source: '/', target: '/host' }] },
    'the sandbox does not mount /: it stays in the workspace',
  ],
  [
    { volumes: [{ type: 'bind', source: `${workspace}-other`, target: '/x' }] },
    `the sandbox does not mount ${workspace}-other: it stays in the workspace`,
  ],
  [
    { volumes: [{ type: 'bind', source: path.join(workspace, 'etc-link', 'new'), target: '/x' }] },
    `the sandbox does not mount ${workspace}/etc-link/new: it stays in the workspace`,
  ],
  [
    { volumes: [{ type: 'tmpfs', target: '/x' }] },
    'the sandbox does not know volumes of type tmpfs (service leader)',
  ],
])('refuses %j by name', async (part, message) => {
  const error = await checkServices(config(part), ['leader'], workspace).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 125 });
  expect((error as Error).message.split('\n')[0]).toBe(message);
});

it('looks only at the services that are to start', async () => {
  const { services, ...rest } = config({});
  const both = { ...rest, services: { ...services, other: { image: 'mysql' } } };
  await expect(checkServices(both, ['leader'], workspace)).resolves.toBeUndefined();
  await expect(checkServices(both, ['leader', 'other'], workspace)).rejects.toThrow('mysql');
});

const read = (written: string) =>
  readVolume(written, { cwd: workspace, workspace, invalid: (message) => new Error(message) });

it.each([
  [
    `${workspace}/data:/output`,
    { type: 'bind', source: `${workspace}/data`, target: '/output', readOnly: false },
  ],
  ['./data:/output/:ro', { type: 'bind', source: `${workspace}/data`, target: '/output', readOnly: true }],
  ['.:/w:z', { type: 'bind', source: workspace, target: '/w', readOnly: false }],
  ['named:/d', { type: 'volume', source: 'named', target: '/d', readOnly: false }],
  ['/anonymous', null],
])('reads -v %s', async (written, mount) => {
  expect(await read(written)).toEqual(mount);
});

it.each([
  [
    './data:d',
    "invalid volume specification: './data:d': invalid mount config for type \"bind\": invalid mount path: 'd' mount path must be absolute",
  ],
  ['./data:/d:zz', 'invalid mode: zz'],
  ['a:b:c:d', "invalid volume specification: 'a:b:c:d'"],
  ['x/y:/d', 'create x/y: "x/y" includes invalid characters for a local volume name'],
  ['/etc:/d', 'the sandbox does not mount /etc: it stays in the workspace'],
  ['../other:/d', 'it stays in the workspace'],
])('refuses -v %s', async (written, message) => {
  await expect(read(written)).rejects.toThrow(message);
});
