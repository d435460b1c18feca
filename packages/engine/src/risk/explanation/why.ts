import type { AttackEdge, ComponentEvidence, VulnerabilityMatch, Workload } from '@breakwater/model';
import { nodeId } from '../graph/index.ts';
import { evidenceWords, exploitationWords } from './evidence-words.ts';
import { edgeOdds, likeliestCause } from './odds.ts';
import type { Routes } from './routes.ts';

/** What is known of a component with a vulnerability in a workload. */
export interface KnownFlaw {
  match: VulnerabilityMatch;
  evidence: ComponentEvidence | undefined;
}

/** What a sentence is made from. */
export interface WhyInput {
  workload: Workload;
  /** Likeliest way in; empty where there is none. */
  inward: AttackEdge[];
  /** Likeliest way on. */
  onward: AttackEdge[];
  routes: Routes;
  flawOf(component: string, vulnerability: string): KnownFlaw | undefined;
  now: string | undefined;
}

/** "is reachable from the Internet through ingress shop", "can be attacked from shop/web". */
function reachClause({ inward, routes, workload }: WhyInput): string {
  const [entry] = inward;
  if (entry === undefined) return 'has no known way in from where attackers start';
  if (entry.from === nodeId.images) {
    const owner = inward.find((edge) => edge.to.startsWith('workload:'))!;
    if (owner.to === nodeId.workload(workload.id)) return `would fall with a malicious image${imageName(entry.to)}`;
  }
  const before = inward.findLast((edge) => routes.nodes.get(edge.from)?.kind === 'workload');
  if (before !== undefined) return `can be attacked from ${routes.label(before.from)}${throughNode(inward, before)}`;
  if (entry.from !== nodeId.internet) return `can be taken ${entry.phrase}`;
  const phrases = inward.filter(({ kind }) => kind === 'entry').map(({ phrase }) => phrase.split(', by ')[0]!);
  if (routes.isHub(entry.to) && inward[1]?.kind === 'entry') return `is reachable ${phrases.join(' ')}`;
  return entry.kind === 'entry' && entry.phrase.startsWith('without')
    ? `can be taken ${entry.phrase}`
    : `is reachable from the Internet ${phrases[0] ?? ''}`.trim();
}

/** " redis" of the node `hub:image/docker.io/library/redis:7`: the name that people use. */
function imageName(node: string): string {
  const prefix = nodeId.image('');
  return node.startsWith(prefix) ? ` ${node.slice(prefix.length)}` : '';
}

/** " over the node" where the last step in comes from a node that fell with another workload. */
function throughNode(inward: AttackEdge[], before: AttackEdge): string {
  return inward.slice(inward.indexOf(before)).some(({ to }) => to.startsWith('node:')) ? ' over their node' : '';
}

/** "runs log4j-core 2.14.1 (CVE-2021-44228, known exploited, loaded 3 min ago)", "is a Redis without a password". */
function flawClause({ inward, workload, flawOf, now }: WhyInput): string | undefined {
  const last = inward.at(-1);
  const cause = last?.to === nodeId.workload(workload.id) ? likeliestCause(last) : undefined;
  if (cause === undefined) return undefined;
  const words = cause.reason.split(': ')[0]!;
  const subject = cause.key.split(':')[0];
  if (subject === 'open') return words;
  if (subject === 'unreadable') return words.replace(/^image \S+ /, 'its image ').split(';')[0];
  if (subject === 'quiet') return `has ${words}`;
  const flaw =
    cause.component === undefined || cause.vulnerability === undefined
      ? undefined
      : flawOf(cause.component, cause.vulnerability);
  if (flaw === undefined) return undefined;
  const { componentName, version, id } = flaw.match;
  const facts = [id, exploitationWords(flaw.match), evidenceWords(flaw.evidence, now)];
  return `runs ${componentName} ${version} (${facts.filter((fact) => fact !== undefined).join(', ')})`;
}

/** Ways to the node that are named beside each other. */
const NAMED = 2;

/** Share of the likeliest way's odds from which on another one beside it is worth a word. */
const AS_DAMNING = 0.6;

/** "runs privileged and mounts the container runtime socket": the worst of what leads there side by side. */
function damningPhrase(first: AttackEdge, routes: Routes): string {
  const beside = first.kind === 'escape' ? routes.beside(first) : [first];
  const least = edgeOdds(beside[0]!) * AS_DAMNING;
  const phrases = new Set(beside.filter((edge) => edgeOdds(edge) >= least).map(({ phrase }) => phrase));
  return [...phrases].slice(0, NAMED).join(' and ');
}

/** "its token can read every secret in shop", "runs privileged, which opens the control plane of default", "opens the way to shop/db". */
function onwardClause({ onward, routes }: WhyInput): string | undefined {
  const [first, second] = onward;
  const end = onward.at(-1);
  if (first === undefined || end === undefined) return undefined;
  if (first.kind === 'identity') {
    return second === undefined ? undefined : `its token ${second.phrase}${opening(onward.slice(1), routes)}`;
  }
  if (first.kind !== 'reach' && first.kind !== 'exploit') return damningPhrase(first, routes) + opening(onward, routes);
  const next = onward.find((edge) => !routes.isHub(edge.to));
  if (next === undefined) return undefined;
  const through = next === end ? '' : `, and from there to ${theLabel(end.to, routes)}`;
  return `opens the way to ${theLabel(next.to, routes)}${through}`;
}

/** ", which opens the control plane of default" where a way goes on behind its first step. */
function opening(way: AttackEdge[], routes: Routes): string {
  const end = way.at(-1)!;
  return routes.steps(way).length < 2 || routes.isHub(end.to) ? '' : `, which opens ${theLabel(end.to, routes)}`;
}

function theLabel(node: string, routes: Routes): string {
  const label = routes.label(node);
  return /^(control plane|secret|volume) /.test(label) ? `the ${label}` : label;
}

/** Clauses as one: "a", "a and b", "a, b, and c". */
function joined(clauses: string[]): string {
  if (clauses.length < 3) return clauses.join(clauses.some((clause) => / and |,/.test(clause)) ? ', and ' : ' and ');
  return `${clauses.slice(0, -1).join(', ')}, and ${clauses.at(-1)}`;
}

/** One sentence without its subject, the workload: how it is reached, what can be used there, what that opens. */
export function whySentence(input: WhyInput): string {
  const clauses = [reachClause(input), flawClause(input), onwardClause(input)];
  return `${joined(clauses.filter((clause) => clause !== undefined))}.`;
}
