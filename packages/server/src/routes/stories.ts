import type { AssessmentView, PreparedFix } from '@breakwater/app/assessment';
import type { ComponentEvidence, ImageStory, WorkloadStory } from '@breakwater/model';

/** Findings that a page shows at most; lists page through the rest. */
const STORY_FINDINGS = 500;

/** A workload with its findings, fixes and what is unknown about it. */
export async function workloadStory(view: AssessmentView, id: string): Promise<WorkloadStory | undefined> {
  const entry = await view.workload(id);
  if (!entry) return undefined;
  const [summary, findings, fixes, unknowns] = await Promise.all([
    view.summary(),
    view.findings({ limit: STORY_FINDINGS, workload: id }),
    view.fixes(),
    view.unknowns(),
  ]);
  const files = new Set(entry.workload.definitions.map((place) => place.source));
  const references = new Set(entry.ranked.images.flatMap(({ reference, image }) => [reference, image ?? reference]));
  return {
    ...entry,
    estateLoss: summary?.loss ?? 0,
    findings: findings.items,
    fixes: fixesOf(fixes, entry.ranked.fixes),
    unknowns: unknowns.filter(({ subject, place }) =>
      subject === undefined ? files.has(place.source) : subject === id || references.has(subject),
    ),
  };
}

/** In the order of the numbers: the workload's own changes first. */
function fixesOf(fixes: PreparedFix[], numbers: number[]) {
  const byNumber = new Map(fixes.map(({ fix }) => [fix.n, fix]));
  return numbers.flatMap((n) => byNumber.get(n) ?? []);
}

/** An image with its components, what runs of them, its findings and where it runs. */
export async function imageStory(view: AssessmentView, id: string): Promise<ImageStory | undefined> {
  const entry = await view.image(id);
  if (!entry) return undefined;
  const { items } = await view.findings({ limit: STORY_FINDINGS, image: id });
  const { components, ...image } = entry.image;
  return {
    image,
    findings: items,
    quiet: entry.quiet,
    workloads: entry.workloads,
    components: components.map(({ files, ...component }) => {
      const affected = entry.affected[component.id];
      return {
        ...component,
        evidence: entry.evidence[component.id] ?? NOT_OBSERVED,
        vulnerabilities: affected?.vulnerabilities ?? 0,
        ...(affected ? { worst: affected.worst } : {}),
      };
    }),
  };
}

const NOT_OBSERVED: ComponentEvidence = {
  state: 'cannot-tell',
  observedDays: 0,
  reason: 'no runtime events were given',
};
