import type { Destination, Modes } from './destination.ts';
import { BackupError, during } from './errors.ts';
import type { Source } from './login.ts';
import { parseLsn, parseSize } from './lsn.ts';
import type { Options } from './options.ts';
import { newReporter } from './progress.ts';
import { recoveryConf } from './recovery-conf.ts';
import { unpack } from './unpack.ts';
import { startWalStream, type WalStream } from './wal-stream.ts';
import type { Wire } from './wire.ts';

export interface Backup {
  options: Options;
  source: Source;
  wire: Wire;
  destination: Destination;
  /** Prints after `pg_basebackup: `. */
  say(text: string): void;
  /** Prints as it is. */
  print(text: string): void;
  terminal: boolean;
  /** Told of the second connection, so that it can be ended, too. */
  opened(wire: Wire): void;
}

/** Modes for the copy: those of the server's data folder. Throws BackupError. */
export async function modesOf(wire: Wire): Promise<Modes> {
  const [row] = await during(
    'could not send replication command "SHOW data_directory_mode"',
    wire.ask('SHOW data_directory_mode'),
  );
  const group = (Number.parseInt(row?.[0] ?? '', 8) & 0o050) === 0o050;
  return group ? { folder: 0o750, file: 0o640 } : { folder: 0o700, file: 0o600 };
}

/** Copies the server's files, with the messages of pg_basebackup 14 and in its order. Throws BackupError. */
export async function takeBackup(backup: Backup): Promise<void> {
  const { options, wire, destination } = backup;
  const inform = (text: string) => {
    if (options.verbose) backup.say(text);
  };
  const [sizeRow] = await during(
    'could not send replication command "SHOW wal_segment_size"',
    wire.ask('SHOW wal_segment_size'),
  );
  const segmentSize = parseSize(sizeRow?.[0] ?? '');
  await during('could not send replication command "IDENTIFY_SYSTEM"', wire.ask('IDENTIFY_SYSTEM'));
  inform('initiating base backup, waiting for checkpoint to complete');
  if (options.progress && !options.verbose)
    backup.print(`waiting for checkpoint${backup.terminal ? '\r' : '\n'}`);

  wire.begin(backupCommand(options));
  const [begin] = await during('could not initiate base backup', wire.result());
  const start = begin?.[0] ?? '';
  const timeline = Number(begin?.[1]);
  inform('checkpoint completed');
  if (options.wal !== 'none') inform(`write-ahead log start point: ${start} on timeline ${timeline}`);
  const tablespaces = await during('could not get backup header', wire.result());
  if (tablespaces.length !== 1)
    throw new BackupError('the sandbox does not copy tablespaces of their own', 125);

  const wal =
    options.wal === 'stream' ? await openWal(backup, inform, { start, timeline, segmentSize }) : null;
  const reporter = newReporter({
    totalKb: Number(tablespaces[0]?.[2] ?? 0),
    verbose: options.verbose,
    terminal: backup.terminal,
    write: (text) => options.progress && backup.print(text),
    now: Date.now,
  });
  await during('could not read COPY data', unpack(wire.data(), destination, reporter.add));
  reporter.tablespaceDone();
  if (options.writeRecoveryConf) writeRecoveryConf(backup);
  if (options.manifest) await writeManifest(backup);
  reporter.finished();

  const [stop] = await during('could not get write-ahead log end position from server', wire.result());
  const end = stop?.[0] ?? '';
  if (options.wal !== 'none') inform(`write-ahead log end point: ${end}`);
  await during('final receive failed', wire.ready());
  if (wal !== null) {
    inform('waiting for background process to finish streaming ...');
    wal.stream.stopAt(parseLsn(end));
    if (!(await wal.succeeded)) throw new BackupError('child process exited with exit code 1');
  }
  // Only said: the copy can be made again, and a slow disk would take seconds for its thousand files.
  if (options.sync) inform('syncing data to disk ...');
  if (options.manifest) {
    inform('renaming backup_manifest.tmp to backup_manifest');
    destination.rename('backup_manifest.tmp', 'backup_manifest');
  }
  inform('base backup completed');
}

/** In the grammar of version 14, where the order counts. */
function backupCommand(options: Options): string {
  const clauses = [
    `LABEL '${options.label.replaceAll("'", "''")}'`,
    options.estimateSize ? 'PROGRESS' : '',
    options.wal === 'fetch' ? 'WAL' : '',
    options.fastCheckpoint ? 'FAST' : '',
    options.wal === 'none' ? '' : 'NOWAIT',
    options.verifyChecksums ? '' : 'NOVERIFY_CHECKSUMS',
    options.manifest ? `MANIFEST '${options.manifestForceEncode ? 'force-encode' : 'yes'}'` : '',
    options.manifestChecksums === null
      ? ''
      : `MANIFEST_CHECKSUMS '${options.manifestChecksums.replaceAll("'", "''")}'`,
  ];
  return `BASE_BACKUP ${clauses.filter((clause) => clause !== '').join(' ')}`;
}

interface Wal {
  stream: WalStream;
  succeeded: Promise<boolean>;
}

/** The second connection, with its slot. A stream that fails says so at once; the copy goes on all the same. */
async function openWal(
  backup: Backup,
  inform: (text: string) => void,
  { start, timeline, segmentSize }: { start: string; timeline: number; segmentSize: number },
): Promise<Wal> {
  const { options, destination } = backup;
  inform('starting background WAL receiver');
  const wire = await backup.source.open();
  backup.opened(wire);
  const temporary = options.slot === null && !options.noSlot;
  const slot = temporary ? `pg_basebackup_${wire.serverPid}` : options.slot;
  if (slot !== null && (temporary || options.createSlot)) {
    const command = `CREATE_REPLICATION_SLOT "${slot}"${temporary ? ' TEMPORARY' : ''} PHYSICAL RESERVE_WAL`;
    await during(`could not send replication command "${command}"`, wire.ask(command));
    inform(`created ${temporary ? 'temporary ' : ''}replication slot "${slot}"`);
  }
  destination.makeFolder('pg_wal/archive_status');
  const stream = startWalStream({
    wire,
    destination,
    slot,
    timeline,
    start: parseLsn(start),
    segmentSize,
  });
  const succeeded = stream.ended.then(
    () => true,
    (error: Error) => {
      if (!wire.aborted) backup.say(`error: ${error.message}`);
      return false;
    },
  );
  return { stream, succeeded: succeeded.finally(() => wire.close()) };
}

/** What makes the copy a standby: where its leader is, and the file that tells it to follow. */
function writeRecoveryConf({ options, source, destination }: Backup): void {
  const settings = destination.openFile('postgresql.auto.conf', { append: true });
  settings.write(Buffer.from(recoveryConf(source.used(), options.slot)));
  settings.close();
  destination.openFile('standby.signal').close();
}

async function writeManifest({ wire, destination }: Backup): Promise<void> {
  const file = destination.openFile('backup_manifest.tmp');
  try {
    const receive = async () => {
      for await (const piece of wire.data()) file.write(piece);
    };
    await during('could not read COPY data', receive());
  } finally {
    file.close();
  }
}
