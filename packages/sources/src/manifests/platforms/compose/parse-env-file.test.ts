import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './parse-env-file.ts';

function read(text: string): Record<string, string> {
  return Object.fromEntries([...parseEnvFile(text, '.env')].map(([name, { value }]) => [name, value]));
}

describe('parseEnvFile', () => {
  it('reads assignments, comments, quotes and export', () => {
    const text = [
      '# a comment',
      'A=1',
      'export B = two words # behind',
      "C='$A stays'",
      'D="one\\ntwo \\"$A\\""',
      'E: colon',
      'F=a#b',
      'G=',
      'H',
      'I=# nothing',
    ].join('\n');
    expect(read(text)).toEqual({
      A: '1',
      B: 'two words',
      C: '$A stays',
      D: 'one\ntwo "1"',
      E: 'colon',
      F: 'a#b',
      G: '',
      I: '',
    });
  });

  it('reads values over several lines, and one that is never closed as the rest of its line', () => {
    expect(read('KEY="-----BEGIN\nabc\n-----END"\nNEXT=1')).toEqual({ KEY: '-----BEGIN\nabc\n-----END', NEXT: '1' });
    expect(read('KEY="open\nNEXT=1')).toEqual({ KEY: 'open', NEXT: '1' });
  });

  it('says where each stands', () => {
    expect(parseEnvFile('\r\n  B=2\r\n', 'x/.env').get('B')).toEqual({
      value: '2',
      place: { source: 'x/.env', line: 2, column: 3 },
    });
  });

  it('stays fast on long lines', () => {
    const start = performance.now();
    read(`A=${' '.repeat(300_000)}x`);
    read(`A="${'\\'.repeat(300_000)}`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
