import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIsal } from '../find-isal.ts';
import { openInflater, ZlibInflater } from './inflater.ts';
import { isalInflater } from './isal.ts';
import type { Inflater, Use } from './unpacker.ts';

type Open = (use: Use) => Promise<Inflater>;

const zlib: Open = async (use) => new ZlibInflater(use);
const isal: Open = async (use) => (await isalInflater(use))!;
const reason = findIsal() === undefined ? ' (skipped: libisal.so.2 is not installed)' : '';

/** What comes out of pieces, what follows the end, and what was wrong. */
async function inflate(open: Open, pieces: readonly Uint8Array[]) {
  const out: Buffer[] = [];
  const inflater = await open((bytes) => void out.push(Buffer.from(bytes)));
  let rest: Buffer | undefined;
  let fault: string | undefined;
  for (const piece of pieces) {
    if (rest !== undefined) rest = Buffer.concat([rest, piece]);
    else if (fault === undefined) {
      try {
        rest = await inflater.write(Buffer.from(piece));
      } catch (cause) {
        fault = (cause as Error).message;
      }
    }
  }
  if (rest === undefined && fault === undefined) await inflater.close();
  return { content: Buffer.concat(out), rest, fault };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)].filter((piece) => piece.length > 0);
}

describe.each([
  ["Node's zlib", zlib, true],
  [`ISA-L${reason}`, isal, findIsal() !== undefined],
] as const)('%s', (_, open, present) => {
  it.skipIf(!present)('inflates what was deflated, and gives back what follows, however it is cut', async () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 60_000 }))
        .map(([part, times]) => {
          const bytes = new Uint8Array(part.length * times);
          for (let at = 0; at < bytes.length; at++) bytes[at] = part[at % part.length]!;
          return bytes;
        }),
    );
    const strategy = fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_FIXED);
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.integer({ min: 0, max: 9 }),
        strategy,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 700_000 }), { maxLength: 6 }),
        async (bytes, level, strategy, after, sizes) => {
          const packed = Buffer.concat([deflateRawSync(bytes, { level, strategy }), after]);
          const got = await inflate(open, cut(packed, sizes));
          expect(got.fault).toBe(undefined);
          expect(got.content.equals(bytes)).toBe(true);
          expect(got.rest?.equals(after)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.skipIf(!present)('does not know the end of a stream that is cut, and gives what came out', async () => {
    const content = Buffer.from('0123456789'.repeat(100_000));
    const packed = deflateRawSync(content, { level: 1 });
    const got = await inflate(open, [packed.subarray(0, packed.length - 20)]);
    expect(got).toMatchObject({ rest: undefined, fault: undefined });
    expect(got.content.length).toBeGreaterThan(900_000);
    expect(content.subarray(0, got.content.length).equals(got.content)).toBe(true);
  });

  it.skipIf(!present)('says so where a stream is damaged', async () => {
    const got = await inflate(open, [Buffer.from([0b111, 1, 2, 3])]);
    expect(got.fault).toBeDefined();
    expect(got.content).toHaveLength(0);
  });

  it.skipIf(!present)('holds the unpacking back until a piece is used', async () => {
    let using = 0;
    let most = 0;
    const inflater = await open(async () => {
      most = Math.max(most, ++using);
      await new Promise((resolve) => setTimeout(resolve, 1));
      using -= 1;
    });
    await inflater.write(deflateRawSync(Buffer.alloc(4 * 1024 * 1024)));
    await inflater.close();
    expect([most, using]).toEqual([1, 0]);
  });

  it.skipIf(!present)('fails with what its user throws', async () => {
    const inflater = await open(() => {
      throw new Error('enough');
    });
    await expect(inflater.write(deflateRawSync(Buffer.alloc(4 * 1024 * 1024)))).rejects.toThrow('enough');
  });
});

it('takes ISA-L where it is, and else what Node has', async () => {
  const inflater = await openInflater(() => undefined);
  expect(inflater instanceof ZlibInflater).toBe(findIsal() === undefined);
  await inflater.close();
});
