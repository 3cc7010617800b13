import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { findEndpoint } from '../../lab/docker/endpoint.ts';
import { connect } from '../../lab/docker/engine.ts';
import { collectOutput } from '../output.ts';
import { outOfTime } from '../remarks.ts';
import type { CleanRoom, Ran, RoomOptions } from '../room.ts';
import { openWork } from '../timed.ts';
import type { Remark } from '../types.ts';
import { runDocker } from './command.ts';
import { type DiskWatch, watchDisk } from './disk.ts';
import { DockerEngine } from './engine.ts';
import { watchEngine } from './engine-watch.ts';
import { asking, engineGone } from './failures.ts';
import { openGate } from './gate.ts';
import type { Ground } from './ground.ts';
import { roomLab } from './lab.ts';
import { FOLDER, LABEL, newRoomId, ownerLabel, prefixOf } from './names.ts';
import { runAsRoot } from './root.ts';
import { runContained } from './script.ts';
import type { Ask } from './spool.ts';
import { removeAll, removeCopy, sweep } from './sweep.ts';

export { sweepRooms } from './sweep.ts';

const MOST_REMARKS = 200;

/**
 * A clean room on the Docker engine of this machine. Rooms that a killed process left are removed first. Throws
 * UnusableError when the engine or the image is not there.
 */
export async function openDockerRoom(options: RoomOptions): Promise<CleanRoom> {
  const endpoint = await findEndpoint(process.env);
  const docker = await connect(endpoint, process.env);
  if (!docker) throw engineGone(`${endpoint.url} can't be reached`);
  const id = newRoomId();
  const prefix = prefixOf(id);
  const image = options.names.image ?? '';
  const [known, { NCPU: processors }] = await asking(
    Promise.all([docker.getImage(image).inspect(), docker.info() as Promise<{ NCPU: number }>]),
    prefix,
  );
  await sweep(docker);
  const presence = await asking(watchEngine(docker, id, endpoint, process.env), prefix);
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), FOLDER)));
  const remarks: Remark[] = [];
  const ground: Ground = {
    docker,
    env: { ...process.env, ...(endpoint.tellCli ? { DOCKER_HOST: endpoint.url } : {}) },
    id,
    prefix,
    labels: { [LABEL.room]: id, [LABEL.owner]: ownerLabel(folder) },
    workspace: options.workspace,
    folder,
    // By its id: whatever becomes of the name, nothing else runs here.
    image: known.Id,
    imageVolumes: Object.keys((known.Config.Volumes ?? {}) as Record<string, object>),
    limits: options.limits,
    processors,
    gate: openGate(docker, id),
    remark({ kind, id, where, message }) {
      // A script can have any number of commands refused, each as long as it likes.
      const remark = {
        kind,
        id: id.slice(0, 60),
        where: where.slice(0, 300),
        message: message.slice(0, 600),
      };
      const same = (one: Remark) => one.id === remark.id && one.where === remark.where;
      if (remarks.length < MOST_REMARKS && !remarks.some(same)) remarks.push(remark);
    },
  };
  const work = openWork();
  let disk: DiskWatch | undefined;
  const engine = new DockerEngine(ground, () => disk?.change());
  /** Aborted when the room is closed, and anew each time that it is too large. */
  let running = new AbortController();
  disk = watchDisk(ground, [ground.folder], (what) => {
    ground.remark({
      kind: 'limit',
      id: 'disk',
      where: path.basename(ground.workspace),
      message: `All was ended because it took ${what} on the disk, and it may have ${options.limits.diskMb} MB.`,
    });
    running.abort();
    running = new AbortController();
    void engine.killAll().catch(() => {});
  });

  /** Serves what a script asks for. */
  const serve =
    (where: string) =>
    (ask: Ask): Promise<number> => {
      const world = (one: Ask) => ({ engine, terminal: false, ...one });
      const asDocker = (one: Ask) =>
        runDocker(one.argv, world(one), { where, redirected: one.redirected, remark: ground.remark });
      return ask.program === 'sudo' ? runAsRoot(ask, ground, asDocker) : asDocker(ask);
    };

  async function contained(
    argv: string[],
    where: string,
    write: (chunk: Buffer) => void,
    signal: AbortSignal | undefined,
  ): Promise<{ exitCode: number | null; timedOut: boolean; ms: number }> {
    const { seconds } = options.limits.script;
    const ran = await work.add({ seconds, signals: [signal, running.signal] }, (limited) =>
      runContained(ground, { argv, where, signal: limited, write, serve: serve(where) }),
    );
    if (ran.timedOut) ground.remark(outOfTime(where, seconds));
    return ran;
  }

  const lab = roomLab({
    ground,
    engine,
    endpoint,
    names: options.names,
    async run(command, { onOutput, signal }) {
      const write = (chunk: Buffer) => onOutput(chunk.toString('utf8'));
      const { exitCode, ms } = await contained(['bash', '-c', command], command, write, signal);
      return { exitCode, cancelled: signal.aborted, durationMs: ms };
    },
    clear: () => removeAll(docker, id),
  });

  let closing: Promise<void> | undefined;
  const close = async () => {
    running.abort();
    engine.rest();
    await disk?.close();
    // What was just being made is there a moment later.
    await work.over();
    try {
      await removeAll(docker, id);
      await removeCopy(ground);
    } finally {
      presence.close();
      await rm(ground.folder, { recursive: true, force: true });
    }
  };

  return {
    lab,
    async docker(argv, { stdin = '', signal, seconds = options.limits.script.seconds } = {}): Promise<Ran> {
      const output = collectOutput();
      const where = `docker ${argv.join(' ')}`;
      const sink = () => sinkTo(output.write);
      const ran = await work.add({ seconds, signals: [signal, running.signal] }, async (limited) => {
        const streams = { stdin: Readable.from([Buffer.from(stdin)]), stdout: sink(), stderr: sink() };
        const world = {
          engine,
          env: {},
          cwd: ground.workspace,
          terminal: false,
          signal: limited,
          ...streams,
        };
        const code = await runDocker(argv, world, { where, remark: ground.remark });
        return limited.aborted ? null : code;
      });
      return { ...ran, output: output.done() };
    },
    async script(file, { signal } = {}): Promise<Ran> {
      const output = collectOutput();
      const ran = await contained(['bash', '--', file], file, output.write, signal);
      return { ...ran, output: output.done() };
    },
    assertSound: () => presence.assertThere(),
    remarks: () => [...remarks],
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const sinkTo = (write: (chunk: Buffer) => void): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      write(chunk);
      done();
    },
  });
