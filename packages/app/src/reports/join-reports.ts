import { sameImage } from '@breakwater/engine/inventory';
import type { Image, ReportedFinding, ReportRead, VulnerabilityMatch } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import type { JudgedImage } from '../estate/judge-image.ts';

/** A report beside what we found ourselves. */
export interface JoinedReport {
  report: ReportRead;
  /** What we did not find too, each with the id of the image that it is about, where that was read. */
  own: { finding: ReportedFinding; image?: string }[];
  /** How many of its findings are ours too. */
  joined: number;
}

/**
 * Puts reports of other tools beside judged images. The same vulnerability in the same version of the same component is
 * one finding with two sources: our match then says who reports it too. Nothing that a report says settles or removes one.
 */
export function joinReports(
  judged: readonly JudgedImage[],
  reports: readonly ReportRead[],
): { judged: JudgedImage[]; reports: JoinedReport[] } {
  if (reports.length === 0) return { judged: [...judged], reports: [] };
  const known = judged.map((image) => ({ image: image.image, byFlaw: indexMatches(image) }));
  const reporters = new Map<VulnerabilityMatch, Set<string>>();
  const joined = reports.map((report): JoinedReport => {
    const own: JoinedReport['own'] = [];
    for (const finding of report.findings) {
      const about = known.filter(({ image }) => isAbout(finding, image));
      const named = finding.image !== undefined;
      const found = about.flatMap(({ byFlaw }) => matchesOf(finding, byFlaw));
      for (const match of found) reporters.set(match, (reporters.get(match) ?? new Set()).add(report.tool));
      const [first] = named ? about : [];
      if (found.length === 0) own.push({ finding, ...(first && { image: first.image.id }) });
    }
    return { report, own, joined: report.findings.length - own.length };
  });
  return { judged: judged.map((image) => withReporters(image, reporters)), reports: joined };
}

/** Whether a finding may be of an image: one that names an image is of that one alone. */
function isAbout({ image: named }: ReportedFinding, image: Image): boolean {
  if (named === undefined) return true;
  const { reference = '', digest } = named;
  if (digest !== undefined && (image.id === digest || image.manifestDigests.includes(digest))) return true;
  if (reference === '') return false;
  return sameImage(digest === undefined || reference.includes('@') ? reference : `${reference}@${digest}`, image);
}

/** The matches of an image, settled ones too, by each id of the flaw and each name of the component. */
function indexMatches({ matches, settled = [] }: JudgedImage): Map<string, VulnerabilityMatch[]> {
  const index = new Map<string, VulnerabilityMatch[]>();
  for (const match of [...matches, ...settled.map((entry) => entry.match)]) {
    const keys = keysOf([match.id, ...match.aliases, ...match.advisories], namesOf(match.componentName, match.purl));
    for (const key of keys) index.set(key, [...(index.get(key) ?? []), match]);
  }
  return index;
}

function matchesOf(finding: ReportedFinding, byFlaw: ReadonlyMap<string, VulnerabilityMatch[]>): VulnerabilityMatch[] {
  const { component, id, aliases } = finding;
  if (finding.kind !== 'vulnerability' || component?.version === undefined) return [];
  const keys = keysOf([id, ...aliases], namesOf(component.name, component.purl ?? ''));
  const found = new Set(keys.flatMap((key) => byFlaw.get(key) ?? []));
  return [...found].filter(({ version }) => plainVersion(version) === plainVersion(component.version!));
}

function keysOf(ids: string[], names: string[]): string[] {
  return [...new Set(ids)].flatMap((id) => names.map((name) => `${id} ${name}`));
}

/** How tools name a component: as its ecosystem does, by its purl, and `group:artifact` where the group is left out. */
function namesOf(name: string, purl: string): string[] {
  const parsed = purl === '' ? undefined : parsePurl(purl);
  const names = [
    name,
    ...(parsed
      ? [
          parsed.name,
          ...(parsed.namespace ? [`${parsed.namespace}/${parsed.name}`, `${parsed.namespace}:${parsed.name}`] : []),
        ]
      : []),
  ];
  return [...new Set(names.map((each) => each.toLowerCase()))];
}

/** Tools differ on the `v` of Go and on epochs of nothing. */
const plainVersion = (version: string) => version.replace(/^(?:v|0:)/, '');

function withReporters(judged: JudgedImage, reporters: ReadonlyMap<VulnerabilityMatch, Set<string>>): JudgedImage {
  if (!judged.matches.some((match) => reporters.has(match))) return judged;
  const matches = judged.matches.map((match) => {
    const tools = reporters.get(match);
    return tools === undefined ? match : { ...match, reportedBy: [...tools].sort() };
  });
  return { ...judged, matches };
}
