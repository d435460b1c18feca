import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bold, plain } from './style.ts';
import { alignColumns, wrapColumns, wrapText } from './table.ts';

const widest = (lines: string[]) => Math.max(0, ...lines.map((line) => stripVTControlCharacters(line).length));
const words = (lines: string[]) => lines.join(' ').split(/\s+/).filter(Boolean);

describe('alignColumns', () => {
  it('lines columns up, whatever their colours, and leaves no space at the end', () => {
    expect(
      alignColumns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ]),
    ).toEqual(['a    bb  c', 'aaa  b']);
    expect(
      alignColumns([
        [`\u001b[1ma\u001b[22m`, 'x'],
        ['bbb', 'y'],
      ]).map(stripVTControlCharacters),
    ).toEqual(['a    x', 'bbb  y']);
    expect(
      alignColumns(
        [
          ['9', 'x'],
          ['10', 'y'],
        ],
        [0],
      ),
    ).toEqual([' 9  x', '10  y']);
  });
});

describe('wrapText', () => {
  it('keeps every word, in order, within the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }),
        fc.integer({ min: 9, max: 60 }),
        (all, width) => {
          const lines = wrapText(all.join(' '), width);
          expect(words(lines)).toEqual(all);
          expect(widest(lines)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('leaves a word that is too long alone', () => {
    expect(wrapText('a sha256:0123456789 b', 5)).toEqual(['a', 'sha256:0123456789', 'b']);
  });
});

describe('wrapColumns', () => {
  const rows = [
    ['  block', 'no-root', 'the container runs as root and can write everywhere'],
    ['  warn', 'no-privileged', 'x'],
  ];

  it('wraps the last column below itself', () => {
    expect(wrapColumns(rows, 50)).toEqual([
      '  block  no-root        the container runs as root',
      '                        and can write everywhere',
      '  warn   no-privileged  x',
    ]);
  });

  it('puts it on lines of its own on a narrow terminal, and keeps to the width', () => {
    const lines = wrapColumns(rows, 30, 6);
    expect(lines[0]).toBe('  block  no-root');
    expect(lines[1]).toBe('      the container runs as');
    expect(widest(lines)).toBeLessThanOrEqual(30);
  });

  it('leaves lines whole where the output is no terminal', () => {
    expect(wrapColumns(rows, Number.POSITIVE_INFINITY)).toHaveLength(2);
    expect(wrapColumns([], 80)).toEqual([]);
  });
});

describe('plain', () => {
  it('takes sequences, controls and marks of direction out of text of strangers', () => {
    expect(plain('a\u001b[31mb\u0007\u202ec\nd')).toBe('a\ufffd[31mb\ufffd\ufffdc d');
    expect(stripVTControlCharacters(bold('x'))).toBe('x');
  });
});
