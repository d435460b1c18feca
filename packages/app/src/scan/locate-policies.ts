import type { Enforcement, Place, PolicyResult, ScanReport } from '@breakwater/model';
import type { KeptTexts } from '@breakwater/sources/manifests';

/** A result whose field is looked for, by where it stands in the report. */
interface Wanted {
  target: number;
  at: number;
  place: Place;
}

/**
 * The report with line and column of the fields at fault, for the results that will be shown: files whose texts are not
 * at hand are read once more. Those that refuse come first, for what one report may read is bounded (see `locatePlaces`).
 */
export async function locatePolicies(
  report: ScanReport,
  shown: (result: PolicyResult) => boolean,
  texts?: KeptTexts,
): Promise<ScanReport> {
  const wanted = wantedOf(report, shown);
  if (wanted.length === 0) return report;
  const { locatePlaces } = await import('@breakwater/sources/manifests');
  const places = await locatePlaces(
    wanted.map(({ place }) => place),
    texts,
  );
  const targets = report.targets.map((target) => ({ ...target, policies: [...target.policies] }));
  for (let index = 0; index < wanted.length; index += 1) {
    const { target, at } = wanted[index]!;
    const { policies } = targets[target]!;
    policies[at] = { ...policies[at]!, place: places[index]! };
  }
  return { ...report, targets };
}

/** What refuses first. By index: there may be a hundred thousand. */
function wantedOf({ targets }: ScanReport, shown: (result: PolicyResult) => boolean): Wanted[] {
  const wanted: Record<Enforcement, Wanted[]> = { block: [], warn: [], audit: [] };
  for (let target = 0; target < targets.length; target += 1) {
    const { policies } = targets[target]!;
    for (let at = 0; at < policies.length; at += 1) {
      const result = policies[at]!;
      const { place, enforcement } = result;
      if (place?.pointer !== undefined && shown(result)) wanted[enforcement].push({ target, at, place });
    }
  }
  return [...wanted.block, ...wanted.warn, ...wanted.audit];
}
