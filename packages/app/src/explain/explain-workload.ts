import { type ChainLink, type Explanation, type Finding, formatPlace, type PathStep } from '@breakwater/model';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { formatShare } from './format-share.ts';

/** Findings told one by one; those beyond are counted. */
const TOLD = 12;
const FIXES_TOLD = 5;

/** A workload (its id, `namespace/name`, or its bare name where only one has it): how it falls, and what to do. */
export async function explainWorkload(view: AssessmentView, id: string): Promise<Explanation | undefined> {
  const found = (await view.workload(id)) ?? (await findByName(view, id));
  if (!found) return undefined;
  const { workload, ranked } = found;
  const { items, total } = await view.findings({ limit: 500, workload: workload.id });
  const mattering = items.filter((finding) => finding.matters);
  const name = `${workload.namespace}/${workload.name}`;
  return {
    id: workload.id,
    title: `${workload.kind} ${name}`,
    summary: `${name} ${ranked.why}`,
    chain: [
      ...(await sourceLinks(view, found)),
      ...factLinks(found),
      ...findingLinks(mattering, total),
      decisionLink(found),
      ...(await actionLinks(view, found)),
    ],
    related: mattering.slice(0, 20).map(({ key, title }) => ({ id: key, title })),
  };
}

/** Where it is defined, what it runs, and what was seen of it at run time. */
async function sourceLinks(view: AssessmentView, { workload, ranked, timeline }: AssessedWorkload) {
  const definitions = workload.definitions.map<ChainLink>((place) => ({
    step: 'source',
    sentence: `It is defined in ${formatPlace(place)}.`,
    place,
  }));
  const images = await Promise.all(
    ranked.images.map(async ({ reference, image }): Promise<ChainLink> => {
      const read = image === undefined ? undefined : (await view.image(image))?.image;
      if (!read)
        return { step: 'source', sentence: `It runs ${reference}, which was not given: what it holds is not known.` };
      const count = `${read.components.length} components`;
      return { step: 'source', sentence: `It runs ${reference}: ${count} were read.`, from: read.target };
    }),
  );
  const seen = timeline.find(({ kind }) => kind === 'running' || kind === 'alert');
  const run: ChainLink[] = seen
    ? [{ step: 'source', sentence: `Runtime events of it were read: ${seen.sentence}.`, time: seen.time }]
    : [];
  return [...definitions, ...images, ...run];
}

/** The way in, the way on, and what is not known about them. */
function factLinks({ ranked, attack }: AssessedWorkload): ChainLink[] {
  const edges = new Map(attack.edges.map((edge) => [edge.id, edge]));
  const tell = (step: PathStep): ChainLink => {
    const place = edges.get(step.edge)?.places[0];
    return {
      step: 'fact',
      sentence: `${step.from} -> ${step.to}: ${step.phrase} (${formatShare(step.probability)}).${step.reason ? ` It rests on: ${step.reason}.` : ''}${step.mitigation ? ` What stops it: ${step.mitigation}.` : ''}`,
      ...(place ? { place } : {}),
    };
  };
  return [
    ...ranked.path.map(tell),
    ...ranked.onward.map(tell),
    ...ranked.unknowns.map<ChainLink>((sentence) => ({ step: 'fact', sentence: `Not known: ${sentence}` })),
  ];
}

function findingLinks(mattering: Finding[], total: number): ChainLink[] {
  const told = mattering.slice(0, TOLD).map<ChainLink>((finding) => ({
    step: 'finding',
    sentence: finding.message,
    from: finding.rule,
    ...(finding.places[0] ? { place: finding.places[0] } : {}),
  }));
  const quiet = total - told.length;
  if (quiet <= 0) return told;
  const more = mattering.length - told.length;
  const sentence =
    more > 0
      ? `${quiet} more findings, ${more} of which matter.`
      : `${quiet} more findings, none of which matters here.`;
  return [...told, { step: 'finding', sentence, from: 'breakwater explain quiet' }];
}

function decisionLink({ ranked, rank }: AssessedWorkload): ChainLink {
  const share = formatShare(ranked.probability);
  return {
    step: 'decision',
    sentence: `Rank ${rank}: it falls in ${share} of the ways things can go, and ${ranked.impact.toFixed(1)} points are lost from there on, which makes ${ranked.loss.toFixed(1)} expected.`,
    from: 'risk model',
  };
}

async function actionLinks(view: AssessmentView, { ranked }: AssessedWorkload): Promise<ChainLink[]> {
  if (ranked.fixes.length === 0) return [{ step: 'action', sentence: 'No change that is known lowers it.' }];
  const numbers = new Set(ranked.fixes.slice(0, FIXES_TOLD));
  return (await view.fixes())
    .filter(({ fix }) => numbers.has(fix.n))
    .map(({ fix }): ChainLink => {
      const after = fix.afterRebuild ? ', after rebuild' : '';
      const isNothing = fix.lossRemoved < 0.05;
      const gain = isNothing ? 'no loss that is known today' : `-${fix.lossRemoved.toFixed(1)} of the estate`;
      return {
        step: 'action',
        sentence: `${fix.title} (${gain}${after}).`,
        from: `breakwater fix ${fix.n}`,
      };
    });
}

async function findByName(view: AssessmentView, name: string): Promise<AssessedWorkload | undefined> {
  const last = name.split('/').at(-1) ?? name;
  const { items } = await view.workloads({ limit: 500, search: last.slice(0, 200) });
  const matching = items.filter((item) => `${item.namespace}/${item.name}` === name || item.name === name);
  return matching.length === 1 && matching[0] ? view.workload(matching[0].id) : undefined;
}
