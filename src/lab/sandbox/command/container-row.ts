import type { Container } from '../engine/types.ts';
import { ago, fullTime, span } from './ago.ts';
import type { Value } from './go-values.ts';
import { labelsOf, labelText } from './labels.ts';
import { shorten } from './table.ts';

/** The port of the image; it is shown although nobody published it. */
const EXPOSED = 5432;

/** True for what `docker ps` shows without --all. */
export const isUp = ({ runtime }: Container): boolean =>
  runtime.status === 'running' || runtime.status === 'restarting';

/** `Up 3 seconds`, `Exited (0) 2 minutes ago`, `Restarting (1) 4 seconds ago`, `Created`. */
function statusText({ runtime }: Container, now: number): string {
  const { status, exitCode, startedAt, finishedAt } = runtime;
  if (status === 'created') return 'Created';
  if (status === 'running') return `Up ${span(now - Date.parse(startedAt || new Date(now).toISOString()))}`;
  const word = status === 'exited' ? 'Exited' : 'Restarting';
  return `${word} (${exitCode}) ${ago(finishedAt || new Date(now).toISOString(), now)}`;
}

/** `127.0.0.1:5433->5432/tcp`: the sandbox's servers listen on this machine only. */
function portsText({ spec, runtime }: Container): string {
  if (runtime.status !== 'running') return '';
  const published = spec.ports.flatMap(({ target, published }) =>
    published === null ? [] : [`127.0.0.1:${published}->${target}/tcp`],
  );
  return [...exposedOnly(spec.ports), ...published].join(', ');
}

function exposedOnly(ports: Container['spec']['ports']): string[] {
  const shown = new Set(ports.flatMap(({ target, published }) => (published === null ? [target] : [])));
  if (!ports.some(({ target, published }) => target === EXPOSED && published !== null)) shown.add(EXPOSED);
  return [...shown].map((port) => `${port}/tcp`);
}

/** The image's entrypoint and its arguments, as the engine runs it. */
export function commandLine({ spec }: Container): string[] {
  return ['docker-entrypoint.sh', ...(spec.command.length > 0 ? spec.command : ['postgres'])];
}

/** A row of `docker ps`, by the names that its templates use. */
export function containerRow(
  container: Container,
  { workspace, now, full }: { workspace: string; now: number; full: boolean },
): Record<string, Value> {
  const { id, spec, createdAt, runtime } = container;
  const command = commandLine(container).join(' ');
  const labels = labelsOf(container, workspace);
  const row = {
    Command: `"${full ? command : shorten(command, 20)}"`,
    CreatedAt: fullTime(createdAt),
    ID: full ? id : id.slice(0, 12),
    Image: spec.image,
    Labels: labelText(labels),
    LocalVolumes: String(spec.mounts.filter(({ type }) => type === 'volume').length),
    Mounts: spec.mounts.map(({ source }) => (full ? source : shorten(source, 15))).join(','),
    Names: spec.name,
    Networks: spec.networks.map(({ name }) => name).join(','),
    Platform: null,
    Ports: portsText(container),
    RunningFor: ago(createdAt, now),
    Size: '0B',
    State: runtime.status,
    Status: statusText(container, now),
  };
  // For `{{.Label "x"}}` only: not a part of the row's JSON.
  return Object.defineProperty(row, 'LabelMap', { value: labels, enumerable: false });
}
