/** The head of a pg_control file, laid out as PostgreSQL's pg_control.h has it on a little-endian machine. */
export function controlBytes(parts: {
  systemId: bigint;
  state: number;
  checkpoint: bigint;
  timeline: number;
  length?: number;
}): Buffer {
  const bytes = Buffer.alloc(parts.length ?? 8192);
  bytes.writeBigUInt64LE(parts.systemId, 0);
  bytes.writeUInt32LE(1300, 8); // pg_control_version of 13 to 17
  bytes.writeUInt32LE(202107181, 12); // catalog version of 14
  bytes.writeInt32LE(parts.state, 16);
  bytes.fill(0xaa, 20, 24); // padding
  bytes.writeBigInt64LE(1_764_580_000n, 24);
  bytes.writeBigUInt64LE(parts.checkpoint, 32);
  bytes.writeBigUInt64LE(parts.checkpoint - 40n, 40);
  bytes.writeUInt32LE(parts.timeline, 48);
  return bytes;
}
