import type { AttackEdge, ComponentEvidence, VulnerabilityMatch, Workload } from '@breakwater/model';
import { nodeId } from '../graph/index.ts';
import { evidenceWords, exploitationWords } from './evidence-words.ts';
import { likeliestCause } from './odds.ts';
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
    if (owner.to === nodeId.workload(workload.id)) return 'could be taken by a malicious image';
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

/** "its token can read every secret in shop", "mounts the container runtime socket", "opens the way to shop/db". */
function onwardClause({ onward, routes }: WhyInput): string | undefined {
  const [first, second] = onward;
  if (first === undefined) return undefined;
  if (first.kind === 'identity') return second === undefined ? undefined : `its token ${second.phrase}`;
  if (first.kind !== 'reach' && first.kind !== 'exploit') return first.phrase;
  const target = onward.find((edge) => !routes.isHub(edge.to));
  return target === undefined ? undefined : `opens the way to ${routes.label(target.to)}`;
}

/** Clauses as one: "a", "a and b", "a, b, and c". */
function joined(clauses: string[]): string {
  if (clauses.length < 3) return clauses.join(' and ');
  return `${clauses.slice(0, -1).join(', ')}, and ${clauses.at(-1)}`;
}

/** One sentence without its subject, the workload: how it is reached, what can be used there, what that opens. */
export function whySentence(input: WhyInput): string {
  const clauses = [reachClause(input), flawClause(input), onwardClause(input)];
  return `${joined(clauses.filter((clause) => clause !== undefined))}.`;
}
