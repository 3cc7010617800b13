import type Dockerode from 'dockerode';
import type { Limits } from '../room.ts';
import type { Remark } from '../types.ts';
import type { Gate } from './gate.ts';

/** What all parts of a room stand on. */
export interface Ground {
  docker: Dockerode;
  /** Environment of the real docker command. */
  env: NodeJS.ProcessEnv;
  id: string;
  /** Begins the real name of whatever belongs to the room. */
  prefix: string;
  /** On whatever belongs to the room. */
  labels: Record<string, string>;
  /** Absolute real path of the copy. */
  workspace: string;
  /** The room's own folder, outside of the copy. */
  folder: string;
  /** The course's image. Nothing else runs in a room. */
  image: string;
  /** Folders for which the image wants volumes. */
  imageVolumes: string[];
  limits: Limits;
  /** Processors that the engine has. */
  processors: number;
  gate: Gate;
  /** Notes a remark, each once. */
  remark(remark: Remark): void;
}
