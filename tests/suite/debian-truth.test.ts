import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchComponents } from '@breakwater/engine/matching';
import type { Component } from '@breakwater/model';
import { type AdvisoryIndex, importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const VULNDB = join(import.meta.dirname, '..', '..', '..', 'shared', 'vulndb');
const CHANGELOGS = join(VULNDB, 'osv-debian-changelogs.jsonl');
const MISSING = !existsSync(CHANGELOGS);
const DPKG = '/usr/bin/dpkg';

interface Installed {
  name: string;
  version: string;
  source: string;
  source_version: string;
}

interface PackageList {
  ecosystem: string;
  main_only: Installed[];
  patched: Installed[];
}

const list = (suite: string): PackageList =>
  JSON.parse(readFileSync(join(VULNDB, `debian-packages-${suite}.json`), 'utf8'));

function component(ecosystem: string, { name, version, source, source_version }: Installed): Component {
  const purl = `pkg:deb/debian/${name}@${version}`;
  return {
    id: purl,
    type: 'deb',
    name,
    version,
    purl,
    ecosystem,
    source: { name: source, version: source_version },
    licences: [],
    path: '/var/lib/dpkg/status',
    files: [],
    scope: 'installed',
    development: false,
  };
}

/** Pairs `source CVE` that matching finds. */
function openPairs(index: AdvisoryIndex, ecosystem: string, installed: Installed[]): string[] {
  const components = installed.map((item) => component(ecosystem, item));
  const sources = new Map(components.map(({ id, source }) => [id, source?.name]));
  const { matches, unknowns } = matchComponents(components, index);
  expect(unknowns).toEqual([]);
  return [...new Set(matches.map((match) => `${sources.get(match.component)} ${match.id}`))].sort();
}

/** The same by nobody's code but dpkg's: every record of the file against every source, by its own comparison. */
function pairsByDpkg(ecosystem: string, installed: Installed[]): string[] {
  const versions = new Map(installed.map(({ source, source_version }) => [source, source_version]));
  const questions: { pair: string; version: string; fixed: string }[] = [];
  for (const line of readFileSync(CHANGELOGS, 'utf8').trim().split('\n')) {
    const record = JSON.parse(line);
    for (const { package: named, ranges } of record.affected) {
      const version = versions.get(named.name);
      if (named.ecosystem !== ecosystem || version === undefined) continue;
      questions.push({ pair: `${named.name} ${record.aliases[0]}`, version, fixed: ranges[0].events[1].fixed });
    }
  }
  // One process a comparison is slow; many CVEs share the version that fixed them.
  const comparisons = [...new Set(questions.map(({ version, fixed }) => `${version} ${fixed}`))];
  const script =
    'while read -r version fixed; do dpkg --compare-versions "$version" lt "$fixed" && echo "$version $fixed"; done; true';
  const output = execFileSync('/bin/sh', ['-c', script], { input: `${comparisons.join('\n')}\n`, encoding: 'utf8' });
  const lower = new Set(output.trim().split('\n'));
  const open = questions.filter(({ version, fixed }) => lower.has(`${version} ${fixed}`));
  return [...new Set(open.map(({ pair }) => pair))].sort();
}

describe.skipIf(MISSING)(
  'truth: Debian with and without its security updates (skipped where ../shared/vulndb is absent)',
  () => {
    let index: AdvisoryIndex;

    beforeAll(async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'breakwater-debian-')), 'advisories.db');
      await importAdvisories({ from: [CHANGELOGS], index: path });
      index = openAdvisoryIndex(path);
    });
    afterAll(() => index?.close());

    it.each([
      ['bullseye', 624],
      ['bookworm', 422],
      ['trixie', 376],
    ])('%s: main alone has %d open pairs of source package and CVE, the patched system none', (suite, count) => {
      const { ecosystem, main_only: mainOnly, patched } = list(suite);
      expect(openPairs(index, ecosystem, mainOnly)).toHaveLength(count);
      expect(openPairs(index, ecosystem, patched)).toEqual([]);
    });

    it.skipIf(!existsSync(DPKG))('is what `dpkg --compare-versions` says (skipped where there is no dpkg)', () => {
      const { ecosystem, main_only: mainOnly } = list('trixie');
      expect(openPairs(index, ecosystem, mainOnly)).toEqual(pairsByDpkg(ecosystem, mainOnly));
    });
  },
);
