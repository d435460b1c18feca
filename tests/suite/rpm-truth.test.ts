import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchComponents } from '@breakwater/engine/matching';
import type { Component } from '@breakwater/model';
import { type AdvisoryIndex, importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared');
const LISTS = join(SHARED, 'inventories', 'os-packages');
const advisoriesOf = (release: number): string => join(SHARED, 'vulndb', `osv-almalinux-${release}.jsonl`);
const MISSING = !existsSync(LISTS) || !existsSync(advisoriesOf(9));
const RPM = '/usr/bin/rpm';

interface Installed {
  name: string;
  /** `epoch:version-release`. */
  evr: string;
  /** Undefined where the list does not tell. */
  module: string | undefined;
}

/** Systems whose packages AlmaLinux rebuilds one by one, under the same names and versions. */
const SYSTEMS: [list: string, release: number][] = [
  ['rpm-qa/centos-8-modules.json', 8],
  ['rpm-qa/ubi-8-s390x.json', 8],
  ['rhel-manifests/ubi8_ubi.x86_64.rpm-manifest.json', 8],
  ['rpm-qa/rockylinux-9-aarch64.json', 9],
  ['rhel-manifests/ubi9_ubi.x86_64.rpm-manifest.json', 9],
  ['rhel-manifests/ubi9_httpd-24.x86_64.rpm-manifest.json', 9],
];

interface ListedPackage {
  name: string;
  version: string;
  release: string;
  epoch?: number | null;
  modularitylabel?: string;
  nvra?: string;
}

function readList(path: string): Installed[] {
  const list = JSON.parse(readFileSync(join(LISTS, path), 'utf8'));
  const packages: ListedPackage[] = list.packages ?? list.rpms;
  return packages.map(({ name, version, release, epoch, modularitylabel }) => ({
    name,
    evr: `${epoch ?? 0}:${version}-${release}`,
    module: modularitylabel,
  }));
}

function component(release: number, { name, evr, module }: Installed): Component {
  const purl = `pkg:rpm/almalinux/${name}@${evr}`;
  return {
    id: purl,
    type: 'rpm',
    name,
    version: evr,
    purl,
    ecosystem: `AlmaLinux:${release}`,
    licences: [],
    path: '/var/lib/rpm/rpmdb.sqlite',
    files: [],
    scope: 'installed',
    development: false,
    ...(module === undefined ? {} : { modularityLabel: module }),
  };
}

function pairsByMatching(index: AdvisoryIndex, release: number, installed: Installed[]): string[] {
  const { matches, unknowns } = matchComponents(
    installed.map((item) => component(release, item)),
    index,
  );
  expect(unknowns).toEqual([]);
  return [...new Set(matches.map((match) => `${match.purl} ${match.id}`))].sort();
}

interface Question {
  evr: string;
  fixed: string;
  pairs: string[];
}

/** The same by nobody's code but rpm's: every record against every package, by `rpm.vercmp`. */
function pairsByRpm(release: number, installed: Installed[]): string[] {
  const byName = Map.groupBy(installed, ({ name }) => name);
  const questions: Question[] = [];
  for (const line of readFileSync(advisoriesOf(release), 'utf8').trim().split('\n')) {
    const record = JSON.parse(line);
    const cves: string[] = (record.related ?? []).filter((id: string) => id.startsWith('CVE-'));
    if (cves.length === 0 && /^AL[BE]A-/.test(record.id)) continue;
    const streams = [...record.summary.matchAll(/(?<=^|\s)[A-Za-z0-9][\w.+-]*:[A-Za-z0-9][\w.+-]*/g)].map(
      ([name]) => name,
    );
    for (const { package: named, ranges } of record.affected) {
      if (named.ecosystem !== `AlmaLinux:${release}`) continue;
      const fixed: string = ranges[0].events[1].fixed;
      for (const item of byName.get(named.name) ?? []) {
        if (!isOfModule(fixed, streams, item)) continue;
        const purl = component(release, item).purl;
        const ids = cves.length > 0 ? cves : [record.id];
        questions.push({ evr: item.evr, fixed, pairs: ids.map((id) => `${purl} ${id}`) });
      }
    }
  }
  const lower = lowerByRpm(questions);
  return [...new Set(questions.filter((_, index) => lower[index]).flatMap(({ pairs }) => pairs))].sort();
}

/** A build of a module carries `.module_el8`, and so does its fix. */
function isOfModule(fixed: string, streams: string[], { evr, module }: Installed): boolean {
  if (!/\.module_/.test(fixed)) return true;
  if (module === undefined) return /\.module[_+]/.test(evr);
  if (module === '') return false;
  return streams.length === 1 ? module.startsWith(`${streams[0]}:`) : true;
}

function lowerByRpm(questions: readonly Question[]): boolean[] {
  const file = join(mkdtempSync(join(tmpdir(), 'breakwater-rpm-')), 'pairs');
  writeFileSync(file, questions.map(({ evr, fixed }) => `${evr} ${fixed}\n`).join(''));
  const script = `for line in io.lines('${file}') do local a, b = line:match('(%S+) (%S+)'); print(rpm.vercmp(a, b) .. ' ') end`;
  const output = execFileSync(RPM, ['--eval', `%{lua: ${script}}`], { encoding: 'utf8', maxBuffer: 1e8 });
  const verdicts = output.trim().split(/\s+/);
  expect(verdicts).toHaveLength(questions.length);
  return verdicts.map((verdict) => verdict === '-1');
}

describe.skipIf(MISSING || !existsSync(RPM))(
  'truth: systems of rpm (skipped where ../shared or rpm itself is absent)',
  () => {
    const indexes = new Map<number, AdvisoryIndex>();

    beforeAll(async () => {
      for (const release of [8, 9]) {
        const path = join(mkdtempSync(join(tmpdir(), 'breakwater-alma-')), 'advisories.db');
        await importAdvisories({ from: [advisoriesOf(release)], index: path });
        indexes.set(release, openAdvisoryIndex(path));
      }
    });
    afterAll(() => {
      for (const index of indexes.values()) index.close();
    });

    it.each(SYSTEMS)('%s as AlmaLinux %d: the pairs of package and CVE are those of rpm', (list, release) => {
      const installed = readList(list);
      const pairs = pairsByMatching(indexes.get(release)!, release, installed);
      expect(pairs.length).toBeGreaterThan(50);
      expect(pairs).toEqual(pairsByRpm(release, installed));
    });
  },
);
