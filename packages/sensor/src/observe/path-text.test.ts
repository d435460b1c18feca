import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathText } from './path-text.ts';

describe('a name of the kernel', () => {
  it('stays as it is where it is UTF-8, with whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pathText(Buffer.from(text))).toBe(Buffer.from(text).toString('utf8'));
      }),
    );
    expect(pathText(Buffer.from('/a\nb\u001b[31m'))).toBe('/a\nb\u001b[31m');
  });

  it('shows bytes that are none, and differs where they do', () => {
    expect(pathText(Buffer.from([0x2f, 0xff, 0x61, 0xc3, 0xa9, 0xc3]))).toBe('/\ufffdffaé\ufffdc3');
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const isSame = Buffer.compare(a, b) === 0;
        // What looks like one of ours was written so by somebody: it is no name that anybody has.
        if (!Buffer.from(a).includes('\ufffd') && !Buffer.from(b).includes('\ufffd'))
          expect(pathText(Buffer.from(a)) === pathText(Buffer.from(b))).toBe(isSame);
      }),
    );
  });
});
