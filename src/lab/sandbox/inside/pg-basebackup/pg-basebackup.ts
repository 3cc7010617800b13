import { ConninfoError } from '../../conninfo.ts';
import { write } from '../streams.ts';
import type { Inside, Program } from '../types.ts';
import { modesOf, takeBackup } from './backup.ts';
import { type Destination, openDestination } from './destination.ts';
import { BackupError } from './errors.ts';
import { newSource } from './login.ts';
import { type Options, parseOptions } from './options.ts';
import type { Wire } from './wire.ts';

/** Copies a running server as pg_basebackup 14 does: it really takes a base backup, by the replication protocol. */
export const pgBasebackup: Program = async (argv, inside) => {
  const parsed = parseOptions(argv);
  if (!parsed.ok) {
    if ('stdout' in parsed) await write(inside.stdout, parsed.stdout);
    else await write(inside.stderr, `${parsed.message}\n`);
    return 'stdout' in parsed ? 0 : parsed.exitCode;
  }
  const { options } = parsed;
  const wires: Wire[] = [];
  const abort = () => {
    for (const wire of wires) wire.abort();
  };
  inside.signal.addEventListener('abort', abort, { once: true });
  const state: { destination: Destination | null } = { destination: null };
  try {
    await copy(options, inside, wires, state);
    return 0;
  } catch (error) {
    // No error of its own then: the connection was ended by us.
    const code = inside.signal.aborted ? 1 : complain(error, inside);
    // First of all nobody may write there any more.
    abort();
    const { destination } = state;
    if (destination !== null)
      inside.stderr.write(`pg_basebackup: ${options.noClean ? destination.left() : destination.cleanUp()}\n`);
    return code;
  } finally {
    inside.signal.removeEventListener('abort', abort);
    await Promise.all(wires.map((wire) => wire.close()));
  }
};

async function copy(
  options: Options,
  inside: Inside,
  wires: Wire[],
  state: { destination: Destination | null },
): Promise<void> {
  const source = newSource(options, inside);
  const wire = await source.open();
  wires.push(wire);
  state.destination = await openDestination(options.directory, inside, await modesOf(wire));
  await takeBackup({
    options,
    source,
    wire,
    destination: state.destination,
    say: (text) => inside.stderr.write(`pg_basebackup: ${text}\n`),
    print: (text) => inside.stderr.write(text),
    terminal: inside.terminal,
    opened: (second) => wires.push(second),
  });
}

/** Says what went wrong, and answers the exit code. Throws what is no error of a backup. */
function complain(error: unknown, { stderr }: Inside): number {
  if (!(error instanceof BackupError || error instanceof ConninfoError)) throw error;
  const code = error.exitCode === 125 ? 125 : 1;
  stderr.write(code === 125 ? `${error.message}\n` : `pg_basebackup: error: ${error.message}\n`);
  return code;
}
