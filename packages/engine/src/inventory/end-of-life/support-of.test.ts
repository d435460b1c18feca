import { type Component, describeSupport } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { DOTNET, GO, OPENJDK } from './compiled-runtimes.ts';
import { DISTRIBUTIONS } from './distributions.ts';
import { RED_HAT_RELATIVES } from './red-hat-relatives.ts';
import { RUNTIMES } from './runtimes.ts';
import { supportOf } from './support-of.ts';

const now = '2026-11-22T05:00:00Z';
const component = (
  type: Component['type'],
  name: string,
  version: string,
  more: Partial<Component> = {},
): Component => ({
  id: `pkg:${type}/${name}@${version}`,
  type,
  name,
  version,
  purl: '',
  licences: [],
  path: '/x',
  files: [],
  scope: 'installed',
  development: false,
  ...more,
});
const distribution = (id: string, versionId?: string, name = id) =>
  supportOf({ distribution: { id, name, ...(versionId !== undefined && { versionId }) }, components: [] }, now)[0];
const runtime = (...given: Parameters<typeof component>) => supportOf({ components: [component(...given)] }, now)[0];

describe('supportOf', () => {
  it.each([
    ['debian', '10', 'ended', '2024-06-30'],
    ['debian', '12.5', 'supported', '2028-06-30'],
    ['debian', '8', 'ended', '2020-06-30'],
    ['alpine', '3.19.1', 'ended', '2025-11-01'],
    ['alpine', '3.22.0', 'supported', '2027-05-01'],
    ['ubuntu', '20.04', 'extended', '2025-05-29'],
    ['ubuntu', '23.10', 'ended', '2024-07-11'],
    ['rhel', '9.4', 'supported', '2032-05-31'],
    ['amzn', '2018.03', 'ended', '2023-12-31'],
    ['sles', '15.3', 'ended', '2022-12-31'],
    ['sles', '15', 'ended', '2019-12-31'],
  ])('says that %s %s is %s, with its date', (id, version, state, end) => {
    expect(distribution(id, version)).toMatchObject({ subject: 'distribution', state, end });
  });

  it.each([
    ['debian', undefined],
    ['debian', '99'],
    ['sles', '15.9'],
    ['alpine', '3.99.0'],
    ['plan9', '4'],
    ['__proto__', '1'],
    ['constructor', '1'],
  ])('calls %s %s unknown, never supported', (id, version) => {
    expect(distribution(id, version)).toMatchObject({ state: 'unknown' });
  });

  it('tells CentOS Stream from CentOS Linux by its name', () => {
    expect(distribution('centos', '8', 'CentOS Stream 8')).toMatchObject({ end: '2024-05-31' });
    expect(distribution('centos', '8', 'CentOS Linux 8')).toMatchObject({ end: '2021-12-31' });
  });

  it('says of a rolling release that it has no end of its own', () => {
    expect(distribution('wolfi', '20230201')).toMatchObject({ state: 'rolling', release: '' });
  });

  it.each([
    ['generic', 'node', '16.20.2', 'Node.js', 'ended'],
    ['generic', 'python', '3.12.1', 'Python', 'supported'],
    ['generic', 'openjdk', '1.8.0_382-b05', 'OpenJDK', 'supported'],
    ['generic', 'jre', '16.0.2+7', 'OpenJDK', 'ended'],
    ['golang', 'stdlib', '1.18.3', 'Go', 'ended'],
    ['nuget', 'Microsoft.NETCore.App.Runtime.linux-x64', '6.0.36', '.NET', 'ended'],
    ['generic', 'php', '8.99.0', 'PHP', 'unknown'],
  ] as const)('judges the runtime %s %s %s', (type, name, version, product, state) => {
    expect(runtime(type, name, version)).toMatchObject({ subject: 'runtime', product, state });
  });

  it('leaves out runtimes that a package of the distribution brought, and what is only listed', () => {
    expect(runtime('generic', 'python', '3.9.2', { ownedBy: 'pkg:deb/debian/python3.9' })).toBeUndefined();
    expect(runtime('golang', 'stdlib', '1.18', { scope: 'locked' })).toBeUndefined();
    expect(runtime('npm', 'node', '16.0.0')).toBeUndefined();
  });

  it('lists a release once, however many programs are of it', () => {
    const components = ['1.18.1', '1.18.2', '1.22.0'].map((version) => component('golang', 'stdlib', version));
    expect(supportOf({ components }, now).map(({ release }) => release)).toEqual(['1.18', '1.22']);
  });

  it('counts the last day itself as supported', () => {
    const at = (day: string) =>
      supportOf({ distribution: { id: 'ubuntu', versionId: '18.04', name: 'Ubuntu' }, components: [] }, day)[0]?.state;
    expect([at('2023-05-31T23:59:59Z'), at('2023-06-01T00:00:00Z'), at('2028-04-27T00:00:00Z')]).toEqual([
      'supported',
      'extended',
      'ended',
    ]);
  });
});

describe('the dates', () => {
  const products = [...Object.entries({ ...DISTRIBUTIONS, ...RED_HAT_RELATIVES, ...RUNTIMES, GO, OPENJDK, DOTNET })];

  it.each(products)('of %s are days, in order, of releases that can be looked up, with their source', (_, product) => {
    expect(product.source).toMatch(/^https:\/\//);
    for (const [release, dates] of Object.entries(product.releases ?? {})) {
      expect(release.split('.').length).toBeLessThanOrEqual(product.parts);
      for (const date of dates.filter((item) => item !== undefined))
        expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
      expect([...dates].sort()).toEqual([...dates]);
    }
  });
});

describe('describeSupport', () => {
  it('says what has ended, when and how long ago, in one line', () => {
    expect(describeSupport(distribution('debian', '10')!, now)).toBe(
      'Debian 10 reached its end of life 2024-06-30, 875 days ago: fixes no longer come',
    );
    expect(describeSupport(distribution('ubuntu', '20.04')!, now)).toBe(
      'Ubuntu 20.04 reached its end of life 2025-05-29, 542 days ago: fixes come only by extended support, until 2030-04-23',
    );
  });

  it('says nothing of what is supported, rolling or unknown', () => {
    for (const status of [distribution('debian', '13'), distribution('wolfi'), distribution('plan9')]) {
      expect(describeSupport(status!, now)).toBeUndefined();
    }
  });
});
