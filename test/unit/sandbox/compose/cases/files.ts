import { Buffer } from 'node:buffer';
import { type Cases, leader } from './case.ts';

const LEADER = leader();
const other = (host: string) => `services:\n  leader:\n    image: postgres:14\n    hostname: ${host}\n`;

/** The lines of a service in a file and in its override. */
function overrides(...pairs: [string, string][]): Cases {
  const rest = '  f:\n    image: x\n  g:\n    image: x\nnetworks: {a: , b: }\n';
  return Object.fromEntries(
    pairs.map(([base, over]) => [
      `${base}, then ${over}`,
      {
        files: {
          'docker-compose.yml': leader(base) + rest,
          'docker-compose.override.yml': `services:\n  leader:\n    ${over}\n`,
        },
      },
    ]),
  );
}

/** Which files are read, and what the project is called. */
export const files: Cases = {
  'no file': { files: {} },
  'no file, another': { files: { 'docker-compose.yaml.txt': LEADER, 'docker_compose.yml': LEADER } },
  'compose.yaml first': {
    files: {
      'compose.yaml': other('a'),
      'compose.yml': other('b'),
      'docker-compose.yaml': other('c'),
      'docker-compose.yml': other('d'),
    },
  },
  'compose.yml': { files: { 'compose.yml': other('b') } },
  'docker-compose.yaml': { files: { 'docker-compose.yaml': other('c'), 'docker-compose.yml': other('d') } },
  'a folder in its place': { files: { 'docker-compose.yml': null } },
  'a folder in its place, and a file': { files: { 'docker-compose.yml': null, 'compose.yml': LEADER } },
  'upper case file': { files: { 'Docker-compose.yml': LEADER } },
  '-f': { files: { 'my.yml': other('m'), 'docker-compose.yml': LEADER }, args: { files: ['my.yml'] } },
  '-f missing': { files: { 'docker-compose.yml': LEADER }, args: { files: ['my.yml'] } },
  '-f folder': { files: { sub: null, 'docker-compose.yml': LEADER }, args: { files: ['sub'] } },
  '-f in a folder below': {
    files: { 'sub/my.yml': leader('volumes: ["./a:/b"]'), 'sub/.env': 'X=1', '.env': 'X=2' },
    args: { files: ['sub/my.yml'] },
  },
  '-f twice': {
    files: {
      'a.yml': `${leader(
        'restart: always',
        'ports: ["5433:5432"]',
        'environment: [A=1, B=1]',
        'command: a b',
        'volumes: ["./a:/x", "./b:/y"]',
        'depends_on: [f]',
        'labels: {a: b}',
      )}  f:\n    image: x\n`,
      'b.yml':
        'services:\n  leader:\n    restart: "no"\n    ports: ["5434:5432", "5433:5432"]\n    environment: {B: 2, C: 3}\n    command: [c]\n    volumes: ["./c:/x", "./d:/z"]\n    depends_on: {f: {condition: service_healthy}}\n    labels: [c=d]\n',
    },
    args: { files: ['a.yml', 'b.yml'] },
  },
  'an override': {
    files: {
      'docker-compose.yml': `${leader(
        'restart: always',
        'ports: ["5433:5432"]',
        'environment: {A: 1}',
        'networks: [a]',
        'healthcheck: {test: x, retries: 2}',
      )}networks: {a: , b: }\n`,
      'docker-compose.override.yml':
        'services:\n  leader:\n    ports: ["127.0.0.1:5433:5432"]\n    environment: [A=2]\n    networks: {b: {aliases: [z]}}\n    healthcheck: {retries: 3}\n  more:\n    image: y\n',
    },
  },
  'an override of the other ending': {
    files: {
      'docker-compose.yml': LEADER,
      'docker-compose.override.yaml': 'services:\n  leader:\n    hostname: o\n',
    },
  },
  'an override of the other name': {
    files: {
      'docker-compose.yml': LEADER,
      'compose.override.yml': 'services:\n  leader:\n    hostname: o\n',
    },
  },
  'an override that is wrong': {
    files: {
      'docker-compose.yml': LEADER,
      'docker-compose.override.yml': 'services:\n  leader:\n    hstname: o\n',
    },
  },
  'an empty override': { files: { 'docker-compose.yml': LEADER, 'docker-compose.override.yml': '' } },
  COMPOSE_FILE: {
    files: { 'my.yml': other('m'), 'docker-compose.yml': LEADER },
    env: { COMPOSE_FILE: 'my.yml' },
  },
  COMPOSE_PROFILES: {
    files: { 'docker-compose.yml': leader('profiles: [x]') },
    env: { COMPOSE_PROFILES: 'x' },
  },
  'folder Solutions.v2': { files: { 'docker-compose.yml': LEADER }, folder: 'Solutions.v2' },
  'folder my walk': { files: { 'docker-compose.yml': LEADER }, folder: 'my walk' },
  'folder _-x': { files: { 'docker-compose.yml': LEADER }, folder: '_-x' },
  'folder é': { files: { 'docker-compose.yml': LEADER }, folder: 'é' },
  'folder 5': { files: { 'docker-compose.yml': LEADER }, folder: '5' },
  name: { files: { 'docker-compose.yml': `name: walk\n${LEADER}` } },
  'name upper': { files: { 'docker-compose.yml': `name: Walk\n${LEADER}` } },
  'name with a space': { files: { 'docker-compose.yml': `name: my walk\n${LEADER}` } },
  'name with a variable': { files: { 'docker-compose.yml': `name: \${N:-walk}\n${LEADER}` } },
  'name wins not over COMPOSE_PROJECT_NAME': {
    files: { 'docker-compose.yml': `name: walk\n${LEADER}` },
    env: { COMPOSE_PROJECT_NAME: 'other' },
  },
  COMPOSE_PROJECT_NAME: { files: { 'docker-compose.yml': LEADER }, env: { COMPOSE_PROJECT_NAME: 'other' } },
  'COMPOSE_PROJECT_NAME upper': {
    files: { 'docker-compose.yml': LEADER },
    env: { COMPOSE_PROJECT_NAME: 'Other' },
  },
  'COMPOSE_PROJECT_NAME empty': {
    files: { 'docker-compose.yml': LEADER },
    env: { COMPOSE_PROJECT_NAME: '' },
  },
  'COMPOSE_PROJECT_NAME in a value': {
    files: { 'docker-compose.yml': leader('hostname: $COMPOSE_PROJECT_NAME') },
  },
  '-p': {
    files: { 'docker-compose.yml': leader('hostname: $COMPOSE_PROJECT_NAME') },
    args: { project: 'walk' },
  },
  '-p upper': { files: { 'docker-compose.yml': LEADER }, args: { project: 'Walk' } },
  '-p bad': { files: { 'docker-compose.yml': LEADER }, args: { project: 'a b' } },
  '--project-directory': {
    files: { 'sub/docker-compose.yml': leader('volumes: ["./a:/b"]'), 'docker-compose.yml': LEADER },
    args: { directory: 'sub' },
  },
  '--project-directory with -f': {
    files: { 'sub/x': '', 'docker-compose.yml': leader('volumes: ["./a:/b"]') },
    args: { directory: 'sub', files: ['docker-compose.yml'] },
  },
  '-f in a folder below, and .env': {
    files: { 'sub/my.yml': other('x$X'), 'sub/.env': 'X=sub', '.env': 'X=top' },
    args: { files: ['sub/my.yml'] },
  },
  '-f in a folder below, and .env there only': {
    files: { 'sub/my.yml': other('x$X'), 'sub/.env': 'X=sub' },
    args: { files: ['sub/my.yml'] },
  },
  '--project-directory, and .env': {
    files: { 'sub/docker-compose.yml': other('x$X'), 'sub/.env': 'X=sub', '.env': 'X=top' },
    args: { directory: 'sub' },
  },
  'COMPOSE_FILE in .env': {
    files: { 'my.yml': other('m'), 'docker-compose.yml': LEADER, '.env': 'COMPOSE_FILE=my.yml' },
  },
  'COMPOSE_FILE with two': {
    files: { 'a.yml': other('a'), 'b.yml': 'services:\n  leader:\n    hostname: b\n' },
    env: { COMPOSE_FILE: 'a.yml:b.yml' },
  },
  'COMPOSE_PROFILES, all': {
    files: { 'docker-compose.yml': leader('profiles: [x]') },
    env: { COMPOSE_PROFILES: '*' },
  },
  'COMPOSE_PROFILES in .env': {
    files: { 'docker-compose.yml': leader('profiles: [x]'), '.env': 'COMPOSE_PROFILES=y,x' },
  },
  'Latin-1': { files: { 'docker-compose.yml': Buffer.from(`# caf\u00e9 x\n${LEADER}`, 'latin1') } },
  'Latin-1 at the end': { files: { 'docker-compose.yml': Buffer.from(`${LEADER}# caf\u00e9`, 'latin1') } },
  'a stray byte': { files: { 'docker-compose.yml': Buffer.from([0x23, 0x80, 0x0a]) } },
  'UTF-16': { files: { 'docker-compose.yml': Buffer.from(`\ufeff${LEADER}`, 'utf16le') } },
  binary: { files: { 'docker-compose.yml': Buffer.from([0, 1, 2, 3]) } },
  'name with a slash': { files: { 'docker-compose.yml': `name: a/b\n${LEADER}` } },
  'name is a list': { files: { 'docker-compose.yml': `name: [a]\n${LEADER}` } },
  'name is a list, -p': {
    files: { 'docker-compose.yml': `name: [a]\n${LEADER}` },
    args: { project: 'walk' },
  },
  'just words, -p': { files: { 'docker-compose.yml': 'just words\n' }, args: { project: 'walk' } },
  'many words': { files: { 'docker-compose.yml': 'just too many words\n' } },
  'a key twice, -p': {
    files: { 'docker-compose.yml': `${LEADER}    image: x\n` },
    args: { project: 'walk' },
  },
  'two keys twice': {
    files: {
      'docker-compose.yml': `${leader('restart: a', 'restart: b', 'environment:', '  A: 1', '  A: 2')}`,
    },
  },
  ...overrides(
    ['ports: ["1:2"]', 'ports: "1:2"'],
    ['restart: always', 'restart: [a]'],
    ['labels: {a: 1, b: 2}', 'labels: [b=3, c]'],
    ['labels: [a=1]', 'labels: {a: 2}'],
    ['logging: {driver: local, options: {a: b}}', 'logging: {driver: json-file}'],
    ['logging: {driver: local, options: {a: b}}', 'logging: {options: {c: d}}'],
    ['healthcheck: {test: [CMD, x]}', 'healthcheck: {test: [CMD, y]}'],
    ['command: a b', 'command: [c]'],
    ['command: a b', 'command:'],
    ['command: a b', 'command: []'],
    ['depends_on: [f]', 'depends_on: [g]'],
    ['depends_on: {f: {condition: service_healthy}}', 'depends_on: [f]'],
    ['depends_on: [f]', 'depends_on: {f: {condition: service_healthy}}'],
    ['networks: [a]', 'networks: [b]'],
    ['networks: {a: {aliases: [x]}}', 'networks: [a]'],
    ['networks: {a: {aliases: [x]}}', 'networks: {a: {aliases: [y]}}'],
    ['networks: [a]', 'networks: {a: {aliases: [y]}}'],
    ['networks: {a: {aliases: [x]}}', 'networks: {a: }'],
    ['volumes: ["./a:/x:ro"]', 'volumes: ["./b:/x"]'],
    ['volumes: ["./a:/x"]', 'volumes: [{type: bind, source: ./b, target: /x}]'],
    ['environment: [A=1]', 'environment: {A: }'],
    ['environment: {A: 1.50}', 'environment: [B=1]'],
    ['environment: {A: 1}', 'environment:'],
    ['dns: 1.1.1.1', 'dns: [8.8.8.8]'],
    ['tmpfs: /a', 'tmpfs: /b'],
    ['ulimits: {nofile: 5}', 'ulimits: {nofile: {soft: 1, hard: 2}}'],
    ['ulimits: {nofile: {soft: 1, hard: 2}}', 'ulimits: {nofile: 5}'],
    ['privileged: true', 'privileged: false'],
    ['entrypoint: a', 'entrypoint: [b]'],
    ['entrypoint: [a]', 'entrypoint: [b]'],
    ['command: [a]', 'command: b c'],
    ['annotations: {a: 1}', 'annotations: [b=2]'],
    ['dns_search: a', 'dns_search: b'],
    ['env_file: a.env', 'env_file: [b.env]'],
    ['build: {args: {A: 1}}', 'build: {args: [B=2]}'],
    ['deploy: {labels: {a: 1}}', 'deploy: {labels: [b=2]}'],
    ['extra_hosts: {a: 1.1.1.1}', 'extra_hosts: ["b:2.2.2.2"]'],
    ['sysctls: {a: 1}', 'sysctls: [b=2]'],
    ['cap_add: [A]', 'cap_add: [A, B]'],
    ['expose: [1]', 'expose: ["1", 2]'],
    ['build: .', 'build: {context: x}'],
    ['x-a: {b: 1}', 'x-a: {c: 1}'],
    ['stop_grace_period: 5s', 'stop_grace_period: 1m'],
    ['profiles: [a]', 'profiles: [b]'],
    ['restart: always', 'imge: x'],
    ['imge: x', 'restart: always'],
  ),
  'an override without services': {
    files: {
      'docker-compose.yml': LEADER,
      'docker-compose.override.yml': 'networks: {default: {name: other}}\n',
    },
  },
  'an override with a version': {
    files: {
      'docker-compose.yml': `version: "3"\n${LEADER}`,
      'docker-compose.override.yml': 'version: "3"\n',
    },
  },
  'an override with a name': {
    files: { 'docker-compose.yml': `name: one\n${LEADER}`, 'docker-compose.override.yml': 'name: two\n' },
  },
  'name broken yaml': { files: { 'docker-compose.yml': `name: walk\nservices:\n  a: b: c\n` } },
};
