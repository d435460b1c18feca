import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../address.ts';
import { cidrsOf, nameOfCidr } from './spell-addresses.ts';

describe('addresses in words', () => {
  it('are the fewest blocks that hold them', () => {
    expect(cidrsOf([parseCidr('0.0.0.0/0')!, parseCidr('::/0')!])).toEqual(['0.0.0.0/0', '::/0']);
    expect(cidrsOf([parseCidr('10.0.1.0/24')!, parseCidr('10.0.0.0/24')!])).toEqual(['10.0.0.0/23']);
    expect(cidrsOf([{ family: 4, first: 1n, last: 4n }])).toEqual(['0.0.0.1/32', '0.0.0.2/31', '0.0.0.4/32']);
  });

  it('are the same addresses', () => {
    const end = fc.bigInt(0n, 2n ** 32n - 1n);
    fc.assert(
      fc.property(end, end, (a, b) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        const blocks = cidrsOf([{ family: 4, first, last }]).map((cidr) => parseCidr(cidr)!);
        expect(blocks[0]?.first).toBe(first);
        expect(blocks.at(-1)?.last).toBe(last);
        for (const [at, block] of blocks.slice(1).entries()) expect(block.first).toBe(blocks[at]!.last + 1n);
      }),
    );
  });

  it('bear the name of the narrowest range that means something', () => {
    expect(nameOfCidr('169.254.169.254/32')).toBe('metadata of the cloud');
    expect(nameOfCidr('169.254.7.0/24')).toBe('link-local');
    expect(nameOfCidr('10.20.0.0/16')).toBe('private');
    expect(nameOfCidr('0.0.0.0/0')).toBeUndefined();
  });
});
