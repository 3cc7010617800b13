import { once } from 'node:events';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** An entry of an archive that a test makes. What is absent is as an honest program writes it. */
export interface Made {
  name: string | Buffer;
  content?: string | Buffer;
  /** With the type's bits: 0o100644 for a file, 0o120777 for a link. */
  mode?: number;
  stored?: boolean;
  /** What the headers claim. */
  claims?: { size?: number; crc?: number; method?: number; flags?: number };
}

const FILE = 0o100644;

/** A zip archive, byte by byte: no library would write these. */
export function zipOf(entries: Made[], tail: { comment?: string; count?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = FILE, stored = false, claims = {} } of entries) {
    const bytes = Buffer.from(content as string);
    const title = Buffer.from(name as string);
    const data = stored ? bytes : deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(claims.flags ?? 0x800, 2);
    common.writeUInt16LE(claims.method ?? (stored ? 0 : 8), 4);
    common.writeUInt32LE(claims.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(claims.size ?? bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = [Buffer.from('PK\x03\x04'), common, title, data];
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, title);
    parts.push(...local);
    offset += local.reduce((sum, one) => sum + one.length, 0);
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(tail.count ?? entries.length, 4);
  end.writeUInt16LE(tail.count ?? entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  const comment = Buffer.from(tail.comment ?? '');
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end, comment]);
}

/** A zip that says, in the way of archives over 4 GB, that its directory is where no file has anything. */
export function zipFarAway(): Buffer {
  const record = Buffer.alloc(56, 0);
  record.write('PK\x06\x06');
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(0xffff_ffff_ffff_fff0n, 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07');
  return Buffer.concat([record, locator, zipOf([])]);
}

/** The same with the place of that record itself. */
export function zipFarLocator(): Buffer {
  const locator = Buffer.alloc(20, 0xff);
  locator.write('PK\x06\x07');
  return Buffer.concat([locator, zipOf([])]);
}

export type TarMade = Partial<Header> & { name: string; content?: string | Buffer };

/** A tar archive. Names longer than its headers hold are written as pax headers. */
export async function tarOf(entries: TarMade[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  tar.on('data', (chunk) => chunks.push(chunk as Buffer));
  for (const { content = '', ...header } of entries) {
    if (header.type === undefined || header.type === 'file') tar.entry(header, content);
    else tar.entry(header);
  }
  tar.finalize();
  await once(tar as never, 'end');
  return Buffer.concat(chunks);
}

export async function tarGzOf(entries: TarMade[]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}

/** Changes bytes of the header at `offset`, and makes its checksum right again. */
export function patched(tar: Buffer, change: (header: Buffer) => void, offset = 0): Buffer {
  const copy = Buffer.from(tar);
  const header = copy.subarray(offset, offset + 512);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return copy;
}
