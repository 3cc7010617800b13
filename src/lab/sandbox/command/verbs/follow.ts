import type { Container } from '../../engine/types.ts';
import { isUp } from '../container-row.ts';
import { type LogLine, LogReader } from '../log-lines.ts';
import { pause, type World } from '../world.ts';

const POLL_MS = 150;

export interface Source {
  container: Container;
  reader: LogReader;
  /** Writes one line of it. */
  write(line: LogLine): void;
}

export function readerOf(container: Container, { engine }: World): LogReader {
  return new LogReader(() => engine.logFile(container.id), container.createdAt);
}

/** The last `tail` lines, all for null. */
export async function printPast(
  { reader, write }: Source,
  tail: number | null,
  last: boolean,
): Promise<void> {
  const lines = await reader.read({ last });
  for (const line of tail === null ? lines : lines.slice(Math.max(0, lines.length - tail))) write(line);
}

/** Writes what is added, until no container of them runs any more, or until Ctrl-C. `ended` is told of each that ends. */
export async function follow(
  sources: readonly Source[],
  world: World,
  ended: (container: Container) => void = () => {},
): Promise<void> {
  const open = new Set(sources);
  while (open.size > 0 && !world.signal.aborted) {
    for (const source of [...open]) {
      // Asked before its log is read, or its last lines are lost.
      const now = await world.engine.find(source.container.id);
      const over = now === null || !isUp(now);
      for (const line of await source.reader.read({ last: over })) source.write(line);
      if (!over) continue;
      open.delete(source);
      ended(now ?? source.container);
    }
    if (open.size > 0) await pause(POLL_MS, world.signal);
  }
}

/** Writes lines where the container wrote them. */
export function toItsStream(world: World, show: (line: LogLine) => string): Source['write'] {
  return (line) => void world[line.stream].write(`${show(line)}\n`);
}
