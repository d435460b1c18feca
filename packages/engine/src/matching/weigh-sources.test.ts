import type { AdvisoryLookup, AdvisoryRow, Component } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { matchComponents } from './match-components.ts';

const CVE = 'CVE-2024-1000';

function row(part: Partial<AdvisoryRow>): AdvisoryRow {
  const id = part.id ?? CVE;
  return {
    id,
    ecosystem: 'Red Hat:8',
    package: 'a',
    cves: [CVE],
    aliases: [id, CVE],
    ranges: [],
    versions: [],
    withdrawn: false,
    summary: '',
    severity: 'unknown',
    source: 'test.jsonl',
    confidence: 'high',
    ...part,
  };
}

const below = (fixed: string, branch?: string): AdvisoryRow['ranges'] => [
  { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }], ...(branch === undefined ? {} : { branch }) },
];

function component(part: Partial<Component>): Component {
  const name = part.name ?? 'a';
  return {
    id: name,
    type: 'rpm',
    name,
    version: '1.0-1.el8',
    purl: `pkg:rpm/x/${name}`,
    ecosystem: 'Red Hat:8',
    licences: [],
    path: '/x',
    files: [],
    scope: 'installed',
    development: false,
    ...part,
  };
}

function match(components: Component[], rows: AdvisoryRow[]) {
  const lookup: AdvisoryLookup = {
    rows: (ecosystem, name) => rows.filter((item) => item.ecosystem === ecosystem && item.package === name),
    covers: () => true,
    exploitation: () => ({ ransomware: false }),
  };
  return matchComponents(components, lookup).matches;
}

describe('who built the package has the last word', () => {
  const upstream = row({ id: 'GHSA-x', ranges: below('2.0') });

  it('where its fix is in, whatever others say', () => {
    const vendor = row({ id: 'V-1', ranges: below('1.0-1.el8'), settles: true });
    expect(match([component({})], [upstream, vendor])).toEqual([]);
    expect(match([component({ version: '0.9-1.el8' })], [upstream, vendor])).toHaveLength(1);
  });

  it('on the versions that it makes statements on, and no others', () => {
    const statement = row({ id: 'VEX-1', unaffected: ['1.0-1.el8'], settles: true });
    expect(match([component({})], [upstream, statement])).toEqual([]);
    expect(match([component({ version: '1.0-2.el8' })], [upstream, statement])).toMatchObject([{ confidence: 'high' }]);
    expect(match([component({ version: '1.0-2.el8' })], [statement])).toEqual([]);
  });

  it('also where it tells of fixes only, which accuse nobody', () => {
    const fixes = row({ id: 'V-1', ranges: below('1.0-1.el8'), settles: true, onlyFixes: true });
    const older = component({ version: '0.9-1.el8' });
    expect(match([older], [fixes])).toEqual([]);
    expect(match([older], [upstream, fixes])).toMatchObject([{ advisories: ['GHSA-x'] }]);
    expect(match([component({})], [upstream, fixes])).toEqual([]);
  });
});

describe('modules of rpm', () => {
  const modular = row({ ranges: below('2.0'), module: 'nodejs:16' });
  const plain = row({ ranges: below('2.0'), module: '' });
  it.each([
    ['nodejs:16:8060020:ad008a3a', modular, 1],
    ['nodejs:18:8060020:ad008a3a', modular, 0],
    ['nodejs:160:8060020:ad008a3a', modular, 0],
    ['', modular, 0],
    ['nodejs:16:8060020:ad008a3a', plain, 0],
    ['', plain, 1],
  ])('with the label %j, %j', (modularityLabel, advisory, count) => {
    expect(match([component({ modularityLabel })], [advisory])).toHaveLength(count);
  });

  it('are possible where a package does not say of which it is, with low confidence', () => {
    const [found] = match([component({})], [modular]);
    expect(found).toMatchObject({ confidence: 'low' });
    expect(found?.reason).toContain('if it is of module nodejs:16');
  });
});

it('judges a build of a minor release by the fix for it, and every other by the one for all', () => {
  const advisory = row({ ranges: [...below('2.34-100.el9'), ...below('2.34-60.el9_2.7', 'el9_2')] });
  const found = (version: string) => match([component({ version })], [advisory]).length;
  expect([found('2.34-60.el9_2.6'), found('2.34-60.el9_2.7'), found('2.34-70.el9'), found('2.34-100.el9')]).toEqual([
    1, 0, 1, 0,
  ]);
});

describe('a package of a language that the distribution brought', () => {
  const library = component({
    type: 'pypi',
    name: 'urllib3',
    version: '1.26.5',
    ecosystem: 'PyPI',
    ownedBy: 'python3-urllib3',
  });
  const owner = component({ name: 'python3-urllib3', version: '1.26.5-5.el8' });
  const general = row({ id: 'GHSA-x', ecosystem: 'PyPI', package: 'urllib3', ranges: below('1.26.18') });
  const vendor = (fixed: string) => row({ id: 'V-1', package: 'python3-urllib3', ranges: below(fixed) });

  it('is not affected where the distribution mended it', () => {
    expect(match([library, owner], [general, vendor('1.26.5-5.el8')])).toEqual([]);
  });

  it('is reported once, as the package of the distribution, where that is open', () => {
    expect(match([library, owner], [general, vendor('1.26.5-6.el8')]).map((item) => item.component)).toEqual([
      'python3-urllib3',
    ]);
  });

  it('keeps what the distribution does not speak of, with low confidence', () => {
    expect(match([library, owner], [general])).toMatchObject([{ component: 'urllib3', confidence: 'low' }]);
  });
});

it('judges the rebuild of a vendor as what it rebuilds, until the vendor says it is mended', () => {
  const rows = [
    row({ id: 'GHSA-x', ecosystem: 'npm', package: 'json-schema', ranges: below('0.4.0') }),
    row({ id: 'ROOT-1', ecosystem: 'npm', package: '@rootio/json-schema', ranges: below('0.2.3'), settles: true }),
  ];
  const found = (version: string) =>
    match([component({ type: 'npm', ecosystem: 'npm', name: '@rootio/json-schema', version })], rows).length;
  expect([found('0.2.2'), found('0.2.3')]).toEqual([1, 0]);
});

describe('functions of a Go module', () => {
  const rows = [
    row({ id: 'GHSA-x', ecosystem: 'Go', package: 'example.org/m', ranges: below('1.9.3') }),
    row({
      id: 'GO-1',
      ecosystem: 'Go',
      package: 'example.org/m',
      ranges: below('1.9.3'),
      imports: [{ path: 'example.org/m/b', symbols: ['Get', 'Result.Get'] }],
    }),
  ];
  const found = (symbols: Component['symbols']) =>
    match(
      [
        component({
          type: 'golang',
          ecosystem: 'Go',
          name: 'example.org/m',
          version: 'v1.9.2',
          ...(symbols && { symbols }),
        }),
      ],
      rows,
    ).length;

  it('decide where a program is known to hold none of those concerned', () => {
    expect(found([{ path: 'example.org/m/b', names: ['(*Result).Get'] }])).toBe(1);
    expect(found([{ path: 'example.org/m/b', names: ['Valid'] }])).toBe(0);
    expect(found([{ path: 'example.org/m', names: ['Get'] }])).toBe(0);
  });

  it('do not where they were not read', () => expect(found(undefined)).toBe(1));
});

describe('names of NVD', () => {
  const guess = row({ ecosystem: 'NVD', package: 'a:a', ranges: below('1.0.2zj'), confidence: 'low' });
  const named = component({ cpes: ['cpe:2.3:a:a:a:1.0.2k:*:*:*:*:*:*:*'] });

  it('find with low confidence what nobody else speaks of', () => {
    expect(match([named], [guess])).toMatchObject([{ id: CVE, confidence: 'low', fixedVersion: '1.0.2zj' }]);
  });

  it('say nothing where the vendor settled it', () => {
    expect(match([named], [guess, row({ ranges: below('1.0-1.el8'), settles: true })])).toEqual([]);
  });
});

it('takes a CVE that advisories call the same as another for the same flaw', () => {
  const rows = [
    row({ id: 'GHSA-x', ranges: below('2.0') }),
    row({ id: 'GO-1', cves: [CVE, 'CVE-2024-1001'], aliases: ['GO-1', CVE, 'CVE-2024-1001'], ranges: below('2.0') }),
  ];
  expect(match([component({})], rows)).toMatchObject([{ id: CVE, aliases: ['CVE-2024-1001', 'GHSA-x', 'GO-1'] }]);
});
