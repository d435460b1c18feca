import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import { below, readConstraint } from './constraint.ts';
import { type CaseDistribution, distributionOf, holdsFor } from './distribution.ts';
import { type Fields, fieldsOf, listOf, textOf } from './json.ts';
import { advisoryRow } from './rows.ts';

/**
 * Rows of a vendor's list: packages with the version that fixes them, `None` where there is none, `0` where it never was
 * affected. Entries for one package and module are one row.
 */
export function vendorRows(
  item: Fields,
  source: string,
  distribution: CaseDistribution | undefined,
  ecosystem: string,
): AdvisoryRow[] {
  const flaw = fieldsOf(item['Vulnerability']);
  const entries = listOf(flaw['FixedIn']).filter((entry) => {
    const [id = '', version = ''] = textOf(entry['NamespaceName'] || flaw['NamespaceName']).split(':');
    return distribution !== undefined && holdsFor(distributionOf(id, version), distribution);
  });
  const byPackage = Map.groupBy(entries, (entry) =>
    JSON.stringify([entry['Name'], entry['NamespaceName'], moduleOf(entry) ?? null, entry['Arch'] ?? null]),
  );
  return [...byPackage.values()].map((group) => vendorRow(flaw, group, source, distribution!, ecosystem));
}

function vendorRow(
  flaw: Fields,
  group: [Fields, ...Fields[]] | Fields[],
  source: string,
  distribution: CaseDistribution,
  ecosystem: string,
): AdvisoryRow {
  const [first = {}] = group;
  const constraints = group.map(constraintOf);
  const module = moduleOf(first);
  const architecture = textOf(first['Arch']);
  const unaffected = constraints.flatMap((constraint) => constraint.unaffected ?? []);
  return advisoryRow({
    id: textOf(flaw['Name']),
    ecosystem,
    package: textOf(first['Name']),
    source,
    ranges: constraints.flatMap(({ ranges }) => ranges),
    ...(unaffected.length === 0 ? {} : { unaffected }),
    ...(module === undefined ? {} : { module }),
    ...architectureOf(architecture),
    settles: textOf(first['NamespaceName']).startsWith(`${distribution.id}:`),
  });
}

/** The builds that are meant; `src` stands for the source package. */
function architectureOf(stated: string): Pick<AdvisoryRow, 'architecture' | 'names'> {
  if (stated === '') return {};
  return stated === 'src' ? { names: 'source' } : { architecture: stated };
}

/** Red Hat and its kin state a module or null; others have no such field. */
function moduleOf(entry: Fields): string | undefined {
  return 'Module' in entry ? textOf(entry['Module']) : undefined;
}

function constraintOf(entry: Fields): Pick<AdvisoryRow, 'ranges' | 'unaffected'> {
  const fixed = textOf(entry['Version']);
  const stated = textOf(entry['VulnerableRange']);
  const base = stated === '' ? { ranges: [belowOrAll(fixed)] } : readConstraint(stated);
  return { ...base, ranges: [...base.ranges, ...branchesOf(entry)] };
}

function belowOrAll(fixed: string): AdvisoryRange {
  return fixed === '' || fixed === 'None' ? { type: 'ECOSYSTEM', events: [{ introduced: '0' }] } : below(fixed);
}

/** Fixes for one minor release of RHEL: for the builds whose release says they are of it (`.el9_2`). */
function branchesOf(entry: Fields): AdvisoryRange[] {
  const major = /:([0-9]+)/.exec(textOf(entry['NamespaceName']))?.[1];
  return listOf(entry['Advisories']).flatMap(({ Minor: minor, Version: fixed }) =>
    typeof minor === 'number' ? [{ ...below(textOf(fixed)), branch: `el${major}_${minor}` }] : [],
  );
}
