/** Numbers as the kernel's programs read them. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** The sum of what each processor counted. */
export function sumOf(counters: Buffer): number {
  let sum = 0;
  for (let at = 0; at < counters.length; at += 8) sum += Number(counters.readBigUInt64LE(at));
  return sum;
}
