import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openHash, startHashThread } from './hash-thread.ts';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Feeds several hashes by turns, from a buffer that is overwritten after each piece. */
async function hashByTurns(contents: Buffer[], piece: number): Promise<string[]> {
  const hashes = contents.map(() => openHash());
  const shared = Buffer.alloc(piece);
  for (let at = 0; contents.some(({ length }) => length > at); at += piece) {
    for (const [index, content] of contents.entries()) {
      const length = content.subarray(at).copy(shared, 0, 0, piece);
      hashes[index]!.update(shared.subarray(0, length));
      shared.fill(0);
    }
  }
  return Promise.all(hashes.map((hash) => hash.digest()));
}

describe('openHash', () => {
  const contents = [0, 1, 65_537, 3_000_000, 9_437_184].map((size) => randomBytes(size));

  it.each([1000_003, 65_536, 2_500_000])(
    'hashes streams side by side, %i bytes at a time, on a thread and without',
    async (piece) => {
      const wanted = contents.map(sha256);
      expect(await hashByTurns(contents, piece)).toEqual(wanted);
      startHashThread();
      expect(await hashByTurns(contents, piece)).toEqual(wanted);
    },
  );
});
