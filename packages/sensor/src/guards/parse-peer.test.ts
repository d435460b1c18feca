import { describe, expect, it } from 'vitest';
import { parsePeer } from './parse-peer.ts';

describe('a peer that is allowed', () => {
  it.each([
    ['10.0.0.5', '00000000000000000000ffff0a000005', 128, 0],
    ['10.1.2.3/8', '00000000000000000000ffff0a000000', 104, 0],
    ['10.0.0.5:5432', '00000000000000000000ffff0a000005', 128, 5432],
    ['10.0.0.0/9:53', '00000000000000000000ffff0a000000', 105, 53],
    ['0.0.0.0/0', '00000000000000000000ffff00000000', 96, 0],
    ['::1', '00000000000000000000000000000001', 128, 0],
    ['[2001:db8:ffff::/33]:443', '20010db8800000000000000000000000', 33, 443],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201', 128, 0],
    ['::/0', '00000000000000000000000000000000', 0, 0],
  ])('is read: %s', (text, address, bits, port) => {
    const peer = parsePeer(text);
    expect([peer.address.toString('hex'), peer.bits, peer.port]).toEqual([address, bits, port]);
  });

  it.each([
    '',
    'example.com',
    '10.0.0.0/33',
    '10.0.0',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    '[::1]:x',
    '::1/129',
    '1.2.3.4/x',
  ])('is refused with what to write instead: %s', (text) => {
    expect(() => parsePeer(text)).toThrow('names no address');
  });
});
