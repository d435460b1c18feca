import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inVersRange } from './vers-range.ts';

describe('ranges of versions as `vers:` writes them', () => {
  it.each([
    ['vers:npm/1.2.3', '1.2.3', true],
    ['vers:npm/1.2.3', '1.2.4', false],
    ['vers:npm/>=1.0.0|<2.0.0', '1.9.9', true],
    ['vers:npm/>=1.0.0|<2.0.0', '2.0.0', false],
    ['vers:npm/<1.0.0', '0.9.0', true],
    ['vers:npm/<1.0.0|>=2.0.0', '1.5.0', false],
    ['vers:npm/<1.0.0|>=2.0.0', '2.5.0', true],
    ['vers:npm/>=1.0.0|<2.0.0|>=3.0.0|<=3.5.0', '3.5.0', true],
    ['vers:npm/>=1.0.0|!=1.5.0|<2.0.0', '1.5.0', false],
    ['vers:npm/!=1.5.0', '1.6.0', true],
    ['vers:deb/>=1.0~rc1-1|<1:1.0-1', '2.0-1', true],
    ['vers:deb/>=1%3A1.0-1', '1:1.1-1', true],
    ['vers:generic/>=2.9|<=4.1', '3.0', true],
    ['vers:pypi/*', '1.0', true],
    ['vers:npm/>=x', '1.0.0', false],
    ['vers:npm/>=1.0.0', 'nightly', false],
    ['>=1.0.0', '1.0.0', false],
  ])('%s of %s: %s', (range, version, expected) => expect(inVersRange(range, version)).toBe(expected));

  it('hold between their bounds and nowhere else', () => {
    const number = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b) + 1];
        expect(inVersRange(`vers:semver/>=1.${low}.0|<1.${high}.0`, `1.${c}.0`)).toBe(c >= low && c < high);
      }),
    );
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (range, version) => {
        expect(typeof inVersRange(`vers:npm/${range}`, version)).toBe('boolean');
      }),
    );
  });
});
