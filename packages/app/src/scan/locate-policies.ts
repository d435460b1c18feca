import type { Enforcement, Place, PolicyResult, ScanReport } from '@breakwater/model';
import type { KeptTexts } from '@breakwater/sources/manifests';

const ORDER: readonly Enforcement[] = ['block', 'warn', 'audit'];

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
  const wanted = ORDER.flatMap((enforcement) => wantedOf(report, enforcement, shown));
  if (wanted.length === 0) return report;
  const { locatePlaces } = await import('@breakwater/sources/manifests');
  const places = await locatePlaces(
    wanted.map(({ place }) => place),
    texts,
  );
  const targets = report.targets.map((target) => ({ ...target, policies: [...target.policies] }));
  for (const [index, { target, at }] of wanted.entries()) {
    const { policies } = targets[target]!;
    policies[at] = { ...policies[at]!, place: places[index]! };
  }
  return { ...report, targets };
}

function wantedOf(
  { targets }: ScanReport,
  enforcement: Enforcement,
  shown: (result: PolicyResult) => boolean,
): Wanted[] {
  const wanted: Wanted[] = [];
  for (const [target, { policies }] of targets.entries()) {
    for (const [at, result] of policies.entries()) {
      const { place } = result;
      if (result.enforcement !== enforcement || place?.pointer === undefined || !shown(result)) continue;
      wanted.push({ target, at, place });
    }
  }
  return wanted;
}
