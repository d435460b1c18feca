import type { ConnectionSet, Connections } from './connections.ts';
import type { Connectivity } from './connectivity.ts';
import { type Direction, nameOfPolicy, type Policy, rulesOf } from './policy.ts';
import type { WorkloadClass } from './workload-classes.ts';

/** Why a part of the connections of one direction is allowed or not. */
export interface DirectionPart {
  connections: ConnectionSet;
  allowed: boolean;
  /** The policies that decide, in the order in which they are asked; none where no policy says anything. */
  steps: Step[];
}

/** What one policy does to a part of the connections. */
export interface Step {
  policy: Policy;
  /** `selects`: it is put on the workload and none of its rules allows this part. */
  does: 'allows' | 'denies' | 'passes' | 'selects';
  /** Name of the rule, where one decides. */
  rule: string | undefined;
}

/** A part of what one end might do to another, with what decides it in each direction. */
export interface ExplainedPart {
  connections: ConnectionSet;
  allowed: boolean;
  egress: DirectionPart;
  ingress: DirectionPart;
}

/** Why connections between two ends are allowed or denied: parts that together are all connections. */
export function explain(reach: Connectivity, source: number, destination: number): ExplainedPart[] {
  const out = explainDirection(reach, source, destination, 'egress');
  const into = explainDirection(reach, destination, source, 'ingress');
  return out.flatMap((egress) =>
    into.flatMap((ingress) => {
      const connections = reach.connections.intersect(egress.connections, ingress.connections);
      if (connections === reach.connections.none) return [];
      return [{ connections, allowed: egress.allowed && ingress.allowed, egress, ingress }];
    }),
  );
}

/** Why one direction of an end is open to a peer, or closed. */
export function explainDirection(
  reach: Connectivity,
  number: number,
  peer: number,
  direction: Direction,
): DirectionPart[] {
  const end = reach.endpoints[number]!;
  if (end.kind !== 'workloads') return [{ connections: reach.connections.numbers, allowed: true, steps: [] }];
  const kinds = reach.kinds[direction];
  const kind = kinds.kindOf[peer]!;
  if (!kinds.hosts.has(kind)) return explainKind(reach, end.class, kind, direction);
  return anyOf(
    reach.connections,
    kinds.neighbours.members().map((one) => explainKind(reach, end.class, one, direction)),
  );
}

function explainKind(reach: Connectivity, one: WorkloadClass, kind: number, direction: Direction): DirectionPart[] {
  const asked = new Asked(reach.connections);
  const policies = reach.decisions.policiesOn(one, direction);
  const meets = (policy: Policy): void => {
    for (const rule of rulesOf(policy, direction))
      for (const matter of reach.decisions.mattersOf(rule, policy, direction, one.ports)) {
        if (!matter.peers.has(kind)) continue;
        asked.decide(policy, rule.name, VERBS[rule.action], matter.ports);
      }
  };
  for (const policy of policies) if (policy.tier === 'admin') meets(policy);
  asked.nextTier();
  const selecting = policies.filter(({ tier }) => tier === 'network');
  for (const policy of selecting) meets(policy);
  if (selecting.length > 0) asked.close(selecting);
  else for (const policy of policies) if (policy.tier === 'baseline') meets(policy);
  return asked.parts();
}

/** Of a peer that has one of several addresses: what any of them may, by the first that may; denied is what none may. */
function anyOf(connections: Connections, explained: readonly DirectionPart[][]): DirectionPart[] {
  let open = connections.numbers;
  const parts: DirectionPart[] = [];
  const take = (part: DirectionPart): void => {
    const own = connections.intersect(part.connections, open);
    if (own === connections.none) return;
    open = connections.subtract(open, own);
    parts.push({ ...part, connections: own });
  };
  for (const part of explained.flat()) if (part.allowed) take(part);
  for (const part of explained.flat()) take(part);
  return parts;
}

const VERBS = { allow: 'allows', deny: 'denies', pass: 'passes' } as const;

interface OpenPart extends DirectionPart {
  /** Nobody decided yet; `passed` waits for the tier below. */
  state: 'open' | 'passed' | 'decided';
  /** It was allowed in the network tier, where every rule that allows counts. */
  several: boolean;
}

/** Parts while policies are asked. */
class Asked {
  readonly #connections: Connections;
  #parts: OpenPart[];

  constructor(connections: Connections) {
    this.#connections = connections;
    this.#parts = [{ connections: connections.numbers, allowed: true, steps: [], state: 'open', several: false }];
  }

  /** Lets a rule decide what is open; of NetworkPolicies each that allows a part is named. */
  decide(policy: Policy, rule: string, does: Step['does'], about: ConnectionSet): void {
    this.#parts = this.#parts.flatMap((part) => {
      if (part.state !== 'open' && !(part.several && policy.tier === 'network')) return [part];
      const inside = this.#connections.intersect(part.connections, about);
      if (inside === this.#connections.none) return [part];
      const outside = this.#connections.subtract(part.connections, inside);
      const changed: OpenPart = {
        connections: inside,
        allowed: does !== 'denies',
        steps: [...part.steps, { policy, rule, does }],
        state: does === 'passes' ? 'passed' : 'decided',
        several: policy.tier === 'network',
      };
      return outside === this.#connections.none ? [changed] : [changed, { ...part, connections: outside }];
    });
  }

  nextTier(): void {
    this.#parts = this.#parts.map((part) => (part.state === 'passed' ? { ...part, state: 'open' } : part));
  }

  /** Denies what no NetworkPolicy allows, in the name of all that are put on the workload. */
  close(policies: readonly Policy[]): void {
    const steps = policies.map((policy): Step => ({ policy, does: 'selects', rule: undefined }));
    this.#parts = this.#parts.map((part) =>
      part.state === 'open' ? { ...part, allowed: false, steps: [...part.steps, ...steps], state: 'decided' } : part,
    );
  }

  parts(): DirectionPart[] {
    return this.#parts.map(({ connections, allowed, steps }) => ({ connections, allowed, steps }));
  }
}

/** Names of the policies that decide a part, for either direction, each once. */
export function decidersOf({ egress, ingress }: ExplainedPart): string[] {
  return [...new Set([...egress.steps, ...ingress.steps].map(({ policy }) => nameOfPolicy(policy)))];
}
