import type Dockerode from 'dockerode';
import type { Ground } from './ground.ts';
import { bind, confined, inMemory, READ_ONLY } from './host-config.ts';
import { LABEL } from './names.ts';

/** A container in which a program of the submission sees the copy, at its own path, and nothing else of this machine. */
export function containedOptions(
  ground: Ground,
  options: {
    kind: 'script' | 'sudo';
    argv: string[];
    user: string;
    cwd: string;
    env: Record<string, string>;
    rights: string[];
    /** Folders of this machine, beside the copy. */
    mounts?: { source: string; target: string; readOnly: boolean }[];
  },
): Dockerode.ContainerCreateOptions {
  const { workspace, labels, limits, image } = ground;
  const mounts = (options.mounts ?? []).map(({ source, target, readOnly }) => bind(source, target, readOnly));
  return {
    Image: image,
    Entrypoint: [],
    Cmd: options.argv,
    User: options.user,
    WorkingDir: options.cwd,
    Env: Object.entries(options.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...labels, [LABEL.kind]: options.kind },
    HostConfig: {
      ...confined(limits.script, options.rights, ground),
      ...READ_ONLY,
      // What its programs leave behind is waited for, or they would count as processes.
      Init: true,
      Mounts: [bind(workspace, workspace, false), ...mounts, ...inMemory(ground.imageVolumes, 1)],
    },
  };
}
