import { describe, expect, it } from 'vitest';
import { guardBits, peerKey } from './guard.ts';

describe('a guard', () => {
  it.each([
    [{}, { blocks: 0, audits: 0 }],
    [{ programs: 'block' }, { blocks: 1, audits: 0 }],
    [
      { programs: 'audit', connections: 'block' },
      { blocks: 2, audits: 1 },
    ],
  ] as const)('is bits for the kernel: %j', (guard, bits) => {
    expect(guardBits(guard)).toEqual(bits);
  });

  it('allows a peer by port, container and as many bits of the address as count', () => {
    const address = Buffer.from('00000000000000000000ffff0a000000', 'hex');
    expect(peerKey({ address, bits: 104, port: 5432 }, 44).toString('hex')).toBe(
      ['c8000000', '38150000', '2c00000000000000', '00000000000000000000ffff0a000000'].join(''),
    );
  });
});
