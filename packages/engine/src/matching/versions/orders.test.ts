import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, versionOrderOf, versionOrders } from './index.ts';

/** Lines of `lower < higher` or `same = same`, by the documentation or the tool of each ecosystem. */
const FACTS: Record<string, string[]> = {
  'Debian:12': [
    '1.0~rc1 < 1.0',
    '1.0~~ < 1.0~',
    '1.0 < 1.0+b1',
    '1.0-1 < 1.0-1+deb12u1',
    '9.9 < 1:0.1',
    '0:1.0 = 1.0',
    '1.0 = 1.0-0',
    '1.00 = 1.0',
    '1.2.3-4 < 1.2.3-10',
    '1.0a < 1.0+',
    '2.36-9+deb12u7 < 2.36-9+deb12u10',
    '1.99999999999999999998 < 1.99999999999999999999',
  ],
  'Alpine:v3.10': [
    '1.0_alpha < 1.0_beta',
    '1.0_rc1 < 1.0',
    '1.0 < 1.0_p1',
    '1.0_p1 < 1.0a',
    '1.0-r0 < 1.0-r1',
    '1.0-r9 < 1.0-r10',
    '1.0 < 1.0-r0',
    '1.02 < 1.1',
    '1.1.1c-r0 < 1.1.1d-r0',
    '4.10-1-r1 < 4.10-r0',
    '10.2.26.r0 < 10.2.27-r0',
    '1.0_git20190101 < 1.0_git20200101',
  ],
  npm: [
    '1.0.0-alpha < 1.0.0-alpha.1',
    '1.0.0-alpha.1 < 1.0.0-alpha.beta',
    '1.0.0-beta.2 < 1.0.0-beta.11',
    '1.0.0-rc.1 < 1.0.0',
    'v1.2.3 = 1.2.3',
    '1.2 = 1.2.0',
    '1.0.0+a = 1.0.0+b',
    '1.9.0 < 1.10.0',
  ],
  'AlmaLinux:9': [
    '1.0~rc1-1 < 1.0-1',
    '1.0-1 < 1.0^20240101-1',
    '1.0^20240101 < 1.0.1',
    '1.0-1.el9 < 1.0-1.el9_1',
    '2-1 < 1:1-1',
    '0:1-1 = 1-1',
    '1.0a < 1.0.1',
    '1.0.010 = 1.0.10',
  ],
  NVD: [
    '1.0.2k < 1.0.2zj',
    '1.1.1 < 1.1.1k',
    '1.1.1k < 1.1.1x',
    '3.2.0-rc1 < 3.2.0',
    '1.18.3 < 1.18.6',
    '1.9 < 1.10',
    'v1.2 = 1.2.0',
  ],
  Go: [
    'v0.0.0-20200101000000-abcdefabcdef < v0.0.0-20210101000000-abcdefabcdef',
    'v2.0.0+incompatible = v2.0.0',
    'go1.22rc1 < go1.22.0',
    '1.21.9 < 1.22',
  ],
  PyPI: [
    '1.0.dev1 < 1.0a1',
    '1.0a1 < 1.0b1',
    '1.0rc1 < 1.0',
    '1.0 < 1.0.post1',
    '1.0.post1.dev1 < 1.0.post1',
    '1.0 < 1.0+local.1',
    '1.0.0 = 1',
    '9.9 < 1!0.1',
    'v1.0-alpha-1 = 1.0a1',
    '5.0-final < 0.1',
  ],
  Maven: [
    '1.0-alpha-1 < 1.0-beta-1',
    '1.0-rc1 < 1.0-SNAPSHOT',
    '1.0-SNAPSHOT < 1.0',
    '1.0 = 1.0.Final',
    '1 = 1.0.0-ga',
    '1.0 < 1.0-sp1',
    '1.0-sp1 < 1.0-jre8',
    '1-1 < 1.1',
    '1.0-m2 = 1.0-milestone-2',
  ],
  RubyGems: ['1.0.a < 1.0', '1.0.pre1 < 1.0.rc1', '1.0 = 1', '5.2.9 < 5.3.a', '1.0-1 < 1.0'],
  Packagist: ['1.0-dev < 1.0-alpha1', '1.0-beta2 < 1.0-RC1', '1.0-RC1 < 1.0', '1.0 < 1.0-p1', '1.0 = v1.0.0.0'],
  NuGet: ['1.0.0-Beta = 1.0.0-beta', '1.0.0 < 1.0.0.1', '1.0 = 1.0.0.0'],
  Pub: ['1.0.0 < 1.0.0+1', '1.0.0+1 < 1.0.0+2', '1.0.0-a < 1.0.0'],
  'Arch Linux': [
    '1.0a < 1.0alpha',
    '1.0alpha < 1.0b',
    '1.0b < 1.0beta',
    '1.0beta < 1.0p',
    '1.0p < 1.0pre',
    '1.0pre < 1.0rc',
    '1.0rc < 1.0',
    '1.0 < 1.0.a',
    '1.0.a < 1.0.1',
    '1.0-1 < 1.0-2',
    '9.9-1 < 1:0.1-1',
    '1.5.0 < 1.5.1',
    '1.05 = 1.5',
    '1.0_1 = 1.0.1',
  ],
  Gentoo: [
    '1.0_alpha < 1.0_alpha1',
    '1.0_alpha1 < 1.0_beta1',
    '1.0_pre1 < 1.0_rc1',
    '1.0_rc2 < 1.0',
    '1.0 < 1.0-r1',
    '1.0 < 1.0_p1',
    '1.0_p1 < 1.0a',
    '1.02 < 1.1',
    '1.1 < 1.10',
    '1.0 < 1.0.0',
    '1.0-r0 = 1.0',
    '1.010 = 1.01',
  ],
  JVM: [
    '1.8.0_291 < 1.8.0_292',
    '8u291 < 1.8.0_292-b10',
    '8u292 = 1.8.0_292',
    '1.8.0-update292 = 8u292',
    '1.8.0_402 < 11.0.1',
    '11.0.10+9 < 11.0.11',
    '11.0.11+8 = 11.0.11+9',
    '17 = 17.0.0',
    '17-ea < 17',
    '21.0.2 < 21.0.10',
  ],
  CRAN: ['0.9 < 0.75', '1.0-1 = 1.0.1', '1.0 < 1.0.0'],
  Hackage: ['1.2 < 1.10', '1.0 < 1.0.0'],
};

describe('order of versions', () => {
  it.each(Object.entries(FACTS).flatMap(([ecosystem, lines]) => lines.map((line) => [ecosystem, line])))(
    '%s: %s',
    (ecosystem, line) => {
      const [a = '', sign, b = ''] = line.split(' ');
      const expected = sign === '=' ? 0 : -1;
      expect(compareVersions(ecosystem, a, b)).toBe(expected);
      expect(compareVersions(ecosystem, b, a)).toBe(expected === 0 ? 0 : 1);
    },
  );

  it('says nothing of what is no version, and of ecosystems it does not know', () => {
    expect(compareVersions('npm', 'nightly.2026-03-10.0', '1.0.0')).toBeUndefined();
    expect(compareVersions('Debian:12', '', '1.0')).toBeUndefined();
    expect(compareVersions('Debian:12', '1.0-', '1.0')).toBeUndefined();
    expect(compareVersions('Debian:12', 'a b', '1.0')).toBeUndefined();
    expect(compareVersions('Alpine:v3.10', 'edge', '1.0')).toBeUndefined();
    expect(compareVersions('Haiku', '1', '2')).toBeUndefined();
    expect(compareVersions('npm', `1.${'9'.repeat(2000)}`, '1.0.0')).toBeUndefined();
  });

  it('has one order for an ecosystem', () => {
    const names = versionOrders.flatMap(({ ecosystems }) => ecosystems);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Pieces of which versions of all ecosystems are made, so that most strings get far into an order. */
const piece = fc.constantFrom(
  ...'0 1 2 9 10 00 01 20240101 a b z A rc alpha beta pre p post dev final SNAPSHOT v r x lfs . . . - _ + ~ ^ : ! -r _p _rc _git .el9'.split(
    ' ',
  ),
);
const version = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(''));

describe.each(versionOrders.map((order) => [order.ecosystems[0]!, order] as const))('the order of %s', (_, order) => {
  const parsed = fc
    .oneof(
      version,
      version.map((text) => `1.${text}`),
    )
    .map((text) => ({ text, value: order.parse(text) }))
    .filter(({ value }) => value !== undefined);

  it('is reflexive, antisymmetric and transitive', () => {
    fc.assert(
      fc.property(parsed, parsed, parsed, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort((left, right) => order.compare(left.value, right.value));
        expect(order.compare(a.value, order.parse(a.text))).toBe(0);
        expect(Math.sign(order.compare(a.value, b.value))).toBe(-Math.sign(order.compare(b.value, a.value)) || 0);
        expect(order.compare(x!.value, y!.value)).toBeLessThanOrEqual(0);
        expect(order.compare(y!.value, z!.value)).toBeLessThanOrEqual(0);
        expect(order.compare(x!.value, z!.value)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any string without throwing, and long ones without end', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => void order.parse(text)),
      { numRuns: 500 },
    );
    for (const text of [
      '1.'.repeat(499),
      '1-'.repeat(499),
      '1_p'.repeat(300),
      'a'.repeat(999),
      '0'.repeat(999),
      '1~'.repeat(499),
    ]) {
      const value = order.parse(text);
      if (value !== undefined) order.compare(value, order.parse(text));
    }
  });
});

it('finds the order of an ecosystem with and without its release', () => {
  expect(versionOrderOf('Debian:12')).toBe(versionOrderOf('Debian'));
  expect(versionOrderOf('Alpine:v3.10')).toBe(versionOrderOf('Alpine'));
});
