import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printConfig } from '../../../../src/lab/sandbox/compose/print.ts';
import { type ResolvedCompose, resolveCompose } from '../../../../src/lab/sandbox/compose/resolve.ts';
import { temporaryFolder } from '../../learn/temp-folder.ts';
import type { Case } from './cases/case.ts';
import { type Answer, ENV, inWorkspace, record, recorded, topics } from './recorded.ts';

/** RECORD_COMPOSE=1 asks the Compose of this machine anew. It takes about ten minutes. */
const RECORD_MS = 1_200_000;
let answers = new Map<string, Answer>();
beforeAll(async () => {
  if (process.env.RECORD_COMPOSE === '1') await record();
  answers = await recorded();
}, RECORD_MS);

interface Ours {
  resolved: ResolvedCompose;
  json: string;
  yaml: string;
}

/** What we make of a case, with the placeholders of the record. */
async function ours(one: Case): Promise<Ours> {
  return inWorkspace(one, async (workspace) => {
    const resolved = await resolveCompose({ workspace, env: { ...ENV, ...one.env }, ...one.args });
    const print = (format: 'json' | 'yaml') =>
      resolved.state === 'ok' ? printConfig(resolved.config, format) : '';
    const written = JSON.stringify({ resolved, json: print('json'), yaml: print('yaml') });
    const anonymous = written.replaceAll(workspace, '<ws>').replaceAll(path.dirname(workspace), '<above>');
    return JSON.parse(anonymous) as Ours;
  });
}

/** The record's error text and warnings. */
function said({ stderr }: Answer): { text: string; warnings: string[] } {
  const lines = stderr.split('\n');
  const prefix = 'level=warning msg=';
  return {
    text: lines
      .filter((line) => !line.startsWith(prefix))
      .join('\n')
      .replace(/\n$/, ''),
    warnings: lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => JSON.parse(line.slice(prefix.length))),
  };
}

/** Where we know that we differ, and why. */
const DIFFERENT = new Map([
  ['services:\n  leader:\n    image: !reset null\n', 'refused by name'],
  ['a name with a variable that is not set', 'Compose warns once more, since it reads the name twice'],
]);

/** The extensions of a service are in Compose's YAML and not in its JSON, so a config does not have them. */
const withoutExtensions = (yaml: string) => yaml.replaceAll(/^ {4}x-.*\n(?: {6}.*\n)*/gm, '');

describe.each(Object.entries(topics))('Compose and we agree on %s:', (topic, cases) => {
  it.each(Object.entries(cases).filter(([name]) => !DIFFERENT.has(name)))('%j', async (name, one) => {
    const answer = answers.get(`${topic}\0${name}`);
    expect(answer, 'not recorded: run with RECORD_COMPOSE=1').toBeDefined();
    if (answer === undefined) return;
    const { text, warnings } = said(answer);
    const { resolved, json, yaml } = await ours(one);
    if (resolved.state === 'ok') {
      expect({ code: 0, config: resolved.config, warnings: resolved.warnings }).toEqual({
        code: answer.code,
        config: answer.json,
        warnings,
      });
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(answer.json));
      expect(yaml).toBe(withoutExtensions(answer.yaml));
    } else {
      const { text: ourText, exitCode } = resolved;
      const shown = (words: string) => (one.words === 'differ' ? words.slice(0, 'yaml: '.length) : words);
      expect({ exitCode, text: shown(ourText), warnings: resolved.warnings }).toEqual({
        exitCode: answer.code,
        text: shown(text),
        warnings,
      });
    }
  });
});

describe('the state of a compose file', () => {
  const file = (text: string): Case => ({ files: { 'docker-compose.yml': text } });

  it('is missing where there is none, and where it is a folder', async () => {
    expect((await ours({ files: {} })).resolved).toMatchObject({
      state: 'missing',
      text: 'no configuration file provided: not found',
    });
    expect((await ours({ files: { 'docker-compose.yml': null } })).resolved).toMatchObject({
      state: 'missing',
      text: 'read <ws>/docker-compose.yml: is a directory',
    });
  });

  it('is invalid with the first line that Compose prints', async () => {
    const twice = 'services:\n  leader:\n    image: a\n    image: b\n';
    expect((await ours(file(twice))).resolved).toMatchObject({
      state: 'invalid',
      message: 'yaml: unmarshal errors:',
      text: 'yaml: unmarshal errors:\n  line 4: mapping key "image" already defined at line 3',
    });
  });

  it.each([
    ['extends', 'services:\n  leader:\n    extends: follower\n'],
    ['develop', 'services:\n  leader:\n    image: a\n    develop: {}\n'],
    ['label_file', 'services:\n  leader:\n    image: a\n    label_file: x\n'],
    ['include', 'include: [a.yml]\nservices: {}\n'],
    ['the tag !reset', 'services:\n  leader:\n    image: !reset null\n'],
    ['the tag !override', 'services:\n  leader:\n    ports: !override ["1:2"]\n'],
  ])('is unknown where the file uses %s, and says so', async (what, text) => {
    const { resolved } = await ours(file(text));
    expect(resolved).toMatchObject({ state: 'unknown', exitCode: 125 });
    expect(resolved).toHaveProperty(
      'message',
      expect.stringContaining(`the sandbox does not know ${what} in a`),
    );
  });
});

describe('a compose file above', () => {
  const below = async () => {
    const folder = await temporaryFolder();
    const inside = path.join(folder, 'lab', 'leader');
    await mkdir(inside, { recursive: true });
    await writeFile(
      path.join(folder, 'lab', 'compose.yml'),
      'services:\n  a:\n    image: x\n    volumes: ["./d:/d"]\n',
    );
    return { workspace: inside, lab: path.join(folder, 'lab') };
  };

  it('is not that of the workspace', async () => {
    const { workspace } = await below();
    expect(await resolveCompose({ workspace, env: ENV })).toMatchObject({ state: 'missing' });
  });

  it('is found from where a command is typed', async () => {
    const { workspace, lab } = await below();
    const resolved = await resolveCompose({ workspace: lab, cwd: workspace, env: ENV });
    expect(resolved).toMatchObject({
      state: 'ok',
      directory: lab,
      files: [path.join(lab, 'compose.yml')],
      config: { name: 'lab', services: { a: { volumes: [{ source: path.join(lab, 'd') }] } } },
    });
  });
});
