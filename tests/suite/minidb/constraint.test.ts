import { describe, expect, it } from 'vitest';
import { readConstraint } from './constraint.ts';

describe('constraints of advisories', () => {
  it.each([
    ['< 1.2.3', [['0', '<1.2.3']]],
    ['< 1.0~rc1-1^2', [['0', '<1.0~rc1-1^2']]],
    ['<= 5.7.14', [['0', '<=5.7.14']]],
    ['>= 5.8.0 <= 5.8.16', [['5.8.0', '<=5.8.16']]],
    [
      '>=1, <2 || >=3, <4',
      [
        ['1', '<2'],
        ['3', '<4'],
      ],
    ],
    ['= 1.0', [['1.0', '<=1.0']]],
    ['1.0', [['1.0', '<=1.0']]],
    ['~> 6.0.3.1', [['6.0.3.1', '<6.0.4']]],
    ['~> 6.0', [['6.0', '<7']]],
    ['~1.2.3', [['1.2.3', '<1.3']]],
    ['^1.2.3', [['1.2.3', '<2']]],
    ['^0.2.3', [['0.2.3', '<0.3']]],
    ['[2.9.0,2.9.10.7)', [['2.9.0', '<2.9.10.7']]],
    [
      '(,1.0],[1.2,1.3]',
      [
        ['0', '<=1.0'],
        ['1.2', '<=1.3'],
      ],
    ],
    ['[1.5]', [['1.5', '<=1.5']]],
    ['[2.0,)', [['2.0']]],
  ])('%s', (text, expected) => {
    const read = readConstraint(text).ranges.map(({ events }) =>
      events.map(({ introduced, fixed, lastAffected }) => introduced ?? (fixed ? `<${fixed}` : `<=${lastAffected}`)),
    );
    expect(read).toEqual(expected);
  });

  it('leave out the version that an open range begins after', () => {
    expect(readConstraint('> 1.0, < 2').unaffected).toEqual(['1.0']);
    expect(readConstraint('(1.0,2]').unaffected).toEqual(['1.0']);
  });

  it('are refused where they are empty', () => expect(() => readConstraint('')).toThrow('is not understood'));
});
