import { compareSeverity, type Finding, type ListQuery, type Summary } from '@breakwater/model';
import type { Assessment } from './assessment.ts';
import { decodeCursor, encodeCursor } from './pages.ts';
import { scopesOf } from './scopes.ts';
import { findingScope, findingText, imageText, workloadText } from './search-text.ts';
import { summariseImages } from './summarise-images.ts';
import type { AssessmentView } from './view.ts';

/** An assessment held in memory, asked like a stored one: for commands that need no store. */
export function viewAssessment(assessment: Assessment): AssessmentView {
  const workloads = new Map(assessment.workloads.map((entry) => [entry.workload.id, entry]));
  const images = new Map(assessment.images.map((entry) => [entry.image.id, entry]));
  const findings = new Map(assessment.findings.map((finding) => [finding.key, finding]));
  return {
    summary: async () => summarise(assessment),
    ranking: async () => assessment.ranking,
    workloads: async (query) => {
      const found = assessment.workloads.filter(
        (entry) => inScope(entry.workload, query) && holds(workloadText(entry), query),
      );
      return pageOf(
        found.map(({ ranked, rank }) => ({ ...ranked, rank })),
        query,
      );
    },
    workload: async (id) => workloads.get(id),
    images: async (query) => {
      const found = assessment.images.filter((entry) => holds(imageText(entry), query));
      const sorted = found.toSorted((a, b) => (a.image.id < b.image.id ? -1 : 1));
      return pageOf(summariseImages(sorted, assessment.findings), query);
    },
    image: async (id) => images.get(id),
    findings: async (query) => {
      const found = assessment.findings.filter(
        (finding) =>
          (query.workload === undefined || finding.workload === query.workload) &&
          (query.image === undefined || finding.image === query.image) &&
          (query.rule === undefined || finding.rule === query.rule) &&
          inScope(findingScope(finding), query) &&
          holds(findingText(finding), query),
      );
      return pageOf(found.sort(compareFindings), query);
    },
    finding: async (key) => findings.get(key),
    fixes: async () => assessment.fixes,
    fix: async (n) => assessment.fixes.find(({ fix }) => fix.n === n),
    unknowns: async () => assessment.ranking.unknowns,
    policies: async () => assessment.policies,
  };
}

/** Those that matter first, then the worst, then by key. */
export function compareFindings(a: Finding, b: Finding): number {
  if (a.matters !== b.matters) return a.matters ? -1 : 1;
  const severity = compareSeverity(a.severity, b.severity);
  return severity || (a.key < b.key ? -1 : 1);
}

function summarise(assessment: Assessment): Summary {
  const { workloads, fixes, unknowns, ...headline } = assessment.ranking;
  const scopes = scopesOf(workloads);
  return {
    ...headline,
    scopes,
    clusters: scopes.length,
    workloads: workloads.length,
    images: assessment.images.length,
    unknowns: unknowns.length,
    running: assessment.running,
    unreadImages: assessment.unreadImages,
    topFixes: fixes.slice(0, 5),
    trend: [{ time: headline.time, loss: headline.loss }],
  };
}

function inScope(item: { cluster: string; namespace: string }, query: ListQuery): boolean {
  return (!query.cluster || item.cluster === query.cluster) && (!query.namespace || item.namespace === query.namespace);
}

function holds(text: string, query: ListQuery): boolean {
  return !query.search || text.includes(query.search.toLowerCase());
}

function pageOf<T>(items: T[], query: ListQuery): { items: T[]; total: number; nextCursor?: string } {
  const start = query.cursor ? Number(decodeCursor(query.cursor, 1)[0]) : 0;
  const end = start + query.limit;
  return {
    items: items.slice(start, end),
    total: items.length,
    ...(end < items.length ? { nextCursor: encodeCursor([end]) } : {}),
  };
}
