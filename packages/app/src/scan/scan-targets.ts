import { gate } from '@breakwater/engine/policy';
import {
  type AdvisoryLookup,
  type Image,
  type ManifestObject,
  SCHEMA_VERSION,
  type ScannedTarget,
  type ScanReport,
  type Unknown,
  type Verdict,
  type VulnerabilityMatch,
  workloadId,
} from '@breakwater/model';
import { openLookup } from '../advisories/open-lookup.ts';
import { judgeImage, judgeObject, type PolicySet } from '../estate/judge-policies.ts';
import { matchImage } from '../estate/match-images.ts';
import { openPolicySet } from '../estate/open-policy-set.ts';
import { type ReadProgress, readEstate } from '../estate/read-estate.ts';

export interface ScanOptions {
  /** State folder. */
  state: string;
  /** ISO 8601. */
  now: string;
  /** `linux/arm64`: which image of an index. */
  platform?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** A report with the images themselves, for formats that list components. */
export interface Scan {
  report: ScanReport;
  images: { image: Image; matches: VulnerabilityMatch[] }[];
}

/** Judges targets by the build gate: what each is, is found out. */
export async function scanTargets(targets: string[], options: ScanOptions): Promise<Scan> {
  const { state, now, platform, signal, onProgress } = options;
  const reading = await readEstate(targets, { onProgress, signal, platform });
  const advisories = await openLookup(state, reading.advisoryFiles, signal);
  try {
    const { policySet, unknowns } = await openPolicySet(reading.policyFiles, now, advisories.status);
    const images = reading.images.map((image) => scanImage(image, advisories.lookup, policySet));
    const manifests = scanManifests(reading.objects, policySet);
    const scanned = [...images.map((entry) => entry.scanned), ...manifests];
    const left = [...reading.unknowns, ...advisories.unknowns, ...unknowns];
    return {
      images: images.map(({ image, scanned: { vulnerabilities } }) => ({ image, matches: vulnerabilities })),
      report: {
        schemaVersion: SCHEMA_VERSION,
        time: now,
        verdict: worstVerdict(scanned, left),
        targets: scanned,
        unknowns: left,
        advisories: advisories.status,
      },
    };
  } finally {
    advisories.close();
  }
}

function scanImage(image: Image, lookup: AdvisoryLookup, set: PolicySet): { image: Image; scanned: ScannedTarget } {
  const matched = matchImage(image, lookup);
  const results = judgeImage(matched, undefined, set);
  const { components, unknowns, ...about } = image;
  return {
    image,
    scanned: {
      target: image.target,
      kind: 'image',
      verdict: gate(results, 'build').verdict,
      image: about,
      items: components.length,
      vulnerabilities: matched.matches.toSorted(compareUrgency),
      policies: results.filter((result) => result.verdict !== 'pass'),
      unknowns: [...unknowns, ...matched.unknowns],
    },
  };
}

/** One target for each file that defines objects. */
function scanManifests(objects: ManifestObject[], set: PolicySet): ScannedTarget[] {
  return [...Map.groupBy(objects, (entry) => entry.place.source)].map(([target, own]) => {
    const results = own.flatMap((entry) =>
      judgeObject(
        { id: workloadId(entry), object: entry.object, namespace: entry.namespace, place: entry.place },
        'build',
        set,
      ),
    );
    return {
      target,
      kind: 'manifests',
      verdict: gate(results, 'build').verdict,
      items: own.length,
      vulnerabilities: [],
      policies: results.filter((result) => result.verdict !== 'pass'),
      unknowns: [],
    };
  });
}

/** Used by attackers first, then the likeliest to be, then the worst. */
function compareUrgency(a: VulnerabilityMatch, b: VulnerabilityMatch): number {
  const known =
    Number(b.exploitation.knownExploitedSince !== undefined) - Number(a.exploitation.knownExploitedSince !== undefined);
  const epss = (b.exploitation.epss ?? 0) - (a.exploitation.epss ?? 0);
  return known || epss || (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1);
}

/** Fail before unknown before pass. What could not be read was not judged, and nothing at all is no pass either. */
function worstVerdict(scanned: ScannedTarget[], unknowns: Unknown[]): Verdict {
  if (scanned.some((target) => target.verdict === 'fail')) return 'fail';
  const undecided = scanned.length === 0 || scanned.some((target) => target.verdict === 'unknown');
  return undecided || unknowns.some(isUnread) ? 'unknown' : 'pass';
}

/** Told, but judged all the same: patches are completed elsewhere, and of two equal keys an API server takes the last. */
const NOTES = new Set(['manifest-fragment', 'yaml-duplicate-key']);

function isUnread({ code }: Unknown): boolean {
  return !NOTES.has(code);
}
