import type Dockerode from 'dockerode';
import type { Ground } from './ground.ts';

/**
 * What root may do in a node and in `docker run`: what the image's entrypoint needs to hand its folder over to the
 * server's user and to become it, and to send it a signal.
 */
export const SERVER_RIGHTS = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'KILL'];
/** What `sudo` is for in a script: files of others. */
export const FILE_RIGHTS = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];

interface Share {
  memoryMb: number;
  cpus: number;
  processes: number;
}

const MB = 1024 * 1024;

/** What every container of a room is held to. */
export function confined(
  share: Share,
  rights: string[],
  { processors }: Pick<Ground, 'processors'>,
): Dockerode.HostConfig {
  return {
    Memory: share.memoryMb * MB,
    MemorySwap: share.memoryMb * MB,
    NanoCpus: Math.round(Math.min(share.cpus, processors) * 1e9),
    PidsLimit: share.processes,
    // PostgreSQL's parallel workers share memory there.
    ShmSize: Math.max(64, share.memoryMb / 4) * MB,
    CapDrop: ['ALL'],
    CapAdd: rights,
    SecurityOpt: ['no-new-privileges:true'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '1' } },
    NetworkMode: 'none',
    // No question about a name leaves the room. An unknown one is answered after a second, not after twenty.
    Dns: ['127.0.0.1'],
    DnsOptions: ['timeout:1', 'attempts:1', 'ndots:0'],
  };
}

/** For a container that needs to write nowhere but in its mounts. */
export const READ_ONLY: Dockerode.HostConfig = {
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': 'rw,exec,nosuid,nodev,size=64m,mode=1777' },
};

/** A folder in memory for each that the image wants a volume for: nobody would know of that. */
export const inMemory = (targets: readonly string[], megabytes: number) =>
  targets.map((target) => ({
    Type: 'tmpfs' as const,
    Source: '',
    Target: target,
    TmpfsOptions: { SizeBytes: megabytes * MB, Mode: 0o1777 },
  }));

export const bind = (source: string, target: string, readOnly: boolean) => ({
  Type: 'bind' as const,
  Source: source,
  Target: target,
  ReadOnly: readOnly,
});
