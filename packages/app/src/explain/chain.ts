import { type ChainLink, type ComponentOrigin, type Finding, formatPlace, originOf } from '@breakwater/model';
import type { AssessedImage, AssessedWorkload, PreparedFix } from '../assessment/assessment.ts';

/** What a finding rests on, as far as it is known. */
export interface ChainFacts {
  workload: AssessedWorkload | undefined;
  image: AssessedImage | undefined;
  fixes: PreparedFix[];
}

/** source -> fact -> finding -> decision -> action, each with where it comes from. */
export function chainOf(finding: Finding, facts: ChainFacts): ChainLink[] {
  return [
    ...sourceLinks(finding, facts),
    ...factLinks(finding, facts),
    {
      step: 'finding',
      sentence: `${endSentence(finding.message)} How sure: ${finding.confidence}.`,
      from: finding.rule,
    },
    ...decisionLinks(finding),
    ...actionLinks(finding, facts),
  ];
}

function sourceLinks(finding: Finding, { workload, image }: ChainFacts): ChainLink[] {
  const links: ChainLink[] = [];
  if (image) {
    const { target, source, id } = image.image;
    links.push({ step: 'source', sentence: `Image ${target} (${source}, ${shortDigest(id)}) was read.`, from: target });
  }
  for (const place of workload?.workload.definitions ?? []) {
    links.push({
      step: 'source',
      sentence: `${workload?.workload.kind} ${workload?.workload.name} is defined in ${formatPlace(place)}.`,
      place,
    });
  }
  if (finding.kind === 'runtime')
    links.push({ step: 'source', sentence: 'Runtime events were read.', ...timeOf(finding) });
  return links;
}

function factLinks(finding: Finding, { workload, image }: ChainFacts): ChainLink[] {
  const links: ChainLink[] = [];
  const component = image?.image.components.find(
    (entry) => entry.name === finding.component && entry.version === finding.version,
  );
  if (component && image) {
    links.push({
      step: 'fact',
      sentence: `It holds ${component.name} ${component.version}, as ${component.path} says.`,
      from: image.image.target,
    });
    const origin = originOf(image.image, component);
    if (origin && component.layer)
      links.push({ step: 'fact', sentence: sentenceOf(origin), from: shortDigest(component.layer) });
  }
  if (finding.evidence) {
    const { state, reason, lastSeen } = finding.evidence;
    links.push({
      step: 'fact',
      sentence: `At run time: ${state.replaceAll('-', ' ')} (${reason}).`,
      ...(lastSeen ? { time: lastSeen } : {}),
    });
  }
  for (const exposure of finding.kind === 'policy' ? [] : (workload?.exposures ?? [])) {
    const origin = exposure.from === 'internet' ? 'the Internet' : 'the network around the nodes';
    links.push({
      step: 'fact',
      sentence: `It is reachable from ${origin} ${exposure.phrase}.`,
      ...(exposure.places[0] ? { place: exposure.places[0] } : {}),
    });
  }
  for (const place of finding.kind === 'policy' ? finding.places : [])
    links.push({ step: 'fact', sentence: `The field stands at ${formatPlace(place)}.`, place });
  return links;
}

/** "It came with layer 2, of the base image debian:12: RUN apt-get install". */
function sentenceOf({ layer, fromBase, baseName, step }: ComponentOrigin): string {
  const base = fromBase ? `, of the base image${baseName === undefined ? '' : ` ${baseName}`}` : '';
  const own = fromBase === false ? ', above the base image' : '';
  return `It came with layer ${layer}${base}${own}${step === undefined ? '' : `: ${step}`}`;
}

function decisionLinks(finding: Finding): ChainLink[] {
  const links: ChainLink[] = [];
  if (finding.why)
    links.push({
      step: 'decision',
      sentence: `${finding.matters ? 'It matters here' : 'It does not matter here'}: ${finding.why}`,
    });
  const covered = finding.exception ? ` Exception ${finding.exception} covers it.` : '';
  links.push({
    step: 'decision',
    sentence: `The ${finding.phase} phase says ${finding.verdict}, enforced as ${finding.enforcement}.${covered}`,
  });
  if (finding.notChecked) links.push({ step: 'decision', sentence: `Not checked: ${finding.notChecked}` });
  return links;
}

function actionLinks(finding: Finding, { workload, fixes }: ChainFacts): ChainLink[] {
  const numbers = new Set(workload?.ranked.fixes ?? []);
  const known = fixes.filter(({ fix }) => numbers.has(fix.n)).slice(0, 3);
  const links: ChainLink[] = finding.fix ? [{ step: 'action', sentence: finding.fix }] : [];
  for (const { fix } of known) {
    const after = fix.afterRebuild ? ' after rebuild' : '';
    links.push({
      step: 'action',
      sentence: `Fix ${fix.n} lowers the risk of this workload: ${fix.title} (-${fix.lossRemoved.toFixed(1)}${after}).`,
      from: `breakwater fix ${fix.n}`,
    });
  }
  return links;
}

function timeOf(finding: Finding): { time?: string } {
  return finding.time ? { time: finding.time } : {};
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `sha256:` and the first twelve digits. */
function shortDigest(digest: string): string {
  return digest.startsWith('sha256:') ? digest.slice(0, 19) : digest;
}
