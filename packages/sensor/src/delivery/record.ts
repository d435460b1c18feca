import { crc32 } from 'node:zlib';

/** One batch of events as the spool keeps it. */
export interface SpoolRecord {
  sequence: number;
  /** Events in it. */
  events: number;
  /** JSON lines, packed with gzip. */
  payload: Buffer;
}

/** `BWS1`, length of the payload, checksum of all that follows, events, sequence: 4, 4, 4, 4 and 8 bytes, little endian. */
export const HEADER = 24;
const MAGIC = 0x3153_5742;
/** More than any batch comes to: a length beyond it is rubbish. */
const LARGEST_PAYLOAD = 32 * 1024 * 1024;

/** What a header says, before the payload is read. */
export interface RecordHead {
  length: number;
  checksum: number;
  events: number;
  sequence: number;
}

export function packRecord({ sequence, events, payload }: SpoolRecord): Buffer {
  const bytes = Buffer.alloc(HEADER + payload.length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(payload.length, 4);
  bytes.writeUInt32LE(events, 12);
  bytes.writeBigUInt64LE(BigInt(sequence), 16);
  payload.copy(bytes, HEADER);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

/** Undefined for bytes that begin no record. */
export function readHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.length < HEADER || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const head = {
    length: bytes.readUInt32LE(4),
    checksum: bytes.readUInt32LE(8),
    events: bytes.readUInt32LE(12),
    sequence: Number(bytes.readBigUInt64LE(16)),
  };
  return head.length <= LARGEST_PAYLOAD && Number.isSafeInteger(head.sequence) ? head : undefined;
}

/** Whether header and payload are those that were written. */
export function isWhole(bytes: Buffer, { checksum }: RecordHead): boolean {
  return crc32(bytes.subarray(12)) === checksum;
}
