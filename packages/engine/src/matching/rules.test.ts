import type { AdvisoryLookup, AdvisoryRow, Component } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { matchComponents } from './match-components.ts';

const CVE = 'CVE-2024-1000';

function row(part: Partial<AdvisoryRow>): AdvisoryRow {
  const id = part.id ?? CVE;
  return {
    id,
    ecosystem: 'npm',
    package: 'a',
    cves: [CVE],
    aliases: [id],
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

const below = (fixed: string): AdvisoryRow['ranges'] => [
  { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] },
];

function component(part: Partial<Component>): Component {
  const name = part.name ?? 'a';
  return {
    id: name,
    type: 'npm',
    name,
    version: '1.0.0',
    purl: `pkg:npm/${name}`,
    ecosystem: 'npm',
    licences: [],
    path: '/x',
    files: [],
    scope: 'installed',
    development: false,
    ...part,
  };
}

/** `Ubuntu:22.04` is asked with its channel, as the index does. */
function lookup(rows: AdvisoryRow[], covered: string[] = []): AdvisoryLookup {
  const asked = (ecosystem: string) => [ecosystem, ecosystem.replace('Ubuntu:', 'Ubuntu:Pro:')];
  return {
    rows: (ecosystem, name) =>
      rows.filter((item) => asked(ecosystem).includes(item.ecosystem) && item.package === name),
    covers: (ecosystem) => covered.length === 0 || covered.includes(ecosystem),
    exploitation: () => ({ ransomware: false }),
  };
}

const only = (item: Component, ...rows: AdvisoryRow[]) => matchComponents([item], lookup(rows)).matches;
const { ecosystem: _, ...unpackaged } = component({
  type: 'generic',
  name: 'redis',
  version: '7.0.1',
  guessedFrom: 'text',
});

describe('programs that no package manager brought', () => {
  const nvd = row({ ecosystem: 'NVD', package: 'redis:redis', ranges: below('7.0.5'), confidence: 'low' });

  it('are asked for under the names of products, with low confidence and the reason for it', () => {
    const [match] = only(unpackaged, nvd);
    expect(match).toMatchObject({ id: CVE, fixedVersion: '7.0.5', confidence: 'low' });
    expect(match?.doubts?.toSorted()).toEqual(['guessed-identity', 'name-only']);
    expect(match?.reason).toContain('the product is known by its name only');
  });

  it('are asked for under the names of Bitnami, which has the word before NVD', () => {
    const bitnami = (fixed: string) =>
      row({ id: 'BIT-redis', ecosystem: 'Bitnami', package: 'redis', ranges: below(fixed) });
    expect(only(unpackaged, bitnami('7.0.5'))).toMatchObject([{ confidence: 'low', doubts: ['guessed-identity'] }]);
    expect(only(unpackaged, nvd, bitnami('7.0.1'))).toEqual([]);
  });

  it('are unknown, not clean, where no database names them', () => {
    for (const [name, reason] of [
      ['redis', 'no database names redis'],
      ['unheard-of', 'no source of advisories is known for unheard-of'],
    ]) {
      const { matches, unknowns } = matchComponents([{ ...unpackaged, name: name! }], lookup([]));
      expect([matches, unknowns]).toEqual([[], [{ component: unpackaged.id, reason }]]);
    }
  });

  it('are the only ones: a package of a package manager is not asked for in NVD by its name', () => {
    expect(only(component({ name: 'redis', version: '7.0.1' }), nvd)).toEqual([]);
    const packaged = component({ type: 'deb', ecosystem: 'Debian:12', name: 'redis', version: '5:7.0.1-1' });
    expect(only(packaged, nvd)).toEqual([]);
  });

  it('of Java are compared by the numbers of Java', () => {
    const jre = { ...unpackaged, name: 'openjdk', version: '1.8.0_291' };
    expect(only(jre, row({ ecosystem: 'NVD', package: 'oracle:openjdk', ranges: below('8u292') }))).toHaveLength(1);
    expect(only(jre, row({ ecosystem: 'NVD', package: 'oracle:openjdk', ranges: below('8u291') }))).toHaveLength(0);
  });
});

describe('a channel that is sold beside a release', () => {
  const packaged = component({ type: 'deb', ecosystem: 'Ubuntu:22.04', version: '1.0-1ubuntu1' });
  const pro = row({ id: 'USN-2', ecosystem: 'Ubuntu:Pro:22.04', ranges: below('1.0-1ubuntu1~esm2') });
  const wide = row({ id: 'USN-3', ecosystem: 'Ubuntu:Pro:22.04', ranges: below('2.0-1ubuntu1~esm2') });
  const main = (fixed: string) => row({ id: 'USN-1', ecosystem: 'Ubuntu:22.04', ranges: below(fixed) });

  it('tells of flaws that the release leaves open, and that only it has the fix', () => {
    expect(only(packaged, wide)).toMatchObject([{ confidence: 'low', doubts: ['channel'] }]);
    expect(only({ ...packaged, version: '1.0-1ubuntu1~esm1' }, pro)).toMatchObject([{ confidence: 'high' }]);
  });

  it('says nothing where the release has mended it', () => {
    expect(only(packaged, main('1.0-1ubuntu1'), wide)).toEqual([]);
    expect(only(packaged, main('1.1-1'), wide)).toHaveLength(1);
  });
});

describe('doubts about a component', () => {
  const fix = row({ ecosystem: 'AlmaLinux:9', ranges: below('2.0-1.el9') });
  const rpm = (part: Partial<Component>) =>
    component({ type: 'rpm', ecosystem: 'AlmaLinux:9', version: '1.0-1.el9', ...part });

  it.each([
    [{ vendor: 'AlmaLinux' }, undefined],
    [{}, undefined],
    [{ vendor: 'Fedora Project' }, ['third-party']],
    [{ vendor: 'Docker' }, ['third-party']],
    [{ guessedFrom: 'file-name' as const }, ['guessed-identity']],
    [{ guessedFrom: 'manifest' as const, vendor: 'NVIDIA' }, ['guessed-identity', 'third-party']],
  ])('%j: %j', (part, doubts) => {
    const [match] = only(rpm(part), fix);
    expect([match?.confidence, match?.doubts]).toEqual([doubts === undefined ? 'high' : 'low', doubts]);
  });

  it.each([
    ['kernel-headers', true],
    ['linux-headers-6.1.0-18-amd64', true],
    ['linux-libc-dev', true],
    ['bash-doc', true],
    ['emacs-filesystem', true],
    ['fonts-dejavu', true],
    ['kernel', false],
    ['linux-image-amd64', false],
    ['docker', false],
    ['filesystem-tools', false],
  ])('%s holds nothing that runs: %s', (name, isEmpty) => {
    const [match] = only(rpm({ name }), { ...fix, package: name });
    expect(match?.doubts?.includes('no-code') ?? false).toBe(isEmpty);
  });

  it('do not hold where the package owns a program after all', () => {
    const [match] = only(rpm({ name: 'tool-doc', files: ['/usr/bin/tool'] }), { ...fix, package: 'tool-doc' });
    expect(match?.doubts).toBeUndefined();
  });
});

describe('modules', () => {
  const fixed = '1:18.20.4-1.module_el8.10.0+3905+aa71f6d2';
  const modular = row({ ecosystem: 'AlmaLinux:8', package: 'nodejs', module: 'nodejs:18', ranges: below(fixed) });
  const any = { ...modular, module: '*' };
  const nodejs = (part: Partial<Component>) =>
    component({
      type: 'rpm',
      ecosystem: 'AlmaLinux:8',
      name: 'nodejs',
      version: '1:18.0.0-1.module_el8.6.0+1',
      ...part,
    });

  it.each([
    ['of the stream', 'nodejs:18:8060020220:ad008a3a', modular, 'high'],
    ['of another stream', 'nodejs:16:8060020220:ad008a3a', modular, undefined],
    ['of a stream, where the source names none', 'nodejs:16:8060020220:ad008a3a', any, 'low'],
    ['of no module', '', any, undefined],
    ['of no known label, by its build', undefined, modular, 'low'],
  ])('%s', (_, modularityLabel, advisory, confidence) => {
    const found = only(nodejs(modularityLabel === undefined ? {} : { modularityLabel }), advisory);
    expect(found[0]?.confidence).toBe(confidence);
  });

  it('are not meant by a package whose build is of none', () => {
    expect(only(nodejs({ version: '1:10.0.0-1.el8' }), modular)).toEqual([]);
  });
});

describe('architectures', () => {
  const fix = (architecture: string, fixed: string) =>
    row({ ecosystem: 'Red Hat:7', architecture, ranges: below(fixed) });
  const built = (architecture: string) =>
    component({ type: 'rpm', ecosystem: 'Red Hat:7', version: '8.24-57.0.1', architecture });

  it('have fixes of their own', () => {
    const rows = [fix('x86_64', '8.24-57.0.1'), fix('aarch64', '8.24-57.0.4')];
    expect(only(built('x86_64'), ...rows)).toEqual([]);
    expect(only(built('aarch64'), ...rows)).toHaveLength(1);
  });
});

describe('one flaw, however many speak of it', () => {
  it('keeps what each source says', () => {
    const rows = [
      row({ id: 'GHSA-1', ranges: below('1.1.0') }),
      row({ id: 'NSWG-1', ranges: below('0.9.0'), source: 'other.jsonl' }),
      row({ id: 'RETIRE-1', ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: 'x' }] }] }),
    ];
    const [match] = only(component({}), ...rows);
    expect(match?.verdicts).toEqual([
      { advisory: 'GHSA-1', source: 'test.jsonl', says: 'affected', because: 'is below 1.1.0' },
      { advisory: 'NSWG-1', source: 'other.jsonl', says: 'not-affected' },
      {
        advisory: 'RETIRE-1',
        source: 'test.jsonl',
        says: 'unknown',
        because: 'has bounds in RETIRE-1 that cannot be read',
      },
    ]);
    expect(match?.doubts).toEqual(['disputed']);
  });

  it('names every branch that mends it', () => {
    const ranges = [
      { type: 'SEMVER' as const, events: [{ introduced: '0' }, { fixed: '1.0.5' }] },
      { type: 'SEMVER' as const, events: [{ introduced: '2.0.0' }, { fixed: '2.1.0' }] },
    ];
    expect(only(component({}), row({ ranges }))).toMatchObject([
      { fixedVersion: '1.0.5', fixedVersions: ['1.0.5', '2.1.0'] },
    ]);
  });
});

it('evaluates every range, those behind commits too, and the list of versions', () => {
  const git = { type: 'GIT' as const, events: [] };
  expect(only(component({}), row({ ranges: [git, ...below('1.1.0')] }))).toHaveLength(1);
  expect(only(component({}), row({ ranges: [git, ...below('0.5.0')], versions: ['1.0.0'] }))).toHaveLength(1);
  const { matches, unknowns } = matchComponents([component({})], lookup([row({ ranges: [git] })]));
  expect([matches.length, unknowns.length]).toEqual([0, 1]);
});

it('leaves out what was withdrawn', () => {
  expect(only(component({}), row({ ranges: below('1.1.0'), withdrawn: true }))).toEqual([]);
});

it('calls an empty version unknown, neither vulnerable nor clean', () => {
  const { matches, unknowns } = matchComponents([component({ version: '' })], lookup([row({ ranges: below('9') })]));
  expect([matches, unknowns]).toEqual([[], [{ component: 'a', reason: 'the version of a is not stated' }]]);
});
