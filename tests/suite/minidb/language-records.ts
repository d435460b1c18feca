import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import { readConstraint } from './constraint.ts';
import { type CaseDistribution, distributionOf, holdsFor } from './distribution.ts';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from './json.ts';
import { advisoryRow } from './rows.ts';

const GITHUB: Record<string, string> = {
  composer: 'Packagist',
  dart: 'Pub',
  dotnet: 'NuGet',
  gem: 'RubyGems',
  go: 'Go',
  hex: 'Hex',
  java: 'Maven',
  npm: 'npm',
  python: 'PyPI',
  rust: 'crates.io',
};

/** Distributions without releases. */
const ROLLING = new Set(['Chainguard', 'CleanStart', 'Echo', 'MinimOS', 'Wolfi']);

/** Rows of a record of GitHub's advisory database: a constraint for each range of each package. */
export function githubRows(item: Fields, source: string): AdvisoryRow[] {
  const advisory = fieldsOf(item['Advisory']);
  const entries = listOf(advisory['FixedIn']);
  return [...Map.groupBy(entries, (entry) => textOf(entry['name'])).entries()].map(([name, group]) => {
    const constraints = group.map((entry) => readConstraint(textOf(entry['range'])));
    const unaffected = constraints.flatMap((constraint) => constraint.unaffected ?? []);
    return advisoryRow({
      id: textOf(advisory['ghsaId']),
      aliases: textsOf(advisory['CVE']),
      ecosystem: GITHUB[textOf(group[0]?.['ecosystem'])] ?? textOf(group[0]?.['ecosystem']),
      package: name,
      source,
      ranges: constraints.flatMap(({ ranges }) => ranges),
      ...(unaffected.length === 0 ? {} : { unaffected }),
      withdrawn: Boolean(advisory['withdrawn']),
    });
  });
}

/** Rows of an OSV record. `ecosystem` is that of the case's package where the record is of its distribution. */
export function osvRows(
  item: Fields,
  source: string,
  distribution: CaseDistribution | undefined,
  ecosystem: string,
): AdvisoryRow[] {
  return listOf(item['affected']).flatMap((affected) => {
    const named = fieldsOf(affected['package']);
    const specific = fieldsOf(affected['ecosystem_specific']);
    const [own, ...release] = textOf(named['ecosystem'])
      .replace(/^Root:/, '')
      .split(':');
    const isDistribution = release.length > 0 || ROLLING.has(own ?? '');
    const described = distributionOf((own ?? '').toLowerCase(), (release[0] ?? '').replace(/^v/, ''));
    if (isDistribution && !(distribution !== undefined && holdsFor(described, distribution))) return [];
    const module = specific['rpm_modularity'] ?? fieldsOf(affected['database_specific'])['rpm_modularity'];
    const kind = fieldsOf(fieldsOf(item['database_specific'])['anchore'])['record_type'];
    const imports = listOf(specific['imports']);
    const row = advisoryRow({
      id: textOf(item['id']),
      aliases: textsOf(item['aliases']),
      cves: cvesOf(item),
      ecosystem: isDistribution ? ecosystem : (own ?? ''),
      package: textOf(named['name']),
      source,
      ranges: [...listOf(affected['ranges']), ...listOf(specific['custom_ranges'])].map(rangeOf),
      versions: textsOf(affected['versions']),
      withdrawn: Boolean(item['withdrawn']),
      settles: isDistribution || textOf(named['ecosystem']).startsWith('Root:'),
      onlyFixes: kind === 'advisory',
      ...(module === undefined ? {} : { module: textOf(module) }),
      ...(imports.length === 0 ? {} : { imports: imports.map(importOf) }),
    });
    return [row];
  });
}

/** Distributions list what an advisory fixes under `related`; elsewhere that holds neighbours. */
function cvesOf(item: Fields): string[] {
  const isCve = (id: string) => /^CVE-[0-9]{4}-[0-9]+$/.test(id);
  const near = [textOf(item['id']), ...textsOf(item['aliases']), ...textsOf(item['upstream'])].filter(isCve);
  return [...new Set(near.length > 0 ? near : textsOf(item['related']).filter(isCve))];
}

function importOf(item: Fields): { path: string; symbols: string[] } {
  return { path: textOf(item['path']), symbols: textsOf(item['symbols']) };
}

function rangeOf({ type, events }: Fields): AdvisoryRange {
  if (type === 'GIT') return { type, events: [] };
  return {
    type: type === 'SEMVER' ? type : 'ECOSYSTEM',
    events: listOf(events).map(({ last_affected: last, introduced, fixed, limit }) => ({
      ...(introduced === undefined ? {} : { introduced: textOf(introduced) }),
      ...(fixed === undefined ? {} : { fixed: textOf(fixed) }),
      ...(last === undefined ? {} : { lastAffected: textOf(last) }),
      ...(limit === undefined ? {} : { limit: textOf(limit) }),
    })),
  };
}
