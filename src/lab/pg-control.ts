import type { ControlFile } from '../observe/types.ts';

/** DBState of PostgreSQL's src/include/catalog/pg_control.h, the same in 14 to 18. */
const STATES: ControlFile['state'][] = [
  'starting up',
  'shut down',
  'shut down in recovery',
  'shutting down',
  'in crash recovery',
  'in archive recovery',
  'in production',
];

/**
 * Reads the head of global/pg_control without any PostgreSQL tool: system_identifier (uint64), pg_control_version
 * and catalog_version (uint32), state (int32), padding, time (int64), checkPoint (XLogRecPtr), then the copy of
 * the checkpoint: redo (XLogRecPtr), ThisTimeLineID (uint32). All little-endian on the platforms of the image.
 * Returns null for something that is too short.
 */
export function readControlFile(bytes: Buffer): ControlFile | null {
  if (bytes.length < 52) return null;
  const checkpoint = bytes.readBigUInt64LE(32);
  return {
    systemId: bytes.readBigUInt64LE(0).toString(),
    state: STATES[bytes.readInt32LE(16)] ?? 'unknown',
    checkpoint: formatLsn(checkpoint),
    timeline: bytes.readUInt32LE(48),
  };
}

function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}
