import type { AttackEdge, ComponentEvidence, VulnerabilityMatch, Workload } from '@breakwater/model';
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

/** "runs log4j-core 2.14.1 (CVE-2021-44228, known exploited, loaded 3 min ago)". */
function flawClause({ inward, flawOf, now }: WhyInput): string | undefined {
  const step = inward.findLast((edge) => edge.causes.length > 0);
  if (step === undefined || step.to !== inward.at(-1)?.to) return undefined;
  const cause = likeliestCause(step);
  if (cause?.component === undefined || cause.vulnerability === undefined) return undefined;
  const flaw = flawOf(cause.component, cause.vulnerability);
  if (flaw === undefined) return undefined;
  const facts = [flaw.match.id, exploitationWords(flaw.match), evidenceWords(flaw.evidence, now)];
  return `runs ${flaw.match.componentName} ${flaw.match.version} (${facts.filter((fact) => fact !== undefined).join(', ')})`;
}

/** "is reachable from the Internet through ingress shop", "can be reached from shop/web". */
function reachClause({ inward, routes, workload }: WhyInput): string {
  const [entry] = inward;
  if (entry === undefined) return 'has no known way in from where attackers start';
  const here = `workload:${workload.id}`;
  const before = inward.findLast((edge) => edge.from !== here && routes.nodes.get(edge.from)?.kind === 'workload');
  const origin = routes.nodes.get(entry.from)?.label ?? entry.from;
  const phrase = inward.find((edge) => edge.phrase !== '')?.phrase ?? '';
  if (before === undefined) return reachedFrom(origin, phrase);
  return `can be attacked from ${routes.nodes.get(before.from)?.label ?? before.from}`;
}

function reachedFrom(origin: string, phrase: string): string {
  const place = origin === 'Internet' ? 'the Internet' : origin;
  return `is reachable from ${place}${phrase === '' ? '' : ` ${phrase}`}`;
}

/** "its token can read every secret in shop", "mounts the container runtime socket": the first step on that says something. */
function onwardClause({ onward, routes }: WhyInput): string | undefined {
  const steps = onward.filter((edge) => edge.phrase !== '');
  const [first, second] = steps;
  if (first === undefined) return undefined;
  if (first.kind === 'identity') return second === undefined ? undefined : `its token ${second.phrase}`;
  if (first.kind === 'reach' || first.kind === 'exploit') {
    const target = onward.find((edge) => routes.nodes.get(edge.to)?.kind === 'workload');
    const label = target === undefined ? undefined : (routes.nodes.get(target.to)?.label ?? target.to);
    return label === undefined ? undefined : `leads on to ${label}`;
  }
  return first.phrase;
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
