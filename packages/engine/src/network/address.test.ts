import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseCidr, spellSpan } from './address.ts';

describe('addresses in words', () => {
  it('are read again as what they were', () => {
    const group = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn }));
    const six = fc
      .array(group, { minLength: 8, maxLength: 8 })
      .map((groups) => groups.reduce((all, one) => all * 65_536n + one, 0n));
    fc.assert(
      fc.property(six, fc.bigInt({ min: 0n, max: 0xffffffffn }), (long, short) => {
        expect(parseAddress(spellSpan({ family: 6, first: long, last: long }))).toEqual({ family: 6, value: long });
        expect(parseAddress(spellSpan({ family: 4, first: short, last: short }))).toEqual({ family: 4, value: short });
      }),
    );
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.0-10.0.0.255'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['fd00::/112', 'fd00::-fd00::ffff'],
    ['::/128', '::'],
  ])('name both ends of a span, and one address once: %s', (cidr, words) => {
    expect(spellSpan(parseCidr(cidr)!)).toBe(words);
  });
});
