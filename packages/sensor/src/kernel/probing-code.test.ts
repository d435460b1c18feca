import { describe, expect, it } from 'vitest';
import { probingCode } from './probing-code.ts';

const SYMBOLS = `ffffffff81368280 T ns_capable_noaudit
ffffffff81368280 T another_name_of_it
ffffffff81368390 T has_ns_capability
ffffffff813683f0 t has_ns_capability_noaudit
ffffffff81368460 T privileged_wrt_inode_uidgid
ffffffffc0000000 t ns_capable_noaudit_of_a_module	[module]
`;

describe('where the kernel probes for capabilities', () => {
  it('is from its address up to the next', () => {
    const [one, two, ...others] = probingCode(SYMBOLS).map((range) => [
      range.readBigUInt64LE(0),
      range.readBigUInt64LE(8),
    ]);
    expect(one).toEqual([0xffffffff81368280n, 0xffffffff81368390n]);
    expect(two).toEqual([0xffffffff813683f0n, 0xffffffff81368460n]);
    expect(others).toEqual([]);
  });

  it('is nowhere where the kernel hides it', () => {
    expect(probingCode(SYMBOLS.replaceAll(/^f{8}[0-9a-f]{8}/gm, '0'.repeat(16)))).toEqual([]);
    expect(probingCode('')).toEqual([]);
  });
});
