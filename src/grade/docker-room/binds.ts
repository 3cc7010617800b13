import { realpath } from 'node:fs/promises';
import { makeSources, stayInside } from '../../lab/sandbox/engine/bind-sources.ts';
import { type ContainerSpec, EngineError } from '../../lab/sandbox/engine/types.ts';
import type { Ground } from './ground.ts';
import { bind } from './host-config.ts';

/** The mounts of a container, with folders made where there are none, as Docker does. Call it at the gate. */
export async function mountsOf(spec: ContainerSpec, { workspace, prefix }: Ground) {
  await makeSources(workspace, spec);
  return Promise.all(
    spec.mounts.map(async ({ type, source, target, readOnly }) => {
      if (type === 'volume')
        return { Type: type, Source: `${prefix}${source}`, Target: target, ReadOnly: readOnly };
      await stayInside(workspace, source);
      return bind(await realpath(source), target, readOnly);
    }),
  );
}

/** Throws EngineError where a mount no longer is the folder of the copy that it was. Call it at the gate. */
export async function checkMounts(
  spec: ContainerSpec,
  made: readonly { Type: string; Source: string }[],
  { workspace }: Ground,
): Promise<void> {
  await makeSources(workspace, spec);
  for (const { Type: type, Source: source } of made) {
    if (type !== 'bind') continue;
    await stayInside(workspace, source);
    const real = await realpath(source);
    if (real !== source) throw new EngineError(`the sandbox does not mount ${source}: it has become a link`);
  }
}
