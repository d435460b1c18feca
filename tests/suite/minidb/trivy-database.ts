import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdvisoryRange, AdvisoryRow, Severity } from '@breakwater/model';
import { load } from 'js-yaml';
import { below, type ConstraintRanges, readConstraint } from './constraint.ts';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from './json.ts';
import { advisoryRow } from './rows.ts';

/** A row of the database with what it says in its own words. */
export interface DatabaseEntry {
  row: AdvisoryRow;
  /** `1.8.4`, `>= 3.1.0, >= 2.1.3, < 3.0.0`; empty where there is no fix. */
  fixed: string;
}

const ECOSYSTEMS: Record<string, string> = {
  cargo: 'crates.io',
  cocoapods: 'CocoaPods',
  composer: 'Packagist',
  conan: 'ConanCenter',
  erlang: 'Hex',
  go: 'Go',
  maven: 'Maven',
  npm: 'npm',
  nuget: 'NuGet',
  pip: 'PyPI',
  pub: 'Pub',
  rubygems: 'RubyGems',
  swift: 'SwiftURL',
};

export const SEVERITIES: Severity[] = ['unknown', 'low', 'medium', 'high', 'critical'];

/** Nested buckets as nested objects. */
export function readBuckets(folder: string, paths: readonly string[]): Fields {
  const buckets: Fields = {};
  for (const path of paths) merge(buckets, listOf(load(readFileSync(join(folder, path), 'utf8'))));
  return buckets;
}

function merge(target: Fields, items: readonly Fields[]): void {
  for (const item of items) {
    if (item['key'] !== undefined) target[textOf(item['key'])] = item['value'];
    else {
      const inner = { ...fieldsOf(target[textOf(item['bucket'])]) };
      target[textOf(item['bucket'])] = inner;
      merge(inner, listOf(item['pairs']));
    }
  }
}

/** The rows of the languages, with the severity that the case's sources give. */
export function languageEntries(buckets: Fields, severitySources: readonly string[]): DatabaseEntry[] {
  const sources = fieldsOf(buckets['data-source']);
  const details = fieldsOf(buckets['vulnerability']);
  return Object.entries(buckets).flatMap(([bucket, packages]) => {
    const ecosystem = ECOSYSTEMS[bucket.split('::')[0] ?? ''];
    if (ecosystem === undefined || !bucket.includes('::')) return [];
    const source = textOf(fieldsOf(sources[bucket])['ID']) || bucket;
    return Object.entries(fieldsOf(packages)).flatMap(([name, flaws]) =>
      Object.entries(fieldsOf(flaws)).map(([id, stated]) => {
        const severity = severityOf(
          fieldsOf(details[id]),
          severitySources.length > 0 ? severitySources : [source, 'nvd'],
        );
        return entryOf({ id, ecosystem, package: name, source: bucket, severity }, fieldsOf(stated));
      }),
    );
  });
}

function entryOf(
  head: Pick<AdvisoryRow, 'id' | 'ecosystem' | 'package' | 'source' | 'severity'>,
  stated: Fields,
): DatabaseEntry {
  const patched = textsOf(stated['PatchedVersions']);
  const vulnerable = textsOf(stated['VulnerableVersions']);
  const safe = [...patched, ...textsOf(stated['UnaffectedVersions'])];
  const said = vulnerable.length > 0 ? alternatives(vulnerable) : { ranges: [outside(safe)] };
  return { row: advisoryRow({ ...head, ...said }), fixed: patched.join(', ') };
}

function alternatives(texts: readonly string[]): ConstraintRanges {
  const constraints = texts.map(readConstraint);
  const unaffected = constraints.flatMap((constraint) => constraint.unaffected ?? []);
  return {
    ranges: constraints.flatMap(({ ranges }) => ranges),
    ...(unaffected.length === 0 ? {} : { unaffected }),
  };
}

/** All versions but the patched ones: where a patched range begins the flaw is fixed, where it ends it is back. */
function outside(patched: readonly string[]): AdvisoryRange {
  const events: AdvisoryRange['events'] = [{ introduced: '0' }];
  for (const { events: parts } of patched.flatMap((text) => readConstraint(text).ranges)) {
    for (const { introduced, fixed } of parts) {
      if (introduced !== undefined) events.push({ fixed: introduced });
      if (fixed !== undefined) events.push({ introduced: fixed });
    }
  }
  return { type: 'ECOSYSTEM', events };
}

/** The first of the sources that rates it, else the record's own word. */
function severityOf(details: Fields, sources: readonly string[]): Severity {
  const stated = fieldsOf(details['VendorSeverity']);
  for (const source of sources) {
    const rank = stated[source];
    if (typeof rank === 'number') return SEVERITIES[rank] ?? 'unknown';
  }
  const word = textOf(details['Severity']).toLowerCase();
  return SEVERITIES.find((severity) => severity === word) ?? 'unknown';
}

/** The rows of Red Hat's list for the repositories that a release of RHEL or CentOS takes its packages from. */
export function redHatEntries(buckets: Fields, ecosystem: string, major: string): DatabaseEntry[] {
  const cpes = fieldsOf(fieldsOf(buckets['Red Hat CPE'])['repository']);
  const repositories = [
    `rhel-${major}-server-rpms`,
    `rhel-${major}-for-x86_64-baseos-rpms`,
    `rhel-${major}-for-x86_64-appstream-rpms`,
  ];
  const wanted = new Set(repositories.flatMap((repository) => textsOf(cpes[repository])));
  return Object.entries(fieldsOf(buckets['Red Hat'])).flatMap(([name, advisories]) =>
    Object.entries(fieldsOf(advisories)).flatMap(([id, stated]) =>
      listOf(fieldsOf(stated)['Entries'])
        .filter((entry) => textsOf(entry['Affected']).some((cpe) => wanted.has(cpe)))
        .flatMap((entry) => redHatFlaws(entry, { id, ecosystem, package: name })),
    ),
  );
}

/** An advisory is a row for each of its flaws, which it rates one by one. */
function redHatFlaws(entry: Fields, head: Pick<AdvisoryRow, 'id' | 'ecosystem' | 'package'>): DatabaseEntry[] {
  const fixed = textOf(entry['FixedVersion']);
  // Status 1 of the list: not affected.
  if (fixed === '' && entry['Status'] === 1) return [];
  const range: AdvisoryRange = fixed === '' ? { type: 'ECOSYSTEM', events: [{ introduced: '0' }] } : below(fixed);
  return listOf(entry['Cves']).map((cve) => {
    const id = textOf(cve['ID']) || head.id;
    const severity = SEVERITIES[Number(cve['Severity'])] ?? 'unknown';
    return { row: advisoryRow({ ...head, id, source: 'Red Hat', severity, ranges: [range] }), fixed };
  });
}
