import type { AdvisoryLookup, AdvisoryRow, Component, Exploitation, Rating } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { matchComponents } from './match-components.ts';

function row(part: Partial<AdvisoryRow> & Pick<AdvisoryRow, 'id' | 'package'>): AdvisoryRow {
  const aliases = [part.id, ...(part.aliases ?? [])];
  return {
    ecosystem: 'npm',
    cves: aliases.filter((alias) => alias.startsWith('CVE-')),
    ranges: [],
    versions: [],
    withdrawn: false,
    summary: '',
    severity: 'unknown',
    source: 'test.jsonl',
    confidence: 'high',
    ...part,
    aliases,
  };
}

function below(fixed: string, introduced = '0'): AdvisoryRow['ranges'] {
  return [{ type: 'SEMVER', events: [{ introduced }, { fixed }] }];
}

function lookup(
  rows: AdvisoryRow[],
  facts: { known?: Record<string, Exploitation>; ratings?: Record<string, Rating> } = {},
): AdvisoryLookup {
  return {
    rows: (ecosystem, name) => rows.filter((item) => item.ecosystem === ecosystem && item.package === name),
    covers: (ecosystem) => rows.some((item) => item.ecosystem === ecosystem),
    exploitation: (cve) => facts.known?.[cve] ?? { ransomware: false },
    rating: (cve) => facts.ratings?.[cve],
  };
}

function component(part: Partial<Component> & Pick<Component, 'name' | 'version'>): Component {
  const { type = 'npm', name, version } = part;
  const purl = `pkg:${type}/${name}@${version}`;
  return {
    id: purl,
    type,
    purl,
    ecosystem: 'npm',
    licences: [],
    path: '/x',
    files: [],
    scope: 'installed',
    development: false,
    ...part,
  };
}

const ids = (components: Component[], rows: AdvisoryRow[]) =>
  matchComponents(components, lookup(rows)).matches.map(({ id }) => id);

it.each([
  ['root', []],
  ['workspace', []],
  ['direct', ['A']],
] as const)('judges a package that is %s in its lock file', (relationship, expected) => {
  const found = component({ name: 'a', version: '1.0.0', relationship });
  expect(ids([found], [row({ id: 'A', package: 'a', ranges: below('2.0.0') })])).toEqual(expected);
});

describe('ranges', () => {
  const events = [{ introduced: '1.0.0' }, { fixed: '1.2.5' }, { introduced: '2.0.0' }, { lastAffected: '2.3.0' }];
  it.each([
    ['0.9.0', false],
    ['1.0.0', true],
    ['1.2.4', true],
    ['1.2.5', false],
    ['2.0.0', true],
    ['2.3.0', true],
    ['2.3.1', false],
  ])('with several parts: %s is affected: %s', (version, affected) => {
    const rows = [row({ id: 'CVE-2024-1000', package: 'a', ranges: [{ type: 'SEMVER', events }] })];
    expect(ids([component({ name: 'a', version })], rows)).toEqual(affected ? ['CVE-2024-1000'] : []);
  });

  it('do not depend on the order in which their events stand', () => {
    const rows = [
      row({ id: 'CVE-2024-1000', package: 'a', ranges: [{ type: 'SEMVER', events: [...events].reverse() }] }),
    ];
    expect(ids([component({ name: 'a', version: '2.1.0' })], rows)).toEqual(['CVE-2024-1000']);
  });

  it('all count, and so does a list of versions beside them', () => {
    const ranges = [...below('1.1.0'), ...below('2.1.0', '2.0.0')];
    const rows = [row({ id: 'CVE-2024-1000', package: 'a', ranges, versions: ['3.0.0'] })];
    const found = ['1.0.0', '1.5.0', '2.0.9', '3.0.0', '3.0.1'].map(
      (version) => ids([component({ name: 'a', version })], rows).length,
    );
    expect(found).toEqual([1, 0, 1, 1, 0]);
  });

  it('end at their limits', () => {
    const limited = [{ type: 'SEMVER' as const, events: [{ introduced: '0' }, { limit: '2.0.0' }] }];
    const rows = [row({ id: 'CVE-2024-1000', package: 'a', ranges: limited })];
    expect(ids([component({ name: 'a', version: '1.9.0' })], rows)).toHaveLength(1);
    expect(ids([component({ name: 'a', version: '2.0.0' })], rows)).toHaveLength(0);
  });

  it('of commits do not hide the others', () => {
    const ranges: AdvisoryRow['ranges'] = [{ type: 'GIT', events: [] }, ...below('1.1.0')];
    expect(
      ids([component({ name: 'a', version: '1.0.0' })], [row({ id: 'CVE-2024-1000', package: 'a', ranges })]),
    ).toHaveLength(1);
  });
});

describe('fixed version', () => {
  const fixed = (version: string, rows: AdvisoryRow[]) =>
    matchComponents([component({ name: 'a', version })], lookup(rows)).matches[0]?.fixedVersion;

  it('is that of the installed branch', () => {
    const rows = [row({ id: 'CVE-2024-1000', package: 'a', ranges: [...below('1.2.5'), ...below('2.1.3', '2.0.0')] })];
    expect([fixed('1.0.0', rows), fixed('2.0.1', rows)]).toEqual(['1.2.5', '2.1.3']);
  });

  it('is not the end of a branch that the next one takes over', () => {
    const ranges = [...below('1.1.0', '1.0.0'), ...below('1.2.0', '1.1.0'), ...below('1.2.4', '1.2.0')];
    expect(fixed('1.0.3', [row({ id: 'CVE-2024-1000', package: 'a', ranges })])).toBe('1.2.4');
  });

  it('is fixed by every record of the flaw', () => {
    const rows = [
      row({ id: 'CVE-2024-1000', package: 'a', ranges: below('1.2.5') }),
      row({ id: 'GHSA-x', aliases: ['CVE-2024-1000'], package: 'a', ranges: below('1.2.9') }),
    ];
    expect(fixed('1.0.0', rows)).toBe('1.2.9');
  });

  it('is absent where no record names one', () => {
    const rows = [
      row({ id: 'CVE-2024-1000', package: 'a', ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }),
    ];
    expect(fixed('1.0.0', rows)).toBeUndefined();
  });
});

describe('one flaw', () => {
  it('is one match, however many records and sources tell of it, and keeps their ids', () => {
    const rows = [
      row({ id: 'NSWG-ECO-5', package: 'a', ranges: below('1.1.0') }),
      row({
        id: 'RETIREJS-a-1',
        aliases: ['CVE-2024-1000', 'NSWG-ECO-5'],
        package: 'a',
        ranges: below('1.1.0'),
        confidence: 'low',
      }),
      row({ id: 'GHSA-x', aliases: ['CVE-2024-1000'], package: 'a', ranges: below('1.1.0') }),
    ];
    const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows));
    expect(matches).toHaveLength(1);
    expect(matches[0]).toMatchObject({
      id: 'CVE-2024-1000',
      advisories: ['GHSA-x', 'NSWG-ECO-5', 'RETIREJS-a-1'],
      aliases: ['GHSA-x', 'NSWG-ECO-5', 'RETIREJS-a-1'],
      confidence: 'high',
    });
  });

  it('is one for each CVE of an advisory over several', () => {
    const rows = [
      row({ id: 'DSA-1-1', cves: ['CVE-2024-1000', 'CVE-2024-1001'], package: 'a', ranges: below('1.1.0') }),
    ];
    const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows));
    expect(matches.map(({ id, aliases }) => [id, aliases])).toEqual([
      ['CVE-2024-1000', ['DSA-1-1']],
      ['CVE-2024-1001', ['DSA-1-1']],
    ]);
  });

  it('is joined without any CVE too, by way of shared ids', () => {
    const rows = [
      row({ id: 'A-1', package: 'a', ranges: below('2.0.0') }),
      row({ id: 'B-1', package: 'a', ranges: below('2.0.0') }),
      row({ id: 'C-1', aliases: ['A-1', 'B-1'], package: 'a', ranges: below('2.0.0') }),
    ];
    expect(ids([component({ name: 'a', version: '1.0.0' })], rows)).toEqual(['A-1']);
  });

  it('has low confidence where sources disagree', () => {
    const rows = [
      row({ id: 'GHSA-x', aliases: ['CVE-2024-1000'], package: 'a', ranges: below('1.2.0') }),
      row({ id: 'PYSEC-y', aliases: ['CVE-2024-1000'], package: 'a', ranges: below('1.1.0') }),
    ];
    const { matches } = matchComponents([component({ name: 'a', version: '1.1.5' })], lookup(rows));
    expect(matches[0]).toMatchObject({ confidence: 'low', advisories: ['GHSA-x'] });
    expect(matches[0]?.reason).toContain('another advisory calls this version safe');
  });
});

describe('severity and exploitation', () => {
  it('come from the CVE where the distribution gives no score, and the distribution’s own word stands', () => {
    const known = { 'CVE-2024-1000': { ransomware: true, knownExploitedSince: '2024-05-01', epss: 0.9 } };
    const ratings = { 'CVE-2024-1000': { score: 9.8, cvss: 'CVSS:3.1/...', advisory: 'BIT-a' } };
    const rows = [
      row({
        id: 'DSA-1-1',
        ecosystem: 'Debian:12',
        cves: ['CVE-2024-1000'],
        package: 'a',
        ranges: below('1.1.0'),
        severity: 'medium',
      }),
    ];
    const packaged = component({ name: 'a', version: '1.0.0', type: 'deb', ecosystem: 'Debian:12' });
    const { matches } = matchComponents([packaged], lookup(rows, { known, ratings }));
    expect(matches[0]).toMatchObject({ severity: 'medium', score: 9.8, exploitation: known['CVE-2024-1000'] });
  });

  it('come from the CVE where the distribution rates it with others, or not at all', () => {
    const ratings = { 'CVE-2024-1000': { score: 9.8, cvss: 'CVSS:3.1/...', advisory: 'BIT-a' } };
    const several = { cves: ['CVE-2024-1000', 'CVE-2024-2000'], severity: 'medium' as const };
    for (const rating of [several, { cves: ['CVE-2024-1000'] }]) {
      const rows = [row({ id: 'DSA-1-1', package: 'a', ranges: below('1.1.0'), ...rating })];
      const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows, { ratings }));
      expect(matches.find(({ id }) => id === 'CVE-2024-1000')).toMatchObject({ severity: 'critical', score: 9.8 });
    }
  });

  it('come from the score for a language, whatever word another source has for it', () => {
    const rows = [
      row({ id: 'RETIREJS-a', cves: ['CVE-2024-1000'], package: 'a', ranges: below('1.1.0'), severity: 'low' }),
    ];
    const ratings = { 'CVE-2024-1000': { score: 6.1, advisory: 'GHSA-a' } };
    const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows, { ratings }));
    expect(matches[0]).toMatchObject({ severity: 'medium', score: 6.1 });
  });

  it('stay with the words of the advisory where nobody has a score', () => {
    const rows = [row({ id: 'GHSA-x', package: 'a', ranges: below('1.1.0'), severity: 'high' })];
    const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows));
    expect(matches[0]).toMatchObject({ severity: 'high', exploitation: { ransomware: false } });
    expect(matches[0]).not.toHaveProperty('score');
  });
});

it('tells in a sentence what, why and by whose word', () => {
  const rows = [row({ id: 'CVE-2024-1000', package: 'a', ranges: below('1.1.0') })];
  const { matches } = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows));
  expect(matches[0]?.reason).toBe('a 1.0.0 is below 1.1.0 (npm, CVE-2024-1000 in test.jsonl)');
});

describe('names', () => {
  const libssl = component({
    type: 'deb',
    ecosystem: 'Debian:12',
    name: 'libssl3',
    version: '3.0.11-1~deb12u2+b1',
    source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
  });
  const debian = { ecosystem: 'Debian:12', ranges: below('3.0.13-1~deb12u1') };

  it('are those of the source package first, with its version', () => {
    const { matches } = matchComponents(
      [libssl],
      lookup([row({ id: 'DSA-1-1', package: 'openssl', names: 'source', ...debian })]),
    );
    expect(matches[0]).toMatchObject({
      componentName: 'libssl3',
      version: libssl.version,
      fixedVersion: '3.0.13-1~deb12u1',
    });
    expect(matches[0]?.reason).toBe(
      'source package openssl 3.0.11-1~deb12u2 is below 3.0.13-1~deb12u1 (Debian:12, DSA-1-1 in test.jsonl)',
    );
  });

  it('are those of the binary package where an advisory means it', () => {
    expect(ids([libssl], [row({ id: 'X-1', package: 'libssl3', ...debian })])).toEqual(['X-1']);
    expect(ids([libssl], [row({ id: 'X-1', package: 'libssl3', names: 'binary', ...debian })])).toEqual(['X-1']);
  });

  it('do not mix up a binary package with a source package that is called alike', () => {
    expect(ids([libssl], [row({ id: 'DSA-1-1', package: 'libssl3', names: 'source', ...debian })])).toEqual([]);
    expect(ids([libssl], [row({ id: 'X-1', package: 'openssl', names: 'binary', ...debian })])).toEqual([]);
  });
});

describe('what is not matched', () => {
  it('is withdrawn, or reports no flaw', () => {
    const rows = [
      row({ id: 'CVE-2024-1000', package: 'a', ranges: below('2.0.0'), withdrawn: true }),
      row({ id: 'RUSTSEC-1', package: 'a', ranges: below('2.0.0'), informational: 'unmaintained' }),
    ];
    const result = matchComponents([component({ name: 'a', version: '1.0.0' })], lookup(rows));
    expect(result).toEqual({ matches: [], unknowns: [] });
  });

  const rows = [
    row({ id: 'CVE-2024-1000', package: 'a', ranges: below('2.0.0') }),
    row({ id: 'BIT-b', package: 'b', ranges: below('nightly.2026-03-10.0') }),
    row({ id: 'GIT-c', package: 'c', ranges: [{ type: 'GIT', events: [] }] }),
    row({ id: 'END-e', package: 'e', ranges: [{ type: 'SEMVER', events: [{ fixed: '2.0.0' }] }] }),
    row({ id: 'KB-d', package: 'd', versions: ['1.0.0'], partial: true }),
    row({ id: 'H-1', package: 'h', ecosystem: 'Haiku' }),
  ];
  it.each([
    ['an empty version', component({ name: 'a', version: '' }), 'the version of a is not stated'],
    ['no version of the ecosystem', component({ name: 'a', version: 'latest' }), 'a latest is no version of npm'],
    [
      'an ecosystem without advisories',
      component({ name: 'a', version: '1', ecosystem: 'Alpine:v3.19' }),
      'no advisories for Alpine:v3.19 have been imported',
    ],
    [
      'an ecosystem without order',
      component({ name: 'h', version: '1', ecosystem: 'Haiku' }),
      'versions of Haiku cannot be compared',
    ],
    [
      'bounds that are no versions',
      component({ name: 'b', version: '1.0.0' }),
      'b 1.0.0 has bounds in BIT-b that cannot be read',
    ],
    [
      'ranges of commits only',
      component({ name: 'c', version: '1.0.0' }),
      'c 1.0.0 is judged in GIT-c by commits only',
    ],
    [
      'a version that the source did not try',
      component({ name: 'd', version: '1.1.0' }),
      'd 1.1.0 was not tried by KB-d, which knows single versions only',
    ],
  ])('is unknown, never clean: %s', (_, item, reason) => {
    expect(matchComponents([item], lookup(rows))).toEqual({ matches: [], unknowns: [{ component: item.id, reason }] });
  });

  it('is unknown where no source of advisories exists', () => {
    const { ecosystem: _, ...item } = component({ name: 'a', version: '1.0.0' });
    expect(matchComponents([item], lookup(rows)).unknowns).toEqual([
      { component: item.id, reason: 'no source of advisories is known for a' },
    ]);
  });
});

it('compares the source of an rpm without epochs, because it states none', () => {
  const item = component({
    type: 'rpm',
    ecosystem: 'AlmaLinux:9',
    name: 'libx',
    version: '1:2.0.0-1',
    source: { name: 'x', version: '2.0.0-1' },
  });
  const judge = (fixed: string) =>
    ids([item], [row({ id: 'A-1', ecosystem: 'AlmaLinux:9', package: 'x', ranges: below(fixed) })]);
  expect([judge('1:1.9.0-1'), judge('1:2.1.0-1')]).toEqual([[], ['A-1']]);
});
