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
const DEBIAN = join(VULNDB, 'osv-debian.jsonl');
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

/** Pairs `package CVE` that matching finds, binary packages one by one. */
function affectedPackages(index: AdvisoryIndex, ecosystem: string, installed: Installed[]): string[] {
  const { matches } = matchComponents(
    installed.map((item) => component(ecosystem, item)),
    index,
  );
  return [...new Set(matches.map((match) => `${match.componentName} ${match.id}`))].sort();
}

/** The same by nobody's code but dpkg's: every record of the files against every package, by its own comparison. */
function pairsByDpkg(files: string[], ecosystem: string, installed: Installed[]): string[] {
  const bySource = Map.groupBy(installed, ({ source }) => source);
  const questions: { pairs: string[]; version: string; fixed: string }[] = [];
  for (const line of files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))) {
    const record = JSON.parse(line);
    // An update that only mends an earlier one reports no flaw.
    if (record.database_specific?.regression_update) continue;
    const cves = [...(record.aliases ?? []), ...(record.related ?? [])].filter((id: string) => id.startsWith('CVE-'));
    for (const { package: named, ranges } of record.affected) {
      if (named.ecosystem !== ecosystem) continue;
      for (const { name, source_version: version } of bySource.get(named.name) ?? []) {
        const pairs = (cves.length > 0 ? cves : [record.id]).map((id: string) => `${name} ${id}`);
        questions.push({ pairs, version, fixed: ranges[0].events[1].fixed });
      }
    }
  }
  // One process a comparison is slow; many CVEs share the version that fixed them.
  const comparisons = [...new Set(questions.map(({ version, fixed }) => `${version} ${fixed}`))];
  const script =
    'while read -r version fixed; do dpkg --compare-versions "$version" lt "$fixed" && echo "$version $fixed"; done; true';
  const output = execFileSync('/bin/sh', ['-c', script], { input: `${comparisons.join('\n')}\n`, encoding: 'utf8' });
  const lower = new Set(output.trim().split('\n'));
  const open = questions.filter(({ version, fixed }) => lower.has(`${version} ${fixed}`));
  return [...new Set(open.flatMap(({ pairs }) => pairs))].sort();
}

describe.skipIf(MISSING)(
  'truth: Debian with and without its security updates (skipped where ../shared/vulndb is absent)',
  () => {
    let index: AdvisoryIndex;
    let both: AdvisoryIndex;

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'breakwater-debian-'));
      const open = async (name: string, from: string[]) => {
        await importAdvisories({ from, index: join(folder, name) });
        return openAdvisoryIndex(join(folder, name));
      };
      index = await open('changelogs.db', [CHANGELOGS]);
      both = await open('both.db', [CHANGELOGS, DEBIAN]);
    }, 60_000);
    afterAll(() => {
      index?.close();
      both?.close();
    });

    it.each([
      ['bullseye', 624],
      ['bookworm', 422],
      ['trixie', 376],
    ])('%s: main alone has %d open pairs of source package and CVE, the patched system none', (suite, count) => {
      const { ecosystem, main_only: mainOnly, patched } = list(suite);
      expect(openPairs(index, ecosystem, mainOnly)).toHaveLength(count);
      expect(openPairs(index, ecosystem, patched)).toEqual([]);
    });

    it.skipIf(!existsSync(DPKG)).each(['bullseye', 'bookworm', 'trixie'])(
      '%s: package by package, with the advisories of Debian beside the changelogs, it is what `dpkg --compare-versions` says (skipped where there is no dpkg)',
      (suite) => {
        const { ecosystem, main_only: mainOnly, patched } = list(suite);
        for (const installed of [mainOnly, patched])
          expect(affectedPackages(both, ecosystem, installed)).toEqual(
            pairsByDpkg([CHANGELOGS, DEBIAN], ecosystem, installed),
          );
        expect(affectedPackages(both, ecosystem, mainOnly).length).toBeGreaterThan(600);
      },
    );
  },
);
