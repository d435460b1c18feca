import type { Enforcement, PolicyResult, ScanReport } from '@breakwater/model';

/** What files held when they were scanned, by absolute path: small ones alone. */
export type ScannedTexts = ReadonlyMap<string, Buffer>;

const ORDER: Record<Enforcement, number> = { block: 0, warn: 1, audit: 2 };

/**
 * The report with line and column of the fields at fault, for the results that will be shown: files whose texts are not
 * at hand are read once more. Those that refuse come first, for what one report may read is bounded (see `locatePlaces`).
 */
export async function locatePolicies(
  report: ScanReport,
  shown: (result: PolicyResult) => boolean,
  texts?: ScannedTexts,
): Promise<ScanReport> {
  const wanted = report.targets
    .flatMap((target) => target.policies)
    .filter((result) => result.place?.pointer !== undefined && shown(result))
    .sort((a, b) => ORDER[a.enforcement] - ORDER[b.enforcement]);
  if (wanted.length === 0) return report;
  const { locatePlaces } = await import('@breakwater/sources/manifests');
  const places = await locatePlaces(
    wanted.flatMap(({ place }) => (place ? [place] : [])),
    texts,
  );
  const located = new Map(wanted.map((result, index) => [result, places[index]]));
  const locate = (result: PolicyResult): PolicyResult => {
    const place = located.get(result);
    return place ? { ...result, place } : result;
  };
  return { ...report, targets: report.targets.map((target) => ({ ...target, policies: target.policies.map(locate) })) };
}
