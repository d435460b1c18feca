import { describe, expect, it } from 'vitest';
import { memoryOfThread } from './memory.ts';

const MEBIBYTE = 1024 * 1024;

describe('memoryOfThread', () => {
  it('shares what the process is allowed, and leaves some for the rest of it', () => {
    for (const allowed of [512, 768, 2_048]) {
      const each = memoryOfThread(2, allowed * MEBIBYTE);
      expect(2 * each).toBeLessThan(allowed - 96);
      expect(2 * each).toBeGreaterThan(0.5 * allowed);
    }
  });

  it('is enough to judge at all where little is allowed, and bounded where nothing is said', () => {
    expect(memoryOfThread(2, 64 * MEBIBYTE)).toBe(96);
    for (const unsaid of [0, Number.MAX_SAFE_INTEGER, 2 ** 63]) expect(memoryOfThread(2, unsaid)).toBe(2_048);
  });
});
