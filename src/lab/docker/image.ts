import type Dockerode from 'dockerode';
import type { ImageState } from '../../observe/types.ts';

/** Whether the image is on this machine. */
export async function imageState(docker: Dockerode, reference: string): Promise<ImageState> {
  try {
    const image = await docker.getImage(reference).inspect();
    const major = (image.Config.Env ?? [])
      .map((variable) => /^PG_MAJOR=(\d+)/.exec(variable)?.[1])
      .find(Boolean);
    return {
      state: 'present',
      reference,
      id: image.Id,
      arch: image.Architecture,
      major: major ? Number(major) : null,
    };
  } catch (error) {
    const missing = (error as { statusCode?: number }).statusCode === 404;
    return { state: missing ? 'missing' : 'unknown', reference };
  }
}

/**
 * Whether the registry would give the image: the engine asks for its manifest, nothing is downloaded. A registry
 * that can't be reached is a no.
 */
export async function canPull(docker: Dockerode, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).distribution();
    return true;
  } catch {
    return false;
  }
}

interface PullEvent {
  id?: string;
  status?: string;
  error?: string;
  progressDetail?: { current?: number; total?: number };
}

/** How far each layer is, by its id. Bytes, as the engine reports them. */
type Layers = Map<string, { status: string; current: number; total: number }>;

/**
 * Pulls an image and reports progress as lines of text: one per layer as it is done, and a sum at most twice a
 * second. Returns null when it is there afterwards, else one sentence with the cause.
 */
export async function pullImage(
  docker: Dockerode,
  reference: string,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const layers: Layers = new Map();
  let failure: string | null = null;
  let lastSum = 0;
  onOutput(`Pulling ${reference}\n`);
  try {
    const stream = (await docker.pull(reference, { abortSignal: signal })) as NodeJS.ReadableStream & {
      destroy(): void;
    };
    signal.addEventListener('abort', () => stream.destroy(), { once: true });
    for await (const event of events(stream)) {
      // The client library does not turn an error in the stream into an error.
      if (event.error) failure = event.error;
      for (const line of advance(layers, event)) onOutput(`${line}\n`);
      if (Date.now() - lastSum > 500 && layers.size > 0) {
        lastSum = Date.now();
        onOutput(`${sumOf(layers)}\n`);
      }
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  if (signal.aborted) return `Pulling ${reference} was stopped.`;
  return failure === null ? null : `The image ${reference} can't be pulled: ${explainPull(failure)}`;
}

async function* events(stream: NodeJS.ReadableStream): AsyncGenerator<PullEvent> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      try {
        if (line.trim() !== '') yield JSON.parse(line) as PullEvent;
      } catch {
        // a line that is not JSON says nothing that we could show
      }
    }
  }
}

/** Notes the event; returns the lines that it is worth. */
export function advance(layers: Layers, event: PullEvent): string[] {
  if (!event.id || !event.status || event.status.startsWith('Pulling from')) return [];
  const before = layers.get(event.id);
  const { current = before?.current ?? 0, total = before?.total ?? 0 } = event.progressDetail ?? {};
  const done = event.status === 'Pull complete' || event.status === 'Already exists';
  layers.set(event.id, { status: event.status, current: done ? total : current, total });
  return done && before?.status !== event.status ? [`layer ${event.id}: ${event.status.toLowerCase()}`] : [];
}

function sumOf(layers: Layers): string {
  const all = [...layers.values()];
  const done = all.filter(
    (layer) => layer.status === 'Pull complete' || layer.status === 'Already exists',
  ).length;
  const megabytes = (pick: 'current' | 'total') =>
    Math.round(all.reduce((sum, layer) => sum + layer[pick], 0) / 1e6);
  return `${done} of ${all.length} layers, ${megabytes('current')} of ${megabytes('total')} MB`;
}

/** The cause behind the engine's words, and the next step. */
export function explainPull(message: string): string {
  if (/toomanyrequests|rate limit/i.test(message))
    return 'the registry allows no more pulls for now. Wait an hour, or run docker login.';
  if (/no such host|dial tcp|lookup|network is unreachable|timeout|TLS handshake/i.test(message)) {
    return 'the registry can not be reached from here. Check the network, or load the image from a file: docker load -i FILE.';
  }
  if (/manifest unknown|not found|no matching manifest/i.test(message))
    return 'the registry has no such image for this machine. Check the name and the tag.';
  if (/no space left/i.test(message)) return 'the disk is full. Make room: docker system df.';
  return `${message.trim().replace(/\.$/, '')}.`;
}
