import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeCompose } from '../../../src/grade/policy.ts';
import { readSubmittedCompose } from '../../../src/grade/submitted-compose.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

let copy = '';
beforeEach(async () => {
  const folder = await temporaryFolder();
  copy = path.join(folder, 'solutions');
  await mkdir(path.join(copy, 'leader'), { recursive: true });
  await writeFile(path.join(copy, 'leader', 'postgresql.conf'), '');
  await writeFile(path.join(folder, 'secret'), 'TOKEN=hidden-token\n');
  await symlink('../../secret', path.join(copy, 'leader', 'link'));
  await symlink('..', path.join(copy, 'up'));
  await symlink('leader', path.join(copy, 'in'));
  await symlink('../not-there-yet', path.join(copy, 'dangling'));
});

async function read(text: string, files: Record<string, string> = {}) {
  for (const [name, content] of Object.entries({ 'docker-compose.yml': text, ...files }))
    await writeFile(path.join(copy, name), content);
  return readSubmittedCompose(copy);
}

const withLeader = (lines: string) => `services:\n  leader:\n    image: postgres:14\n    ${lines}\n`;

describe('a compose file without a problem', () => {
  it('is that of the course', async () => {
    const text = await readFile(
      new URL('../../../assets/solutions/docker-compose.yml', import.meta.url),
      'utf8',
    );
    const { resolved, remarks } = await read(text);
    expect({ state: resolved.state, remarks }).toEqual({ state: 'ok', remarks: [] });
  });
  it.each([
    ['a folder that is not there yet', 'volumes: ["./leader-data:/var/lib/postgresql/data"]'],
    ['a link that stays inside', 'volumes: ["./in/postgresql.conf:/c:ro"]'],
    ['a path down and up', 'volumes: ["./leader/../leader:/c"]'],
    ['its own volume', 'volumes: ["data:/d"]\nvolumes:\n  data: {driver: local}'],
    ['its own network', 'networks: [n]\nnetworks:\n  n: {driver: bridge}'],
    [
      'limits, health, logs',
      'mem_limit: 1g\n    healthcheck: {test: true}\n    logging: {driver: json-file}',
    ],
    [
      'no more rights',
      'security_opt: ["no-new-privileges:true"]\n    cap_drop: [ALL]\n    privileged: false',
    ],
    ['the entrypoint of the image', 'entrypoint: docker-entrypoint.sh'],
    ['another user than root', 'user: postgres'],
    ['an env_file inside', 'env_file: {path: ./none, required: false}'],
    ['one replica', 'deploy: {replicas: 1}'],
    ['another image of 14', 'hostname: a\n  follower:\n    image: docker.io/library/postgres:14.5-alpine'],
  ])('may have %s', async (_, lines) => {
    expect((await read(withLeader(lines))).remarks).toEqual([]);
  });
});

/** Lines of the service leader, the remark, and words of its message. */
const SERVICE: [lines: string, id: string, words: string][] = [
  ['privileged: true', 'privileged', 'Service leader sets privileged,'],
  ['network_mode: host', 'host-namespace', 'network_mode: host'],
  ['network_mode: "container:other"', 'host-namespace', 'network_mode: container:other'],
  ['pid: host', 'host-namespace', 'pid: host'],
  ['ipc: host', 'host-namespace', 'ipc: host'],
  ['uts: host', 'host-namespace', 'uts: host'],
  ['userns_mode: host', 'host-namespace', 'userns_mode: host'],
  ['cgroup: host', 'host-namespace', 'cgroup: host'],
  ['cgroup_parent: /', 'cgroup-parent', 'cgroup_parent: /'],
  ['devices: ["/dev/sda:/dev/sda"]', 'devices', 'sets devices'],
  ['device_cgroup_rules: ["c *:* rwm"]', 'devices', 'device_cgroup_rules'],
  ['gpus: all', 'devices', 'gpus'],
  ['deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}', 'devices', 'deploy.resources'],
  ['cap_add: [SYS_ADMIN]', 'capabilities', 'cap_add: SYS_ADMIN'],
  ['security_opt: ["seccomp:unconfined"]', 'security-opt', 'security_opt: seccomp:unconfined'],
  ['security_opt: ["label=disable"]', 'security-opt', 'security_opt: label=disable'],
  ['sysctls: {net.core.somaxconn: 1}', 'sysctls', 'sysctls'],
  ['runtime: sysbox-runc', 'runtime', 'runtime: sysbox-runc'],
  ['volumes: ["/var/run/docker.sock:/s"]', 'docker-socket', '/var/run/docker.sock'],
  ['volumes: ["/:/host"]', 'mount-outside', 'volumes: /,'],
  ['volumes: ["/etc/shadow:/s:ro"]', 'mount-outside', '/etc/shadow'],
  ['volumes: ["../secret:/s"]', 'mount-outside', 'secret'],
  ['volumes: ["./leader/../../secret:/s"]', 'mount-outside', 'secret'],
  ['volumes: ["./leader/link:/s"]', 'mount-outside', 'leader/link'],
  ['volumes: ["./up:/s"]', 'mount-outside', 'up'],
  ['volumes: ["./up/secret:/s"]', 'mount-outside', 'secret'],
  ['volumes: ["./dangling:/s"]', 'mount-outside', 'dangling'],
  ['volumes: ["~/.ssh:/s"]', 'mount-outside', '.ssh'],
  ['volumes: ["C:\\\\Users:/s"]', 'mount-outside', 'Users'],
  ['volumes: [{type: bind, source: /root, target: /s}]', 'mount-outside', '/root'],
  ['volumes: ["./leader:/s:rshared"]', 'mount-propagation', 'rshared'],
  ['volumes: [{type: npipe, source: x, target: /s}]', 'mount-type', 'npipe'],
  ['volumes_from: ["container:other"]', 'volumes-from', 'volumes_from: container:other'],
  ['group_add: ["999"]', 'group-add', 'group_add: 999'],
  ['user: root', 'user', 'user: root'],
  ['user: "0:0"', 'user', 'user: 0:0'],
  ['entrypoint: ["sh", "-c", "id"]', 'entrypoint', 'entrypoint: sh, -c, id'],
  ['extra_hosts: ["leader:host-gateway"]', 'extra-hosts', 'extra_hosts: leader=host-gateway'],
  ['external_links: [other]', 'external-links', 'external_links: other'],
  ['build: .', 'build', 'sets build'],
  ['post_start: [{command: id, privileged: true}]', 'lifecycle-hook', 'post_start'],
  ['pre_stop: [{command: id}]', 'lifecycle-hook', 'pre_stop'],
  ['develop: {watch: []}', 'lifecycle-hook', 'develop'],
  ['logging: {driver: syslog}', 'logging', 'logging.driver: syslog'],
  ['oom_kill_disable: true', 'oom', 'oom_kill_disable'],
  ['oom_score_adj: -1000', 'oom', 'oom_score_adj: -1000'],
  ['scale: 40', 'replicas', 'scale: 40'],
  ['deploy: {replicas: 40}', 'replicas', 'deploy.replicas: 40'],
  ['credential_spec: {file: x}', 'unknown-property', 'credential_spec'],
  ['storage_opt: {size: 1T}', 'unknown-property', 'storage_opt'],
  ['env_file: ../secret', 'file-outside', 'env_file: ../secret'],
  ['env_file: [{path: /etc/passwd}]', 'file-outside', 'env_file: /etc/passwd'],
  ['env_file: up/secret', 'file-outside', 'env_file: up/secret'],
  ['label_file: /etc/passwd', 'file-outside', 'label_file: /etc/passwd'],
  ['extends: {file: ../x.yml, service: a}', 'file-outside', 'extends: ../x.yml'],
];

describe('a service', () => {
  it.each(SERVICE)('may not have %s', async (lines, id, words) => {
    const { remarks, resolved } = await read(withLeader(lines));
    expect(remarks.map((one) => one.id)).toEqual([id]);
    expect(remarks[0]).toMatchObject({ kind: 'policy', where: 'docker-compose.yml' });
    expect(remarks[0]?.message).toContain('Service leader sets ');
    expect(remarks[0]?.message).toContain(words);
    expect(remarks[0]?.message).toMatch(/^[^\n]+ but a submission may not [^.\n]+(?:\.sock|:14)?\.$/);
    expect(JSON.stringify(resolved)).not.toContain('hidden-token');
  });
  it.each([
    'postgres:15',
    'postgres',
    'postgres:latest',
    'evil/postgres:14',
    'postgres:14@sha256:x',
    'ghcr.io/library/postgres:14',
  ])('may not use the image %s', async (image) => {
    const { remarks } = await read(`services:\n  follower:\n    image: ${image}\n`);
    expect(remarks).toMatchObject([
      {
        id: 'image',
        message: `Service follower sets image: ${image}, but a submission may not use another image than postgres:14.`,
      },
    ]);
  });
  it('has one remark for each of its problems', async () => {
    const { remarks } = await read(
      withLeader('privileged: true\n    pid: host\n    volumes: ["/a:/a", "/b:/b"]'),
    );
    expect(remarks.map(({ id }) => id).sort()).toEqual([
      'host-namespace',
      'mount-outside',
      'mount-outside',
      'privileged',
    ]);
  });
});

/** Whole files. */
const FILES: [string, string, id: string, words: string, Record<string, string>?][] = [
  [
    'a third service',
    `${withLeader('')}  follower:\n    image: postgres:14\n  miner:\n    image: postgres:14\n`,
    'too-many-services',
    'miner',
  ],
  [
    'an external network',
    withLeader('networks: [n]\nnetworks: {n: {external: true}}'),
    'external-network',
    'Network n',
  ],
  [
    'an external network that nobody uses',
    withLeader('networks: []\nnetworks: {n: {external: true}}'),
    'external-network',
    'Network n',
  ],
  [
    'a network of the host',
    withLeader('networks: [n]\nnetworks: {n: {driver: host}}'),
    'network-driver',
    'driver: host',
  ],
  [
    'a network with options',
    withLeader('networks: [n]\nnetworks: {n: {driver_opts: {com.docker.network.bridge.name: eth0}}}'),
    'network-driver',
    'driver_opts',
  ],
  [
    'an external volume',
    withLeader('volumes: ["v:/v"]\nvolumes: {v: {external: true}}'),
    'external-volume',
    'Volume v',
  ],
  [
    'an external volume by name',
    withLeader('volumes: ["v:/v"]\nvolumes: {v: {external: {name: other}}}'),
    'external-volume',
    'Volume v',
  ],
  [
    'a volume that is a mount',
    withLeader(
      'volumes: ["v:/v"]\nvolumes: {v: {driver: local, driver_opts: {type: none, o: bind, device: /}}}',
    ),
    'volume-driver',
    'driver_opts',
  ],
  [
    'a volume of another driver',
    withLeader('volumes: ["v:/v"]\nvolumes: {v: {driver: sshfs}}'),
    'volume-driver',
    'driver: sshfs',
  ],
  [
    'a secret outside',
    withLeader('secrets: [s]\nsecrets: {s: {file: ../secret}}'),
    'file-outside',
    'Secret s',
  ],
  [
    'a config outside',
    withLeader('configs: [s]\nconfigs: {s: {file: /etc/passwd}}'),
    'file-outside',
    'Config s',
  ],
  [
    'a secret of the environment',
    withLeader('secrets: [s]\nsecrets: {s: {environment: HOME}}'),
    'host-environment',
    'environment: HOME',
  ],
  [
    'an external secret',
    withLeader('secrets: [s]\nsecrets: {s: {external: true}}'),
    'external-secret',
    'Secret s',
  ],
  ['an include outside', `include: [../x.yml]\n${withLeader('')}`, 'file-outside', 'include: ../x.yml'],
  [
    'an include from elsewhere',
    `include: ["https://example.org/x.git"]\n${withLeader('')}`,
    'file-outside',
    'include: https',
  ],
  [
    'a service of another profile',
    `${withLeader('')}  follower:\n    image: postgres:14\n    profiles: [x]\n    privileged: true\n`,
    'privileged',
    'Service follower',
  ],
  [
    'a file that is put over it',
    withLeader(''),
    'privileged',
    'Service leader',
    { 'docker-compose.override.yml': 'services: {leader: {privileged: true}}\n' },
  ],
  [
    'a second document',
    `${withLeader('')}---\nservices: {leader: {pid: host}}\n`,
    'host-namespace',
    'pid: host',
  ],
  ['a variable', withLeader('pid: $P'), 'host-namespace', 'pid: host', { '.env': 'P=host\n' }],
  [
    'an alias',
    `x-a: &a {image: postgres:14, privileged: true}\nservices: {leader: {<<: *a}}\n`,
    'privileged',
    'Service leader',
  ],
  [
    'COMPOSE_FILE outside',
    withLeader(''),
    'file-outside',
    '/etc/passwd',
    { '.env': 'COMPOSE_FILE=/etc/passwd\n' },
  ],
];

describe('a compose file', () => {
  it.each(FILES)('may not have %s', async (_, text, id, words, files) => {
    const { remarks } = await read(text, files);
    expect(remarks.map((one) => one.id)).toEqual([id]);
    expect(remarks[0]?.message).toContain(words);
  });
  it('is named in its remarks', async () => {
    await writeFile(path.join(copy, 'compose.yaml'), withLeader('pid: host'));
    expect((await readSubmittedCompose(copy)).remarks).toMatchObject([{ where: 'compose.yaml' }]);
  });
  it('has harmless messages, whatever is in it', async () => {
    const { remarks } = await read(withLeader(`pid: "\\e[31m\\u202e${'x'.repeat(500)}"`));
    expect(remarks[0]?.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(remarks[0]?.message.length).toBeLessThan(250);
  });
});

describe('what is no compose file at all', () => {
  const odd: object[] = [
    {},
    [],
    { services: null },
    { services: [1] },
    { services: { a: null, b: 'x' } },
    { services: { leader: { volumes: 'x', env_file: 3, deploy: [], extends: null, image: 4 } } },
    JSON.parse(
      '{"services": {"__proto__": {"image": "postgres:14"}, "constructor": {"image": "postgres:14"}}}',
    ),
    { networks: 'x', volumes: [null], secrets: 7, include: [null, 3, {}] },
  ];
  it.each(odd)('throws nothing: %j', (config) => {
    expect(Array.isArray(judgeCompose(config, copy))).toBe(true);
  });
  it('is judged as it is written, too', () => {
    const config = {
      services: { leader: { image: 'postgres:14', privileged: 'yes', volumes: ['../x:/x'] } },
    };
    expect(judgeCompose(config, copy, 'compose.yml')).toMatchObject([
      { id: 'privileged', where: 'compose.yml' },
      { id: 'mount-outside', where: 'compose.yml' },
    ]);
  });
});
