import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { type Flow, type FlowEnd, type Gap, NODES } from './flow.ts';
import { MANAGED } from './managed.ts';
import { type PodSelector, podSelectors } from './pod-selectors.ts';
import { Rules } from './rules.ts';
import { mayMakePods } from './unseen-pods.ts';

/** Policies, and what they cannot do. */
export interface CompiledPolicies {
  /** NetworkPolicies, by namespace and name. */
  objects: JsonObject[];
  /** Workloads that they are put on. */
  isolated: Set<string>;
  gaps: Gap[];
}

/** What is compiled. */
export interface CompileFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  flows: readonly Flow[];
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * NetworkPolicies for one cluster: one for each workload, with the flows that it needs, and a default of nothing for each
 * namespace. `excludedNamespaces` get none.
 */
export function compilePolicies(facts: CompileFacts, excludedNamespaces: readonly string[]): CompiledPolicies {
  const { objects, workloads } = facts;
  const rules = new WorkloadRules(facts);
  const compiled: CompiledPolicies = { objects: [], isolated: new Set(), gaps: [] };
  const isolable = workloads.filter(
    ({ hostNetwork, namespace }) => !hostNetwork && !excludedNamespaces.includes(namespace),
  );
  const names = new Set<string>();
  for (const members of rules.alike(isolable)) {
    const [first] = members as [Workload];
    for (const { id } of members) compiled.isolated.add(id);
    compiled.objects.push(
      policy(nameOf(first, names), first.namespace, {
        podSelector: rules.selector(first),
        policyTypes: ['Ingress', 'Egress'],
        ingress: rules.ingress(members),
        egress: rules.egress(members),
      }),
    );
    if (members.length > 1) compiled.gaps.push(sharedLabels(members));
  }
  for (const namespace of new Set(isolable.map((workload) => workload.namespace))) {
    const maker = objects.find((object) => object.namespace === namespace && mayMakePods(object));
    if (maker !== undefined) compiled.gaps.push(withoutDefault(namespace, maker));
    else
      compiled.objects.push(
        policy('breakwater-default-deny', namespace, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
      );
  }
  compiled.gaps.push(...leftOut(workloads, excludedNamespaces));
  return compiled;
}

/** By workload id: a NetworkPolicy for what comes in alone. Workloads on the network of their node get none. */
export function compileIngress(facts: CompileFacts): Map<string, JsonObject> {
  const rules = new WorkloadRules(facts);
  const names = new Set<string>();
  const isolable = facts.workloads.filter(({ hostNetwork }) => !hostNetwork);
  return new Map(
    rules.alike(isolable).flatMap((members) => {
      const [first] = members as [Workload];
      const written = policy(nameOf(first, names), first.namespace, {
        podSelector: rules.selector(first),
        policyTypes: ['Ingress'],
        ingress: rules.ingress(members),
      });
      return members.map(({ id }): [string, JsonObject] => [id, written]);
    }),
  );
}

/** What the workloads of an estate need, as selectors and rules. */
class WorkloadRules {
  readonly #byId: ReadonlyMap<string, Workload>;
  readonly #selectors: ReadonlyMap<string, PodSelector>;
  readonly #into: ReadonlyMap<string, Flow[]>;
  readonly #out: ReadonlyMap<string, Flow[]>;

  constructor({ objects, workloads, flows }: CompileFacts) {
    this.#byId = new Map(workloads.map((workload) => [workload.id, workload]));
    this.#selectors = podSelectors(objects, workloads);
    this.#into = Map.groupBy(flows, ({ to }) => (to.kind === 'workload' ? to.id : ''));
    this.#out = Map.groupBy(flows, ({ from }) => (from.kind === 'workload' ? from.id : ''));
  }

  selector({ id }: Workload): JsonObject {
    return this.#selectors.get(id)!.written;
  }

  /** Workloads that one selector selects, together. */
  alike(workloads: readonly Workload[]): Workload[][] {
    const groups = Map.groupBy(
      workloads,
      ({ id, cluster, namespace }) => `${cluster}/${namespace}\n${this.#selectors.get(id)!.selector.key}`,
    );
    return [...groups.values()];
  }

  ingress(members: readonly Workload[]): Json[] {
    const rules = new Rules();
    for (const { id, namespace } of members)
      for (const { from, ports } of this.#into.get(id) ?? []) rules.add(this.#peers(from, namespace), ports);
    return rules.written('from');
  }

  egress(members: readonly Workload[]): Json[] {
    const rules = new Rules();
    for (const { id, namespace } of members)
      for (const { to, ports } of this.#out.get(id) ?? []) rules.add(this.#peers(to, namespace), ports);
    return rules.written('to');
  }

  /** Peers of a rule; undefined for everyone. */
  #peers(end: FlowEnd, own: string): JsonObject[] | undefined {
    switch (end.kind) {
      case 'anyone':
        return undefined;
      case 'addresses':
        return end.blocks.map(({ cidr, except }) => ({ ipBlock: { cidr, ...(except && { except: [...except] }) } }));
      case 'pods': {
        const namespaceSelector = inNamespaces(end.namespaces);
        if (Object.keys(end.labels).length === 0) return [{ namespaceSelector }];
        return [{ namespaceSelector, podSelector: { matchLabels: { ...end.labels } } }];
      }
      case 'workload': {
        const workload = this.#byId.get(end.id)!;
        if (workload.hostNetwork) return NODES.map(({ cidr }) => ({ ipBlock: { cidr } }));
        const podSelector = this.selector(workload);
        if (workload.namespace === own) return [{ podSelector }];
        return [{ namespaceSelector: inNamespaces([workload.namespace]), podSelector }];
      }
    }
  }
}

function policy(name: string, namespace: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { ...MANAGED } },
    spec,
  };
}

/** A name that no other policy of the namespace has. */
function nameOf({ namespace, kind, name }: Workload, taken: Set<string>): string {
  const short = `breakwater-${name.slice(0, 200)}`;
  const found = [short, `${short}-${kind.toLowerCase()}`].find((one) => !taken.has(`${namespace}/${one}`))!;
  taken.add(`${namespace}/${found}`);
  return found;
}

function inNamespaces(namespaces: readonly string[] | undefined): JsonObject {
  if (namespaces === undefined) return {};
  if (namespaces.length === 1) return { matchLabels: { [NAMESPACE_NAME]: namespaces[0]! } };
  return { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: [...namespaces].sort() }] };
}

function sharedLabels(members: readonly Workload[]): Gap {
  const names = members.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return {
    code: 'shared-labels',
    message: `No lasting label tells ${names} apart: one policy allows what each of them needs to all.`,
    workload: members[0]!.id,
    places: members.flatMap(({ definitions }) => definitions.slice(0, 1)),
  };
}

function withoutDefault(namespace: string, { kind, name, place }: ManifestObject): Gap {
  return {
    code: 'not-isolated',
    message: `Namespace ${namespace} gets no default of nothing: pods may be made of ${kind} ${name} that no manifest describes, and would be closed by it.`,
    places: [place],
  };
}

function leftOut(workloads: readonly Workload[], excluded: readonly string[]): Gap[] {
  const host = workloads.filter(({ hostNetwork }) => hostNetwork);
  const system = [...new Set(workloads.map(({ namespace }) => namespace))].filter((one) => excluded.includes(one));
  return [
    ...(host.length === 0
      ? []
      : [
          {
            code: 'not-isolated' as const,
            message: `${host.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')} run on the network of their node, which no NetworkPolicy isolates; whom they call admits the addresses of nodes.`,
            places: host.flatMap(({ definitions }) => definitions.slice(0, 1)),
          },
        ]),
    ...system.map((namespace) => ({
      code: 'system-namespace' as const,
      message: `Namespace ${namespace} gets no policies: the cluster itself runs there.`,
      places: [],
    })),
  ];
}
