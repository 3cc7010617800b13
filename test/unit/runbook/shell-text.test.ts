import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  delimiterFor,
  PROJECT_MARK,
  quoted,
  quotedWithVariable,
  withVariable,
  writeLines,
} from '../../../src/runbook/shell-text.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

const bash = (script: string, cwd = '/') => execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd });

/** Texts that bash, a heredoc or printf could read in another way. */
const ODD = [
  'plain',
  "it's",
  `"both" 'kinds'`,
  '$HOME `id` $(id) $x \\ \\n %s %d %',
  '!! #c ~ * ? [a] {a,b}',
  'a\tb\r\nc\r\n',
  '\ufeffwith a mark',
  'ö 学習 🎓',
  '-n',
  'END_OF_FILE\nEND_OF_FILE_2\n',
  '\n\n\nlast\n\n',
];

describe('a word for the shell', () => {
  it.each(ODD)('%j comes out as it went in', (text) => {
    expect(bash(`printf '%s' ${quoted(text)}`)).toBe(text);
    expect(
      bash(`project=p-1; printf '%s' ${quotedWithVariable(`${PROJECT_MARK}${text}${PROJECT_MARK}`)}`),
    ).toBe(`p-1${text}p-1`);
  });
});

describe('the project in a command', () => {
  it.each([
    [`echo --net=${PROJECT_MARK}_x`, '--net=p_x'],
    [`echo "a ${PROJECT_MARK}_x"`, 'a p_x'],
    [`echo 'a ${PROJECT_MARK}_x'`, 'a p_x'],
    [`echo \\'${PROJECT_MARK}_x\\' "it's ${PROJECT_MARK}" '"${PROJECT_MARK}"'`, `'p_x' it's p "p"`],
    [`sh -c 'echo "${PROJECT_MARK}" \\\n  b'`, 'p b'],
  ])('%j', (command, printed) => {
    expect(bash(`project=p; ${withVariable(command)}`)).toBe(`${printed}\n`);
  });
});

describe('the end of a heredoc', () => {
  it.each([...ODD, 'xEND_OF_FILEx END_OF_FILE_2 END_OF_FILE_3'])('stands nowhere in %j', (text) => {
    expect(text).not.toContain(delimiterFor(text));
    expect(delimiterFor(text)).toMatch(/^\w+$/);
  });

  it('is found whatever the text is made of', () => {
    // A fixed sequence of numbers, so that a failure can be seen again.
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const pieces = ['END_OF_FILE', '_', '2', '3', '1', '\n', 'x', 'END_OF_FILE_2'];
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join('');
      expect(text).not.toContain(delimiterFor(text));
    }
  });
});

describe('the lines that write a file', () => {
  const written = async (bytes: Uint8Array, rename: Parameters<typeof writeLines>[2] = null) => {
    const folder = await temporaryFolder();
    const script = path.join(folder, 'write.sh');
    await writeFile(
      script,
      ['set -eu', 'project=new', ...writeLines('the file', bytes, rename), ''].join('\n'),
    );
    execFileSync('bash', [script], { cwd: folder });
    return readFile(path.join(folder, 'the file'));
  };

  it.each([...ODD, ...ODD.map((text) => `${text}\n`), '', '\n'])('%j', async (text) => {
    expect((await written(Buffer.from(text))).toString()).toBe(text);
  });

  it.each<[string, number[]]>([
    ['all bytes there are', Array.from({ length: 256 }, (_, byte) => byte)],
    ['UTF-16, as an editor on Windows may write it', [...Buffer.from('\ufeffa\r\n', 'utf16le')]],
  ])('%s', async (_, bytes) => {
    expect([...(await written(Uint8Array.from(bytes)))]).toEqual(bytes);
  });

  it('name the network of the folder that they run in', async () => {
    const rename = { from: 'old_net', to: `${PROJECT_MARK}_net` };
    const text = "docker run --network=old_net 'old_net'\nold_net";
    expect((await written(Buffer.from(text), rename)).toString()).toBe(text.replaceAll('old', 'new'));
    expect((await written(Buffer.from(`${text}\n`), rename)).toString()).toBe(
      `${text.replaceAll('old', 'new')}\n`,
    );
  });
});
