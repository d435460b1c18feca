import { type ChainLink, type Explanation, type Finding, formatPlace } from '@breakwater/model';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { chainOf } from './chain.ts';

/**
 * The chain behind an id: a finding's key, a workload (its id, or `namespace/name`), an image, a CVE or policy, a fix
 * (`fix-1`), or the words `quiet` and `unknown`. Undefined when the assessment holds nothing of that name.
 */
export async function explain(view: AssessmentView, id: string): Promise<Explanation | undefined> {
  if (id === 'quiet') return explainQuiet(view);
  if (id === 'unknown') return explainUnknown(view);
  const fix = /^fix-?(\d+)$/.exec(id)?.[1];
  if (fix) return explainFix(view, Number(fix));
  const finding = await view.finding(id);
  if (finding) return explainFinding(view, finding);
  return (await explainWorkload(view, id)) ?? (await explainImage(view, id)) ?? (await explainRule(view, id));
}

/** A finding with its chain. */
export async function explainFinding(view: AssessmentView, finding: Finding): Promise<Explanation> {
  const workload = finding.workload ? await view.workload(finding.workload) : undefined;
  const image = finding.image ? await view.image(finding.image) : undefined;
  const fixes = await view.fixes();
  return {
    id: finding.key,
    title: `${finding.title} in ${finding.workload ?? finding.subject}`,
    summary: finding.message,
    chain: chainOf(finding, { workload, image, fixes }),
    related: workload
      ? [{ id: workload.workload.id, title: `${workload.workload.namespace}/${workload.workload.name}` }]
      : [],
  };
}

async function explainQuiet(view: AssessmentView): Promise<Explanation | undefined> {
  const ranking = await view.ranking();
  if (!ranking) return undefined;
  const { total, matter, quiet } = ranking.vulnerabilities;
  return {
    id: 'quiet',
    title: `${total} vulnerabilities; ${matter} matter`,
    summary:
      total === matter ? 'Every one of them matters here.' : `Why the other ${total - matter} do not matter here:`,
    chain: quiet.map(({ reason, count }) => ({ step: 'decision', sentence: `${count}: ${reason}` })),
    related: [],
  };
}

async function explainUnknown(view: AssessmentView): Promise<Explanation | undefined> {
  const unknowns = await view.unknowns();
  const links = unknowns.map<ChainLink>((unknown) => ({
    step: 'fact',
    sentence: unknown.hint ? `${unknown.message} ${unknown.hint}` : unknown.message,
    from: formatPlace(unknown.place),
    place: unknown.place,
  }));
  return {
    id: 'unknown',
    title: unknowns.length === 0 ? 'Nothing was left unknown' : `${unknowns.length} facts could not be had`,
    summary: unknowns.length === 0 ? 'Everything that was given could be read.' : 'None of these counts as clean.',
    chain: links,
    related: [],
  };
}

async function explainFix(view: AssessmentView, n: number): Promise<Explanation | undefined> {
  const found = (await view.fixes()).find(({ fix }) => fix.n === n);
  if (!found) return undefined;
  const { fix, notes } = found;
  const chain: ChainLink[] = [
    {
      step: 'decision',
      sentence: `It removes ${fix.lossRemoved.toFixed(1)} points of expected loss; fixes 1 to ${n} together remove ${fix.lossRemovedTogether.toFixed(1)}.`,
    },
    { step: 'action', sentence: fix.detail },
    ...notes.map<ChainLink>((sentence) => ({ step: 'action', sentence })),
    ...fix.files.map<ChainLink>((file) => ({ step: 'action', sentence: `It changes ${file}.`, from: file })),
  ];
  return {
    id: `fix-${n}`,
    title: fix.title,
    summary: `breakwater fix ${n} | git apply`,
    chain,
    related: fix.workloads.map((id) => ({ id, title: id })),
  };
}

async function explainWorkload(view: AssessmentView, id: string): Promise<Explanation | undefined> {
  const found = (await view.workload(id)) ?? (await findByName(view, id));
  if (!found) return undefined;
  const { workload, ranked, rank } = found;
  const findings = await view.findings({ limit: 500, workload: workload.id });
  const chain: ChainLink[] = [
    ...workload.definitions.map<ChainLink>((place) => ({
      step: 'source',
      sentence: `It is defined in ${formatPlace(place)}.`,
      place,
    })),
    ...ranked.images.map<ChainLink>(({ reference, image }) => ({
      step: 'source',
      sentence: image
        ? `It runs ${reference}, which was read.`
        : `It runs ${reference}, which was not given and is unknown.`,
      from: reference,
    })),
    ...[...ranked.path, ...ranked.onward].map<ChainLink>((step) => ({
      step: 'fact',
      sentence: `${step.from} -> ${step.to}: ${step.phrase} (${formatShare(step.probability)}). ${step.reason}`,
    })),
    ...findings.items
      .filter((finding) => finding.matters)
      .map<ChainLink>((finding) => ({ step: 'finding', sentence: finding.message, from: finding.rule })),
    {
      step: 'decision',
      sentence: `Rank ${rank}: it falls in ${formatShare(ranked.probability)} of the ways things can go, and ${ranked.impact.toFixed(1)} points are lost from there on.`,
    },
    ...ranked.unknowns.map<ChainLink>((sentence) => ({ step: 'decision', sentence: `Not known: ${sentence}` })),
    ...ranked.fixes.slice(0, 5).map<ChainLink>((n) => ({ step: 'action', sentence: `breakwater fix ${n}` })),
  ];
  return {
    id: workload.id,
    title: `${workload.namespace}/${workload.name}`,
    summary: ranked.why,
    chain,
    related: findings.items
      .filter((finding) => finding.matters)
      .slice(0, 20)
      .map(({ key, title }) => ({ id: key, title })),
  };
}

/** A workload by `namespace/name`, or by its bare name where only one has it. */
async function findByName(view: AssessmentView, name: string): Promise<AssessedWorkload | undefined> {
  const last = name.split('/').at(-1) ?? name;
  const { items } = await view.workloads({ limit: 500, search: last.slice(0, 200) });
  const matching = items.filter((item) => `${item.namespace}/${item.name}` === name || item.name === name);
  return matching.length === 1 && matching[0] ? view.workload(matching[0].id) : undefined;
}

async function explainImage(view: AssessmentView, id: string): Promise<Explanation | undefined> {
  const found = (await view.image(id)) ?? (await imageByTarget(view, id));
  if (!found) return undefined;
  const { image, workloads } = found;
  const findings = await view.findings({ limit: 500, image: image.id });
  return {
    id: image.id,
    title: image.target,
    summary: `${image.components.length} components${image.distribution ? ` on ${image.distribution.name}` : ''}; ${workloads.length === 0 ? 'no workload runs it' : `run by ${workloads.join(', ')}`}.`,
    chain: [
      {
        step: 'source',
        sentence: `${image.source}, ${image.layers.length} layers, ${image.fileCount} files.`,
        from: image.target,
      },
      ...image.unknowns.map<ChainLink>((unknown) => ({
        step: 'fact',
        sentence: `Not known: ${unknown.message}`,
        place: unknown.place,
      })),
      ...findings.items
        .filter((finding) => finding.matters)
        .map<ChainLink>((finding) => ({ step: 'finding', sentence: finding.message, from: finding.rule })),
    ],
    related: findings.items.slice(0, 20).map(({ key, title }) => ({ id: key, title })),
  };
}

async function imageByTarget(view: AssessmentView, target: string) {
  const { items } = await view.images({ limit: 500, search: target.slice(0, 200) });
  const found = items.find((item) => item.target === target || item.references.includes(target));
  return found && view.image(found.id);
}

async function explainRule(view: AssessmentView, rule: string): Promise<Explanation | undefined> {
  const { items } = await view.findings({ limit: 500, search: rule.slice(0, 200) });
  const found = items.filter((finding) => finding.rule.toLowerCase() === rule.toLowerCase());
  const [first] = found;
  if (!first) return undefined;
  return {
    id: first.rule,
    title: first.title,
    summary: `${found.length} finding${found.length === 1 ? '' : 's'}, ${found.filter((finding) => finding.matters).length} of which matter here.`,
    chain: found.map((finding) => ({
      step: 'finding',
      sentence: `${finding.subject}: ${finding.message} ${finding.why}`.trim(),
      from: finding.key,
    })),
    related: found.slice(0, 20).map(({ key, subject }) => ({ id: key, title: subject })),
  };
}

function formatShare(probability: number): string {
  if (probability >= 0.995) return 'always';
  return probability < 0.005 ? 'below 1 %' : `${Math.round(probability * 100)} %`;
}
