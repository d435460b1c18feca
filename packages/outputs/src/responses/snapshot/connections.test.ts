import { describe, expect, it } from 'vitest';
import { readEnd } from './connections.ts';

describe('an end of a socket, as /proc writes it', () => {
  it.each([
    ['0100007F:1F90', '127.0.0.1:8080'],
    ['00000000:0016', '0.0.0.0:22'],
    ['00000000000000000000000001000000:01BB', '[0:0:0:0:0:0:0:1]:443'],
    ['B80D0120000000000000000001000000:0050', '[2001:db8:0:0:0:0:0:1]:80'],
  ])('%s is %s', (text, end) => {
    expect(readEnd(text)).toBe(end);
  });
});
