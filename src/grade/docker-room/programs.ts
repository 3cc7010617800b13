import type Dockerode from 'dockerode';
import { EngineError } from '../../lab/sandbox/engine/types.ts';
import type { Ground } from './ground.ts';

/** Where an image has its programs, and what they load. */
const PROGRAMS = /^\/(?:(?:usr|bin|sbin|lib\w*)(?:\/|$)|etc\/ld\.so)/;
/** Mounted over, these would hide what is in them. */
const ABOVE = /^\/(?:etc\/?|proc(?:\/.*)?|sys(?:\/.*)?|dev(?:\/.*)?)?$/;
/** What decides which programs and libraries a program takes. */
const DECIDES =
  /^(?:PATH|ENV|IFS|LD_.*|BASH_.*|GLIBC_TUNABLES|PERL\w*|PGSYSCONFDIR|PGSERVICEFILE|PGOPTIONS)$/;

/** Throws EngineError for a container that would come with other programs than its image has. */
export function refuseOwnPrograms(targets: string[], env: Record<string, string>): void {
  const target = targets.find((one) => PROGRAMS.test(one) || ABOVE.test(one));
  if (target !== undefined)
    throw new EngineError(`the sandbox does not mount over the programs of the image: ${target}`);
  const name = Object.keys(env).find((one) => DECIDES.test(one));
  if (name !== undefined) throw new EngineError(`the sandbox does not know the variable ${name}`);
}

/** Modified; a folder is that, too, when something in it has changed. */
const MODIFIED = 0;

/** Whether programs of a container are no longer its image's: what answers in it could be anything. */
export async function programsChanged(docker: Dockerode, id: string): Promise<boolean> {
  const changes = ((await docker.getContainer(id).changes()) ?? []) as { Path: string; Kind: number }[];
  const paths = changes.map(({ Path }) => Path).filter((one) => PROGRAMS.test(one));
  return changes.some(({ Path: path, Kind: kind }) => {
    if (!PROGRAMS.test(path)) return false;
    return kind !== MODIFIED || !paths.some((one) => one.startsWith(`${path}/`));
  });
}

/** The same, and a remark of it. */
export async function distrusts(
  { docker, remark }: Ground,
  { id, name }: { id: string; name: string },
): Promise<boolean> {
  if (!(await programsChanged(docker, id))) return false;
  remark({
    kind: 'policy',
    id: 'programs-changed',
    where: `container ${name}`,
    message: `Programs of the image were changed in the container ${name}, so what it says was not believed.`,
  });
  return true;
}
