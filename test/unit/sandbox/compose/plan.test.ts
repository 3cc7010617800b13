import { describe, expect, it } from 'vitest';
import { serviceSpec, startOrder } from '../../../../src/lab/sandbox/compose/plan.ts';
import { resolveCompose } from '../../../../src/lab/sandbox/compose/resolve.ts';
import type { ComposeConfig } from '../../../../src/observe/types.ts';
import { leader } from './cases/case.ts';
import { ENV, inWorkspace } from './recorded.ts';

async function config(text: string): Promise<ComposeConfig> {
  const resolved = await inWorkspace({ files: { 'docker-compose.yml': text } }, (workspace) =>
    resolveCompose({ workspace, env: ENV }),
  );
  if (resolved.state !== 'ok') throw new Error(resolved.text);
  return resolved.config;
}

const spec = async (text: string) => serviceSpec(await config(text), 'leader', '/lab');

describe('the container of a service', () => {
  it('of a bare service has the names that Compose gives', async () => {
    expect(await spec(leader())).toMatchObject({
      name: 'lab-leader-1',
      service: 'leader',
      project: 'lab',
      hostname: '',
      image: 'postgres:14',
      command: [],
      env: {},
      mounts: [],
      ports: [],
      networks: [{ name: 'lab_default', aliases: ['lab-leader-1', 'leader'] }],
      restart: 'no',
    });
  });

  it('is found on each network by its names, its host name and its aliases there', async () => {
    const text = `${leader('container_name: first', 'hostname: box', 'networks: {a: {aliases: [zed]}, b: , c: }')}networks:\n  a:\n  b: {name: other}\n  c: {external: true}\n`;
    expect((await spec(text)).networks).toEqual([
      { name: 'lab_a', aliases: ['first', 'leader', 'zed', 'box'] },
      { name: 'other', aliases: ['first', 'leader', 'box'] },
      { name: 'c', aliases: ['first', 'leader', 'box'] },
    ]);
  });

  it('has each alias once', async () => {
    const { networks } = await spec(leader('container_name: leader', 'hostname: leader'));
    expect(networks).toEqual([{ name: 'lab_default', aliases: ['leader'] }]);
  });

  it('mounts folders and named volumes, not those without a name', async () => {
    const text = `${leader('volumes: [/srv/conf:/etc/pg:ro, data:/data, own:/own, /nameless]')}volumes: {data: , own: {name: mine}}\n`;
    expect((await spec(text)).mounts).toEqual([
      { type: 'bind', source: '/srv/conf', target: '/etc/pg', readOnly: true },
      { type: 'volume', source: 'lab_data', target: '/data', readOnly: false },
      { type: 'volume', source: 'mine', target: '/own', readOnly: false },
    ]);
  });

  it('publishes the ports of TCP', async () => {
    const { ports } = await spec(leader('ports: ["5433:5432", "6000", "53:53/udp", "7000-7002:7000"]'));
    expect(ports).toEqual([
      { target: 5432, published: 5433 },
      { target: 6000, published: null },
      { target: 7000, published: 7000 },
    ]);
  });

  it('gets single dollars, and no variable without a value', async () => {
    const text = leader('environment: {PW: pa$$word, NONE: , EMPTY: ""}', 'command: [echo, $$HOME]');
    expect(await spec(text)).toMatchObject({
      env: { PW: 'pa$word', EMPTY: '' },
      command: ['echo', '$HOME'],
    });
    expect((await spec(text)).env).not.toHaveProperty('NONE');
  });

  it.each([
    ['always', 'always'],
    ['unless-stopped', 'unless-stopped'],
    ['on-failure', 'on-failure'],
    ['on-failure:3', 'on-failure'],
    ['"no"', 'no'],
    ['""', 'no'],
  ])('with restart: %s starts again %s', async (written, policy) => {
    expect((await spec(leader(`restart: ${written}`))).restart).toBe(policy);
  });

  it.each([
    ['sometimes', "invalid restart policy 'sometimes'"],
    ['Always', "invalid restart policy 'Always'"],
    ['always:3', "maximum retry count cannot be used with restart policy 'always'"],
  ])('with restart: %s is refused by the engine', async (written, message) => {
    await expect(spec(leader(`restart: ${written}`))).rejects.toThrow(message);
  });

  it('is another one exactly when its part of the file changes', async () => {
    const hash = async (text: string) => (await spec(text)).configHash;
    const first = await hash(leader('hostname: a'));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash(`# a note\n${leader('hostname: "a"')}  other:\n    image: y\n`)).toBe(first);
    expect(await hash(leader('hostname: b'))).not.toBe(first);
  });

  it('does not exist for a service that is not in the file', async () => {
    const found = await config(leader());
    expect(() => serviceSpec(found, 'follower', '/lab')).toThrow('no such service: follower');
    expect(() => serviceSpec(found, 'constructor', '/lab')).toThrow('no such service: constructor');
  });
});

describe('the order in which services start', () => {
  const chain =
    'services:\n  a:\n    image: x\n    depends_on: [b]\n  b:\n    image: x\n    depends_on: [c]\n  c:\n    image: x\n  d:\n    image: x\n';

  it('is that of their dependencies', async () => {
    expect(startOrder(await config(chain), [])).toEqual(['c', 'b', 'a', 'd']);
  });

  it('brings in what is depended on, and nothing else', async () => {
    expect(startOrder(await config(chain), ['b'])).toEqual(['c', 'b']);
    expect(startOrder(await config(chain), ['d', 'c'])).toEqual(['d', 'c']);
  });

  it('has no place for a service that is not there', async () => {
    const found = await config(chain);
    expect(() => startOrder(found, ['e'])).toThrow('no such service: e');
  });
});
