import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseTags, compareTags, exactTags, matchesPattern } from './choose-tags.ts';

describe('tags to follow', () => {
  it.each([
    [[], ['nightly-2', 'nightly-10'], ['nightly-10', 'nightly-2']],
    [['v*'], ['v1', 'latest', 'v2'], ['v2', 'v1']],
    [
      ['v*', '!*-rc*'],
      ['v1', 'v2-rc1', 'v2'],
      ['v2', 'v1'],
    ],
    [['!latest'], ['latest', '1'], ['1']],
    [['1.?'], ['1.1', '1.10', '11'], ['1.1']],
    [['none'], ['1'], []],
  ])('of patterns %o among %o are %o', (patterns, tags, chosen) => {
    expect(chooseTags(tags, { patterns })).toEqual(chosen);
  });

  it('are the newest by version, not by letters', () => {
    expect(
      chooseTags(['1.9', '1.10', '1.10-rc1', 'v1.11.0-beta.2', 'v1.11.0', '0.1'], { patterns: [], newest: 3 }),
    ).toEqual(['v1.11.0', 'v1.11.0-beta.2', '1.10']);
  });

  it('are never signatures and attestations of other images', () => {
    const beside = `sha256-${'a'.repeat(64)}`;
    expect(chooseTags([`${beside}.sig`, beside, `${beside}.att`, '1'], { patterns: [] })).toEqual(['1']);
  });

  it('need no list where each is named outright', () => {
    expect(exactTags({ patterns: ['1.0', 'latest'] })).toEqual(['1.0', 'latest']);
    for (const patterns of [[], ['1.*'], ['1', '!2']]) expect(exactTags({ patterns })).toBeUndefined();
    expect(exactTags({ patterns: ['1'], newest: 2 })).toBeUndefined();
  });

  it('stand in one order, whatever they are called', () => {
    const tag = fc.oneof(
      fc.stringMatching(/^[\w][\w.-]{0,20}$/),
      fc.stringMatching(/^v?\d{1,3}(\.\d{1,3}){0,3}(-(rc|beta|alpine)\.?\d?)?$/),
    );
    fc.assert(
      fc.property(tag, tag, tag, (a, b, c) => {
        expect(Math.sign(compareTags(a, b))).toBe(-Math.sign(compareTags(b, a)) + 0);
        if (compareTags(a, b) <= 0 && compareTags(b, c) <= 0) expect(compareTags(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('a pattern', () => {
  it('means what the same regular expression means', () => {
    const pattern = fc.stringMatching(/^[ab.*?]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab.]{0,12}$/), pattern, (tag, text) => {
        const expression = text.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesPattern(tag, text)).toBe(new RegExp(`^${expression}$`).test(tag));
      }),
    );
  });

  it('that is made to be slow is not', () => {
    const started = performance.now();
    expect(matchesPattern('a'.repeat(128), `${'*a'.repeat(60)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
