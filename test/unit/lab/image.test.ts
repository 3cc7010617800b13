import { PassThrough, Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { describe, expect, it } from 'vitest';
import { advance, explainPull, imageState, pullImage } from '../../../src/lab/docker/image.ts';

type Layers = Parameters<typeof advance>[0];
const bar = (id: string, status: string, current: number, total = 100) => ({
  id,
  status,
  progressDetail: { current, total },
});

describe('the progress of a pull', () => {
  it('says a layer once, when it is done', () => {
    const layers: Layers = new Map();
    const events = [
      { id: '14', status: 'Pulling from library/postgres' },
      { id: 'a1', status: 'Pulling fs layer', progressDetail: {} },
      { id: 'b2', status: 'Already exists', progressDetail: {} },
      bar('a1', 'Downloading', 40),
      { id: 'a1', status: 'Verifying Checksum', progressDetail: {} },
      { id: 'a1', status: 'Download complete', progressDetail: {} },
      bar('a1', 'Extracting', 100),
      { id: 'a1', status: 'Pull complete', progressDetail: {} },
      { id: 'a1', status: 'Pull complete', progressDetail: {} },
      { status: 'Digest: sha256:0123' },
      { status: 'Status: Downloaded newer image for postgres:14' },
    ];
    expect(events.flatMap((event) => advance(layers, event))).toEqual([
      'layer b2: already exists',
      'layer a1: pull complete',
    ]);
  });

  it('knows how far each layer is, and that a complete one is all there', () => {
    const layers: Layers = new Map();
    advance(layers, bar('a1', 'Downloading', 40));
    advance(layers, bar('b2', 'Downloading', 5, 10));
    expect(layers.get('a1')).toEqual({ status: 'Downloading', current: 40, total: 100 });
    advance(layers, { id: 'a1', status: 'Download complete', progressDetail: {} });
    expect(layers.get('a1')).toEqual({ status: 'Download complete', current: 40, total: 100 });
    advance(layers, { id: 'a1', status: 'Pull complete' });
    expect(layers.get('a1')).toEqual({ status: 'Pull complete', current: 100, total: 100 });
    expect(layers.get('b2')?.current).toBe(5);
  });
});

describe('a pull that fails', () => {
  it.each([
    ['toomanyrequests: You have reached your pull rate limit.', /allows no more pulls.*docker login/],
    [
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      /can not be reached.*docker load/,
    ],
    ['dial tcp 1.2.3.4:443: connect: network is unreachable', /can not be reached/],
    ['net/http: TLS handshake timeout', /can not be reached/],
    ['manifest for postgres:99 not found: manifest unknown: manifest unknown', /no such image/],
    ['no matching manifest for linux/riscv64 in the manifest list entries', /no such image/],
    ['failed to register layer: write /usr/lib/x: no space left on device', /disk is full.*docker system df/],
  ])('is explained: %s', (message, words) => {
    expect(explainPull(message)).toMatch(words);
  });

  it('that nobody foresaw is said in the engine’s own words, with one full stop', () => {
    expect(explainPull('something odd\n')).toBe('something odd.');
    expect(explainPull('something odd.')).toBe('something odd.');
  });
});

/** A client whose engine answers a pull with these lines. */
const stubClient = (lines: string[], chunk = 1000): Dockerode => {
  const text = lines.map((line) => `${line}\r\n`).join('');
  const chunks = Array.from({ length: Math.ceil(text.length / chunk) }, (_, i) =>
    text.slice(i * chunk, (i + 1) * chunk),
  );
  return { pull: async () => Readable.from(chunks) } as unknown as Dockerode;
};

async function pull(docker: Dockerode, signal = new AbortController().signal) {
  let output = '';
  const problem = await pullImage(
    docker,
    'postgres:14',
    (text) => {
      output += text;
    },
    signal,
  );
  return { problem, output };
}

describe('pulling', () => {
  const lines = [
    JSON.stringify(bar('a1', 'Downloading', 1)),
    'not JSON',
    '',
    JSON.stringify({ id: 'a1', status: 'Pull complete' }),
  ];

  it.each([1000, 7])('ends without a problem, in chunks of %i characters', async (chunk) => {
    const { problem, output } = await pull(stubClient(lines, chunk));
    expect(problem).toBeNull();
    expect(output).toContain('Pulling postgres:14\n');
    expect(output).toContain('layer a1: pull complete\n');
  });

  it('finds the error that the engine puts into the stream', async () => {
    const { problem } = await pull(
      stubClient([...lines, JSON.stringify({ error: 'write /x: no space left on device' })]),
    );
    expect(problem).toMatch(/^The image postgres:14 can't be pulled: the disk is full/);
  });

  it('says why, when the engine refuses at once', async () => {
    const client = { pull: () => Promise.reject(new Error('pull access denied')) } as unknown as Dockerode;
    expect((await pull(client)).problem).toBe("The image postgres:14 can't be pulled: pull access denied.");
  });

  it('stops when it is told to, although the engine says nothing more', async () => {
    const stream = new PassThrough();
    stream.write(`${lines[0]}\n`);
    const client = { pull: async () => stream } as unknown as Dockerode;
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    expect((await pull(client, abort.signal)).problem).toBe('Pulling postgres:14 was stopped.');
    expect(stream.destroyed).toBe(true);
  });
});

describe('the image', () => {
  const stub = (inspect: () => Promise<unknown>) =>
    ({ getImage: () => ({ inspect }) }) as unknown as Dockerode;

  it('is present, with its major version', async () => {
    const found = {
      Id: 'sha256:1',
      Architecture: 'arm64',
      Config: { Env: ['PATH=/bin', 'PG_MAJOR=14', 'PG_VERSION=14.19'] },
    };
    expect(
      await imageState(
        stub(async () => found),
        'postgres:14',
      ),
    ).toEqual({
      state: 'present',
      reference: 'postgres:14',
      id: 'sha256:1',
      arch: 'arm64',
      major: 14,
    });
  });

  it('may not say its version', async () => {
    const found = { Id: 'sha256:1', Architecture: 'amd64', Config: {} };
    expect(
      await imageState(
        stub(async () => found),
        'x',
      ),
    ).toMatchObject({ state: 'present', major: null });
  });

  it.each([
    [404, 'missing'],
    [500, 'unknown'],
    [undefined, 'unknown'],
  ])('with status %s is %s', async (statusCode, state) => {
    const docker = stub(() => Promise.reject(Object.assign(new Error('no'), { statusCode })));
    expect(await imageState(docker, 'postgres:14')).toEqual({ state, reference: 'postgres:14' });
  });
});
