import type { Destination, OpenFile } from './destination.ts';
import { BackupError, during } from './errors.ts';
import { formatLsn, segmentName } from './lsn.ts';
import type { Wire } from './wire.ts';

export interface WalStreamOptions {
  wire: Wire;
  destination: Destination;
  slot: string | null;
  timeline: number;
  /** Where the backup begins. */
  start: bigint;
  /** Bytes of a WAL segment. */
  segmentSize: number;
}

/** Receives WAL beside the backup, as pg_basebackup's background process does. */
export interface WalStream {
  /** Ends when all is there that `stopAt` asks for. Rejects with BackupError. */
  ended: Promise<void>;
  /** The end of the backup is known: WAL is needed up to there. */
  stopAt(end: bigint): void;
}

/** WAL data: letter, start, end of the WAL there, time, data. */
const DATA = 0x77; // w
const DATA_HEADER = 25;
/** A sign of life: letter, end of the WAL there, time, whether an answer is asked for. */
const KEEPALIVE = 0x6b; // k
const REPLY_ASKED = 17;

/** Begins to receive at the segment in which the backup begins. */
export function startWalStream(options: WalStreamOptions): WalStream {
  const { wire, destination, segmentSize, timeline } = options;
  const first = options.start - (options.start % BigInt(segmentSize));
  let position = first;
  let flushed = first;
  let end: bigint | null = null;
  let stopping = false;
  let segment: OpenFile | null = null;

  const closeSegment = () => {
    segment?.close();
    segment = null;
    flushed = position;
  };
  const stopIfReached = () => {
    if (end === null || position < end || stopping) return;
    stopping = true;
    closeSegment();
    wire.endSending();
  };
  const receive = (data: Buffer) => {
    // What comes after we have said that it is enough does not count.
    for (let rest = data; rest.length > 0 && !stopping; ) {
      const offset = Number(position % BigInt(segmentSize));
      const piece = rest.subarray(0, segmentSize - offset);
      const name = segmentName(timeline, position, segmentSize);
      segment ??= openSegment(destination, name, segmentSize);
      segment.write(piece, offset);
      position += BigInt(piece.length);
      rest = rest.subarray(piece.length);
      if (position % BigInt(segmentSize) !== 0n) continue;
      closeSegment();
      markDone(destination, name);
    }
    stopIfReached();
  };
  const run = async () => {
    if (timeline > 1) await receiveHistory(options);
    const slot = options.slot === null ? '' : `SLOT "${options.slot}" `;
    wire.begin(`START_REPLICATION ${slot}${formatLsn(first)} TIMELINE ${timeline}`);
    const begun = await during('could not send replication command "START_REPLICATION"', wire.next());
    if (begun.kind !== 'copy') throw new BackupError('unexpected termination of replication stream');
    // This is what gives the slot its position.
    wire.send(statusUpdate(position, flushed));
    stopIfReached();
    for await (const message of wire.data()) {
      if (message[0] === DATA) receive(message.subarray(DATA_HEADER));
      else if (message[0] === KEEPALIVE && message[REPLY_ASKED] === 1 && !stopping) {
        flushed = position;
        wire.send(statusUpdate(position, flushed));
      }
    }
    // The server ends it by itself when it shuts down.
    if (!stopping) throw new BackupError('replication stream was terminated before stop point');
    await wire.ready();
  };
  return {
    ended: during('could not receive data from WAL stream', run()).finally(() => segment?.close()),
    stopAt(lsn) {
      end = lsn;
      stopIfReached();
    },
  };
}

/** Of its full size at once, as the server makes its own. */
function openSegment(destination: Destination, name: string, size: number): OpenFile {
  const file = destination.openFile(`pg_wal/${name}`);
  file.resize(size);
  return file;
}

/** So that a server that is made from the copy does not archive the segment once more. */
const markDone = (destination: Destination, name: string): void =>
  destination.openFile(`pg_wal/archive_status/${name}.done`).close();

/** On a timeline after the first the copy needs the story of how it came to be. */
async function receiveHistory({ wire, destination, timeline }: WalStreamOptions): Promise<void> {
  const [row] = await during(
    'could not send replication command "TIMELINE_HISTORY"',
    wire.ask(`TIMELINE_HISTORY ${timeline}`),
  );
  const [name, content] = row ?? [];
  if (!name || content === undefined)
    throw new BackupError('unexpected response to TIMELINE_HISTORY command');
  const file = destination.openFile(`pg_wal/${name}`);
  file.write(Buffer.from(content ?? ''));
  file.close();
  markDone(destination, name);
}

/** Microseconds from 1970 to 2000, when PostgreSQL's time begins. */
const EPOCH = 946_684_800_000_000n;

function statusUpdate(written: bigint, flushed: bigint): Buffer {
  const message = Buffer.alloc(34);
  message.write('r');
  message.writeBigInt64BE(written, 1);
  message.writeBigInt64BE(flushed, 9);
  // 17: applied. Nothing is, here.
  message.writeBigInt64BE(BigInt(Date.now()) * 1000n - EPOCH, 25);
  return message;
}
