/** Values of a header: texts, numbers of 32 bits, lists of either. */
export type ExampleHeader = Record<number, string | number | string[] | number[]>;

/** Writes a header as databases hold it, from tags to values. */
export function exampleHeader(values: ExampleHeader): Buffer {
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of Object.entries(values)) {
    const list = Array.isArray(value) ? value : [value];
    const isNumber = typeof list[0] === 'number';
    const padding = isNumber ? (4 - (offset % 4)) % 4 : 0;
    const bytes = isNumber ? words(list as number[]) : Buffer.from(list.map((text) => `${text}\0`).join(''));
    const type = isNumber ? 4 : Array.isArray(value) ? 8 : 6;
    index.push(words([Number(tag), type, offset + padding, list.length]));
    data.push(Buffer.alloc(padding), bytes);
    offset += padding + bytes.length;
  }
  return Buffer.concat([words([index.length, offset]), ...index, ...data]);
}

/** Writes a smallest `Packages.db` (NDB) that holds headers. */
export function exampleDatabase(headers: Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  slots.writeUInt32LE(headers.length + 1, 16);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const blobs: Buffer[] = [];
  let block = slots.length / 16;
  for (const [position, header] of headers.entries()) {
    const blob = Buffer.alloc(Math.ceil((16 + header.length + 12) / 16) * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(position + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.writeUInt32LE(header.length, blob.length - 8);
    blob.write('BlbE', blob.length - 4, 'latin1');
    const slot = slots.subarray(32 + position * 16);
    slot.writeUInt32LE(position + 1, 4);
    slot.writeUInt32LE(block, 8);
    slot.writeUInt32LE(blob.length / 16, 12);
    blobs.push(blob);
    block += blob.length / 16;
  }
  return Buffer.concat([slots, ...blobs]);
}

function words(numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, at * 4);
  return bytes;
}
