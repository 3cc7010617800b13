import { EngineError, type Volume } from '../../lab/sandbox/engine/types.ts';
import type { Ground } from './ground.ts';
import { LABEL } from './names.ts';

export async function volumes({ docker, id }: Ground): Promise<Volume[]> {
  const { Volumes: listed } = await docker.listVolumes({
    filters: JSON.stringify({ label: [`${LABEL.room}=${id}`] }) as never,
  });
  return (listed ?? []).map(({ Labels, ...volume }) => ({
    name: Labels?.[LABEL.name] ?? '',
    project: Labels?.[LABEL.project] || null,
    createdAt: (volume as { CreatedAt?: string }).CreatedAt ?? '',
  }));
}

export async function createVolume(ground: Ground, name: string, project: string | null): Promise<Volume> {
  const { docker, prefix, labels } = ground;
  const old = (await volumes(ground)).find((one) => one.name === name);
  if (old) return old;
  await docker.createVolume({
    Name: `${prefix}${name}`,
    Labels: { ...labels, [LABEL.name]: name, [LABEL.project]: project ?? '' },
  });
  return { name, project, createdAt: new Date().toISOString() };
}

export async function removeVolume(ground: Ground, name: string): Promise<void> {
  const { docker, prefix } = ground;
  if (!(await volumes(ground)).some((one) => one.name === name))
    throw new EngineError(`get ${name}: no such volume`);
  await docker.getVolume(encodeURIComponent(`${prefix}${name}`)).remove();
}
