import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip, unpack } from './zip-archive.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const zip = Buffer.from(
  zipSync({ a: text('stored'), 'b/c': [text('deflated '.repeat(100)), { level: 9 }] }, { level: 0 }),
);

function contentOf(bytes: Buffer, name: string, largest = 10_000): string {
  const archive = readZip(bytes)!;
  const unpacked = unpack(archive, archive.entries.find((entry) => entry.name === name)!, largest);
  return 'fault' in unpacked ? unpacked.fault : unpacked.content.toString();
}

/** The same archive with its directory told by a Zip64 record, as large ones have it. */
function asZip64(bytes: Buffer): Buffer {
  const end = Buffer.from(bytes.subarray(-22));
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(end.readUInt16LE(10)), at);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(bytes.length - 22), 8);
  locator.writeUInt32LE(1, 16);
  end.fill(0xff, 8, 20);
  return Buffer.concat([bytes.subarray(0, -22), record, locator, end]);
}

describe('zip archives', () => {
  it.each([
    ['as they are', zip],
    ['with a Zip64 record', asZip64(zip)],
    ['behind a launcher', Buffer.concat([Buffer.from('#!/bin/sh\n'), zip])],
    ['with a Zip64 record behind a launcher', Buffer.concat([Buffer.from('#!/bin/sh\n'), asZip64(zip)])],
  ])('are read %s', (_, bytes) => {
    expect(readZip(bytes)!.entries.map(({ name }) => name)).toEqual(['a', 'b/c']);
    expect([contentOf(bytes, 'a'), contentOf(bytes, 'b/c')]).toEqual(['stored', 'deflated '.repeat(100)]);
  });

  it('are unpacked no further than was asked for, and not at all where they lie about their size', () => {
    expect(contentOf(zip, 'b/c', 100)).toContain('larger than');
    expect(contentOf(zip, 'a', 3)).toContain('larger than');
    const central = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    for (const size of [10, 5000]) {
      const lying = Buffer.from(zip);
      lying.writeUInt32LE(size, central + 24);
      expect(contentOf(lying, 'b/c')).toMatch(/larger than it claims|smaller than it claims/);
    }
  });

  it('that claim more entries than they have say so', () => {
    const lying = Buffer.from(zip);
    lying.writeUInt16LE(9, lying.length - 12);
    expect(readZip(lying)).toMatchObject({
      entries: [{ name: 'a' }, { name: 'b/c' }],
      faults: [expect.stringContaining('7 of its 9')],
    });
  });

  it('that claim fewer entries than they have say so', () => {
    const lying = Buffer.from(zip);
    lying.writeUInt16LE(1, lying.length - 12);
    expect(readZip(lying)).toMatchObject({ entries: [{ name: 'a' }], faults: [expect.stringContaining('goes on')] });
  });

  it('with any byte changed are read without an exception', () => {
    fc.assert(
      fc.property(fc.nat(zip.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bytes = Buffer.from(zip);
        bytes[at] = byte;
        const archive = readZip(cut ? bytes.subarray(at) : bytes);
        for (const entry of archive?.entries ?? []) {
          const unpacked = unpack(archive!, entry, 2000);
          if ('content' in unpacked) expect(unpacked.content.length).toBeLessThanOrEqual(2000);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
