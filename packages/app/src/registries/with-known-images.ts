import { type Finding, worstSeverity } from '@breakwater/model';
import type { AssessedImage } from '../assessment/assessment.ts';
import { compareFindings } from '../assessment/memory-view.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { vulnerabilityFindings } from '../findings/vulnerability-findings.ts';
import type { KeptImage, RegistryView } from './registry-store.ts';

/**
 * The estate with the images of watched registries beside its own: what asks for an image, its findings or one of them
 * gets an answer for both. Lists and figures of the estate stay what they are.
 */
export function withKnownImages(
  view: AssessmentView,
  { knownImage }: Pick<RegistryView, 'knownImage'>,
): AssessmentView {
  const keptFor = async (id: string) => ((await view.image(id)) === undefined ? await knownImage(id) : undefined);
  return {
    ...view,
    async image(id) {
      const own = await view.image(id);
      if (own) return own;
      const kept = await knownImage(id);
      return kept && (await assessedImage(kept, view));
    },
    async findings(query) {
      const page = await view.findings(query);
      const { image, workload, rule, search, cursor, limit } = query;
      if (page.total > 0 || image === undefined || workload !== undefined || cursor !== undefined) return page;
      const kept = await keptFor(image);
      if (!kept) return page;
      const found = knownImageFindings(kept).filter(
        (finding) =>
          (rule === undefined || finding.rule === rule) &&
          (!search || finding.title.toLowerCase().includes(search.toLowerCase())),
      );
      return { items: found.slice(0, limit), total: found.length };
    },
    async finding(key) {
      const own = await view.finding(key);
      if (own) return own;
      // Its subject is the image: the key begins with the image's id.
      const kept = await keptFor(key.split('|', 1)[0] ?? '');
      return kept && knownImageFindings(kept).find((finding) => finding.key === key);
    },
  };
}

/** Findings of an image of which nothing is known but what it holds, the worst first. */
export function knownImageFindings({ image, matches }: Pick<KeptImage, 'image' | 'matches'>): Finding[] {
  const judged = { image, matches, evidence: new Map(), results: [] };
  const relevance = () => ({ matters: false, why: 'it lies in a registry, and no workload that was read runs it' });
  return vulnerabilityFindings(judged, relevance).sort(compareFindings);
}

async function assessedImage({ image, matches, workloads }: KeptImage, view: AssessmentView): Promise<AssessedImage> {
  const byComponent = Map.groupBy(matches, (match) => match.component);
  const affected = [...byComponent].map(([id, own]) => {
    const worst = worstSeverity(own.map(({ severity }) => severity)) ?? 'unknown';
    return [id, { vulnerabilities: own.length, worst }] as const;
  });
  return {
    image,
    evidence: {},
    affected: Object.fromEntries(affected),
    workloads: await Promise.all(
      workloads.slice(0, 50).map(async (id) => ({ id, loss: (await view.workload(id))?.ranked.loss ?? 0 })),
    ),
    quiet: [],
  };
}
