import { mkdir } from 'node:fs/promises';
import { nameTaken } from '../../engine/names.ts';
import { type ContainerSpec, EngineError, type Mount } from '../../engine/types.ts';
import type { ExecOptions } from '../action.ts';
import { isServer, readVolume } from '../policy.ts';
import { type CommandError, refused } from '../refusal.ts';
import type { World } from '../world.ts';
import { insideOf } from './exec.ts';

/** What the engine says, in the words of the command that asked. */
type Refusal = (message: string) => CommandError;

/** A container for one program is gone with it: a server has to come from `up`. */
export function refuseServer(argv: string[], command: string): void {
  if (isServer(argv))
    throw refused(`the sandbox does not start a server with ${command}`, 'Use docker compose up');
}

/** The mounts of `-v`, in its order. */
export async function readVolumes(
  volumes: string[],
  invalid: Refusal,
  { cwd, engine }: World,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const written of volumes) {
    const mount = await readVolume(written, { cwd, workspace: engine.workspace, invalid });
    if (mount !== null) mounts.push(mount);
  }
  return mounts;
}

/** Runs the command of `spec` in a new container of it, which is gone afterwards. Answers its exit code. */
export async function runOnce(
  spec: ContainerSpec,
  options: ExecOptions,
  daemon: Refusal,
  world: World,
): Promise<number> {
  const { engine, signal } = world;
  const holder = (await engine.containers()).find((one) => one.spec.name === spec.name);
  if (holder) throw daemon(nameTaken(spec.name, holder.id));
  // Docker makes what is not there. An engine that is confined does it itself, when nobody can change the path.
  for (const { type, source } of spec.mounts) {
    if (type === 'bind') {
      if (!engine.confined) await makeSource(source, daemon);
    } else await engine.createVolume(source, null);
  }
  const settings = insideOf({ ...options, argv: spec.command }, world);
  try {
    const code = await engine.inside({ container: null, spec, ...settings });
    return signal.aborted ? 130 : code;
  } catch (error) {
    if (error instanceof EngineError && !error.own) throw daemon(error.message);
    throw error;
  }
}

async function makeSource(source: string, daemon: Refusal): Promise<void> {
  try {
    await mkdir(source, { recursive: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EEXIST') return; // a file
    const reason = code === 'EACCES' ? 'permission denied' : message;
    throw daemon(`error while creating mount source path '${source}': mkdir ${source}: ${reason}`);
  }
}
