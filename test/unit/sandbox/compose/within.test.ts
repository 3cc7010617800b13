import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ComposeRequest, resolveCompose } from '../../../../src/lab/sandbox/compose/resolve.ts';
import { temporaryFolder } from '../../learn/temp-folder.ts';

/** A compose file of a stranger: `within` is its folder. Beside it is a secret. */
let workspace = '';
let secret = '';
beforeEach(async () => {
  const folder = await temporaryFolder();
  workspace = path.join(folder, 'lab');
  secret = path.join(folder, 'secret');
  await mkdir(workspace);
  await writeFile(secret, 'TOKEN=hidden-token\n');
});

const SERVICE = 'services:\n  leader:\n    image: postgres:14\n';

async function resolve(files: Record<string, string>, more: Partial<ComposeRequest> = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(workspace, name), text);
  return resolveCompose({ workspace, env: {}, within: workspace, ...more });
}

describe('what is outside is not read:', () => {
  const refuses = async (answer: ReturnType<typeof resolve>, file: string) => {
    const resolved = await answer;
    expect(resolved).toMatchObject({ state: 'invalid', outside: file });
    expect(JSON.stringify(resolved)).not.toContain('hidden-token');
  };
  const withEnvFile = (file: string) => ({ 'compose.yml': `${SERVICE}    env_file: ${file}\n` });

  it('an env_file by its absolute path', () => refuses(resolve(withEnvFile(secret)), secret));
  it('an env_file by ..', () => refuses(resolve(withEnvFile('../secret')), secret));
  it('an env_file by a link', async () => {
    await symlink(secret, path.join(workspace, 'link'));
    await refuses(resolve(withEnvFile('link')), path.join(workspace, 'link'));
  });
  it('an env_file by a linked folder', async () => {
    await symlink('..', path.join(workspace, 'up'));
    await refuses(resolve(withEnvFile('up/secret')), path.join(workspace, 'up/secret'));
  });
  it('an env_file by a variable', () =>
    refuses(resolve({ ...withEnvFile('$P'), '.env': `P=${secret}\n` }), secret));
  it('.env as a link', async () => {
    await symlink(secret, path.join(workspace, '.env'));
    await refuses(resolve({ 'compose.yml': SERVICE }), path.join(workspace, '.env'));
  });
  it('the compose file as a link', async () => {
    await symlink(secret, path.join(workspace, 'compose.yml'));
    await refuses(resolve({}), path.join(workspace, 'compose.yml'));
  });
  it('the file that is put over it as a link', async () => {
    await symlink(secret, path.join(workspace, 'compose.override.yml'));
    await refuses(resolve({ 'compose.yml': SERVICE }), path.join(workspace, 'compose.override.yml'));
  });
  it('a file that COMPOSE_FILE names', () =>
    refuses(resolve({ '.env': 'COMPOSE_FILE=../secret\n' }), secret));
  it('a file that -f names', () => refuses(resolve({}, { files: [secret] }), secret));
  it('a compose file in a folder above', async () => {
    await writeFile(path.join(workspace, '..', 'compose.yml'), SERVICE);
    expect(await resolve({}, { cwd: workspace })).toMatchObject({ state: 'missing' });
  });
  it.each(['include: [../secret]\n', `${SERVICE}    extends: {file: ../secret, service: a}\n`])(
    'what other files bring: %j',
    async (text) => {
      expect(await resolve({ 'compose.yml': text })).toMatchObject({ state: 'unknown' });
    },
  );
});

describe('what is inside is read:', () => {
  it('.env, env_file and links to them', async () => {
    await mkdir(path.join(workspace, 'env'));
    await writeFile(path.join(workspace, 'env', 'real'), 'B=2\n');
    await symlink('env/real', path.join(workspace, 'link'));
    const text = `${SERVICE}    env_file: [link]\n    hostname: h$A\n`;
    expect(await resolve({ 'compose.yml': text, '.env': 'A=1\n' })).toMatchObject({
      state: 'ok',
      config: { services: { leader: { hostname: 'h1', environment: { B: '2' } } } },
    });
  });
  it('nothing of our environment, and no home of ours', async () => {
    const text = `${SERVICE}    hostname: "a$HOME$PATH$USER"\n    environment: [PATH, HOME]\n    volumes: ["~/x:/x"]\n`;
    expect(await resolve({ 'compose.yml': text })).toMatchObject({
      state: 'ok',
      config: {
        services: {
          leader: {
            hostname: 'a',
            environment: { PATH: null, HOME: null },
            volumes: [{ source: '/nonexistent/x' }],
          },
        },
      },
    });
  });
});

it('does not wait for a FIFO', async () => {
  await promisify(execFile)('mkfifo', [path.join(workspace, '.env')]);
  expect(await resolve({ 'compose.yml': SERVICE })).toMatchObject({ state: 'invalid' });
});

const alphabet = [...'bcdefghijk'];
const laughs = alphabet.map((one, i) => `x-${one}: &${one} [${`*${['a', ...alphabet][i]},`.repeat(9)}x]\n`);
const doubling = alphabet.map((one, i) => `${one}=${`$${['a', ...alphabet][i]}`.repeat(10)}\n`);
const lines = (line: string, bytes = 32_000) => line.repeat(Math.floor(bytes / line.length));

/** Files that would take minutes or gigabytes. */
const BOMBS: [string, Record<string, string>][] = [
  ['a billion laughs', { 'compose.yml': `x-a: &a [x,x,x,x,x,x,x,x,x]\n${laughs.join('')}${SERVICE}` }],
  ['thousands of aliases', { 'compose.yml': `x-a: &a 1\nx-b: [${lines('*a ,', 30_000)}1]\n` }],
  [
    'merges of merges',
    { 'compose.yml': `x-a: &a {k: v}\nx-b:\n${lines('  - {<<: [*a,*a,*a,*a]}\n', 30_000)}` },
  ],
  ['brackets in brackets', { 'compose.yml': `a: ${'['.repeat(15_000)}${']'.repeat(15_000)}` }],
  ['mappings in mappings', { 'compose.yml': lines('{a: ') }],
  ['one key again and again', { 'compose.yml': lines('a:\n') }],
  ['lines that are not indented', { 'compose.yml': `a: [\n${lines('b,\n', 31_000)}]\n` }],
  ['a quote over all lines', { 'compose.yml': `a:\n  b: "\n${lines('c\n', 31_000)}"\n` }],
  ['thousands of documents', { 'compose.yml': `${SERVICE}${lines('---\nx-a: 1\n', 31_000)}` }],
  [
    'all ports, many times',
    { 'compose.yml': `${SERVICE}    ports:\n${lines('      - "1-65000"\n', 30_000)}` },
  ],
  ['a file of 100 KB', { 'compose.yml': lines('# a\n', 100_000) }],
  ['defaults of defaults', { 'compose.yml': `${SERVICE}    hostname: "${lines('${A:-', 20_000)}"\n` }],
  [
    'variables that double',
    { 'compose.yml': `${SERVICE}    hostname: $k\n`, '.env': `a=xxxxxxxxxx\n${doubling.join('')}` },
  ],
  [
    'an env_file again and again',
    {
      'compose.yml': `${SERVICE}    env_file: [${Array.from({ length: 100 }, (_, i) => `${'./'.repeat(i)}e`).join()}]\n`,
      e: lines('a=b\n'),
    },
  ],
];

it.each(BOMBS)(
  'refuses in time: %s',
  async (_, files) => {
    const start = performance.now();
    expect(await resolve(files)).toMatchObject({ state: 'invalid' });
    expect(performance.now() - start).toBeLessThan(15_000);
  },
  20_000,
);

it('refuses a billion laughs of a learner in the words of Compose', async () => {
  await writeFile(path.join(workspace, 'compose.yml'), BOMBS[0]?.[1]['compose.yml'] ?? '');
  expect(await resolveCompose({ workspace, env: {} })).toMatchObject({
    state: 'invalid',
    message: 'yaml: document contains excessive aliasing',
  });
});
