import { type ChainLink, type Explanation, type Finding, formatPlace } from '@breakwater/model';
import { locatePlaces } from '@breakwater/sources/manifests';
import type { AssessmentView } from '../assessment/view.ts';
import { chainOf } from './chain.ts';
import { explainWorkload } from './explain-workload.ts';

/** Findings of an image told one by one; those beyond are counted. */
const TOLD = 20;

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

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Policies give their reason as a sentence of its own; of vulnerabilities it says why they matter or do not. */
function relevanceOf({ kind, matters, why }: Finding): string {
  if (why === '') return '';
  if (kind !== 'vulnerability') return asSentence(why);
  return asSentence(matters ? `It matters: ${why}` : `It does not matter: ${why}`);
}

/** A finding with its chain, and the lines of the fields that it is about. */
export async function explainFinding(view: AssessmentView, found: Finding): Promise<Explanation> {
  const finding = { ...found, places: await locatePlaces(found.places) };
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
    title:
      unknowns.length === 0
        ? 'Nothing was left unknown'
        : `${unknowns.length} ${unknowns.length === 1 ? 'fact' : 'facts'} could not be had`,
    summary: unknowns.length === 0 ? 'Everything that was given could be read.' : 'None of these counts as clean.',
    chain: links,
    related: [],
  };
}

async function explainFix(view: AssessmentView, n: number): Promise<Explanation | undefined> {
  const found = await view.fix(n);
  if (!found) return undefined;
  const { fix } = found;
  const chain: ChainLink[] = [
    {
      step: 'decision',
      sentence: `It removes ${fix.lossRemoved.toFixed(1)} points of expected loss${n > 1 ? `; fixes 1 to ${n} together remove ${fix.lossRemovedTogether.toFixed(1)}` : ''}.`,
    },
    { step: 'action', sentence: fix.detail },
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

async function explainImage(view: AssessmentView, id: string): Promise<Explanation | undefined> {
  const found = (await view.image(id)) ?? (await imageByTarget(view, id));
  if (!found) return undefined;
  const { image, workloads } = found;
  const findings = await view.findings({ limit: 500, image: image.id });
  // A vulnerability has a finding in each workload that runs the image; of the image it is told once.
  const told = new Map(findings.items.map((finding) => [`${finding.rule} ${finding.message}`, finding]));
  const mattering = [...told.values()].filter((finding) => finding.matters);
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
      ...mattering
        .slice(0, TOLD)
        .map<ChainLink>((finding) => ({ step: 'finding', sentence: finding.message, from: finding.rule })),
      ...(mattering.length > TOLD
        ? [{ step: 'finding' as const, sentence: `${mattering.length - TOLD} more that matter.` }]
        : []),
    ],
    related: findings.items.slice(0, 20).map(({ key, title }) => ({ id: key, title })),
  };
}

async function imageByTarget(view: AssessmentView, target: string) {
  const { items } = await view.images({ limit: 500, search: target.slice(0, 200) });
  const found = items.find((item) => item.target === target || item.references.includes(target));
  return found && view.image(found.id);
}

async function explainRule(view: AssessmentView, asked: string): Promise<Explanation | undefined> {
  const rule = /^cve-/i.test(asked) ? asked.toUpperCase() : asked;
  const { items: found, total } = await view.findings({ limit: 500, rule });
  const [first] = found;
  if (!first) return undefined;
  const matter = found.filter((finding) => finding.matters).length;
  const shown = total > found.length ? ` The first ${found.length} are shown.` : '';
  return {
    id: first.rule,
    title: first.title,
    summary: `${total} finding${total === 1 ? '' : 's'}, ${matter} of which matter here.${shown}`,
    chain: found.map((finding) => ({
      step: 'finding',
      sentence:
        `${finding.workload ? `${finding.workload}: ` : ''}${asSentence(finding.message)} ${relevanceOf(finding)}`.trim(),
      from: finding.key,
    })),
    related: found.slice(0, 20).map(({ key, subject }) => ({ id: key, title: subject })),
  };
}
