import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import type { Ground } from './ground.ts';
import { bind, confined, inMemory, READ_ONLY } from './host-config.ts';
import { LABEL } from './names.ts';
import { volumes } from './volumes.ts';

export interface DiskWatch {
  /** Looks at the room's volumes anew. */
  change(): void;
  close(): Promise<void>;
}

/** Files and folders of a room; more of them would use up the disk without filling it. */
const MOST_FILES = 200_000;
const WATCH = { memoryMb: 64, cpus: 0.25, processes: 16 };
const PAUSE_SECONDS = 1;

/** Prints a line every second: KB and number of files of the folders that are its arguments. */
const LOOP = `while :; do
  size=$(du -skc "$@" 2>/dev/null | tail -n 1); files=$(du -sc --inodes "$@" 2>/dev/null | tail -n 1)
  echo "\${size%%[!0-9]*} \${files%%[!0-9]*}"; sleep ${PAUSE_SECONDS}
done`;

/**
 * Watches how large the room is: the copy, the spool, its volumes, and what its containers wrote elsewhere. A container
 * of its own looks at the folders: nobody else may look into those of the server's user, and it costs no start a look.
 * @param over Called at each look that finds too much, with what was found.
 */
export function watchDisk(ground: Ground, folders: string[], over: (what: string) => void): DiskWatch {
  const { docker, limits, id: room } = ground;
  let container: Dockerode.Container | undefined;
  let closed = false;
  let stale = false;
  let foldersKb = 0;
  let work: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const names = (await volumes(ground)).map(({ name }) => name);
    const binds = [ground.workspace, ...folders].map((source, at) => bind(source, `/watched/${at}`, true));
    const mounted = names.map((name, at) => ({
      Type: 'volume' as const,
      Source: `${ground.prefix}${name}`,
      Target: `/watched/volume-${at}`,
      ReadOnly: true,
    }));
    const mounts = [...binds, ...mounted];
    const made = await docker.createContainer({
      Image: ground.image,
      Entrypoint: ['sh', '-c', LOOP, 'sh'],
      Cmd: mounts.map(({ Target }) => Target),
      User: '0:0',
      Labels: { ...ground.labels, [LABEL.kind]: 'watch' },
      HostConfig: {
        ...confined(WATCH, ['DAC_READ_SEARCH'], ground),
        ...READ_ONLY,
        Mounts: [...mounts, ...inMemory(ground.imageVolumes, 1)],
      },
    });
    container = made;
    const stream = await made.attach({ stream: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    docker.modem.demuxStream(stream, lines, new PassThrough().resume());
    lines.on('data', (chunk: Buffer) => void look(chunk.toString('latin1')).catch(() => {}));
    stream.on('error', () => {});
    await made.start();
  }

  async function look(text: string): Promise<void> {
    const [, kb, files] = /(\d+) (\d+)\s*$/.exec(text) ?? [];
    if (kb === undefined || closed) return;
    foldersKb = Number(kb);
    const layers = await layersKb();
    const megabytes = Math.round((foldersKb + layers) / 1024);
    if (megabytes > limits.diskMb) over(`${megabytes} MB`);
    else if (Number(files) > MOST_FILES) over(`${files} files`);
  }

  /** What the containers wrote into themselves. */
  async function layersKb(): Promise<number> {
    const label = [`${LABEL.room}=${room}`];
    const listed = await docker.listContainers({ all: true, size: true, filters: { label } });
    return listed.reduce((sum, one) => sum + ((one as { SizeRw?: number }).SizeRw ?? 0) / 1024, 0);
  }

  const stop = async () => {
    await container?.remove({ force: true, v: true }).catch(() => {});
    container = undefined;
  };
  const begin = () => {
    // An engine that fails here fails at the next command, too, and that one tells.
    work = work.then(async () => {
      if (closed || (container && !stale)) return;
      stale = false;
      await stop();
      await start();
    });
    work = work.catch(() => {});
  };
  begin();
  return {
    change() {
      stale = true;
      begin();
    },
    async close() {
      closed = true;
      await work;
      await stop();
    },
  };
}
