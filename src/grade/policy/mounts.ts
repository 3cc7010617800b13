import { parseVolume } from '../../lab/sandbox/compose/model/volumes.ts';
import { isOutside } from './paths.ts';
import { fields, isEmpty, list, type Problem, problem } from './problem.ts';

interface Mount {
  type: string;
  source: string;
  propagation: unknown;
}

/** What a service may not mount. `subject`: `Service leader`. */
export function mountProblems(volumes: unknown, subject: string, copy: string): Problem[] {
  return list(volumes).flatMap((volume) => {
    const mount = mountOf(volume);
    return mount === null ? [] : mountProblem(mount, subject, copy);
  });
}

/** null of text that is no mount: Compose itself refuses it. */
function mountOf(volume: unknown): Mount | null {
  if (typeof volume !== 'string') {
    const { type, source, bind } = fields(volume);
    return { type: String(type), source: String(source ?? ''), propagation: fields(bind).propagation };
  }
  try {
    const { type, source, bind } = parseVolume(volume);
    return { type, source, propagation: bind?.propagation };
  } catch {
    return null;
  }
}

function mountProblem({ type, source, propagation }: Mount, subject: string, copy: string): Problem[] {
  if (type === 'volume' || type === 'tmpfs') return [];
  if (type !== 'bind') return [problem('mount-type', subject, 'volumes', 'use mounts of this type', type)];
  // A variable that is not resolved yet.
  if (/^\$(?!\$)/.test(source)) return [];
  if (/(?:^|\/)(?:docker|containerd|podman)\.sock$/.test(source))
    return [problem('docker-socket', subject, 'volumes', 'have the engine of this machine', source)];
  if (isOutside(source, copy))
    return [problem('mount-outside', subject, 'volumes', 'mount what is outside of its folder', source)];
  if (isEmpty(propagation) || /private$/.test(String(propagation))) return [];
  return [
    problem('mount-propagation', subject, 'volumes', 'share its mounts with this machine', propagation),
  ];
}
