import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import type { PortRange } from '../network/index.ts';
import { type Flow, type FlowEnd, type Gap, NODES } from './flow.ts';
import { MANAGED } from './managed.ts';
import { type PodSelector, podSelectors } from './pod-selectors.ts';
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
  /** Namespaces that get no policies. */
  excludedNamespaces: readonly string[];
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** NetworkPolicies for one cluster: one for each workload, with the flows that it needs, and a default of nothing. */
export function compilePolicies({ objects, workloads, flows, excludedNamespaces }: CompileFacts): CompiledPolicies {
  const selectors = podSelectors(objects, workloads);
  const compiled: CompiledPolicies = { objects: [], isolated: new Set(), gaps: [] };
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const peersOf = (end: FlowEnd, namespace: string) => peers(end, namespace, byId, selectors);
  const isolable = workloads.filter(
    ({ hostNetwork, namespace }) => !hostNetwork && !excludedNamespaces.includes(namespace),
  );
  const out = Map.groupBy(flows, ({ from }) => (from.kind === 'workload' ? from.id : ''));
  const into = Map.groupBy(flows, ({ to }) => (to.kind === 'workload' ? to.id : ''));
  const alike = Map.groupBy(isolable, ({ id, namespace }) => `${namespace}\n${selectors.get(id)!.selector.key}`);
  const names = new Set<string>();
  for (const members of alike.values()) {
    const [first] = members as [Workload];
    const { namespace } = first;
    const ingress = new Rules();
    const egress = new Rules();
    for (const { id } of members) {
      compiled.isolated.add(id);
      for (const { from, ports } of into.get(id) ?? []) ingress.add(peersOf(from, namespace), ports);
      for (const { to, ports } of out.get(id) ?? []) egress.add(peersOf(to, namespace), ports);
    }
    compiled.objects.push(
      policy(nameOf(first, names), namespace, {
        podSelector: selectors.get(first.id)!.written,
        policyTypes: ['Ingress', 'Egress'],
        ingress: ingress.written('from'),
        egress: egress.written('to'),
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

/** Peers of a rule; undefined for everyone. */
function peers(
  end: FlowEnd,
  own: string,
  workloads: ReadonlyMap<string, Workload>,
  selectors: ReadonlyMap<string, PodSelector>,
): JsonObject[] | undefined {
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
      const workload = workloads.get(end.id)!;
      if (workload.hostNetwork) return NODES.map(({ cidr }) => ({ ipBlock: { cidr } }));
      const podSelector = selectors.get(end.id)!.written;
      if (workload.namespace === own) return [{ podSelector }];
      return [{ namespaceSelector: inNamespaces([workload.namespace]), podSelector }];
    }
  }
}

function inNamespaces(namespaces: readonly string[] | undefined): JsonObject {
  if (namespaces === undefined) return {};
  if (namespaces.length === 1) return { matchLabels: { [NAMESPACE_NAME]: namespaces[0]! } };
  return { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: [...namespaces].sort() }] };
}

const EVERYONE = 'everyone';

/** Rules of one direction while they grow: by peer first, so that ports of one peer come together. */
class Rules {
  readonly #portsOf = new Map<string, { peer: JsonObject | undefined; ports: Map<string, PortRange> | undefined }>();

  add(list: readonly JsonObject[] | undefined, ports: readonly PortRange[]): void {
    for (const peer of list ?? [undefined]) {
      const key = peer === undefined ? EVERYONE : JSON.stringify(peer);
      let known = this.#portsOf.get(key);
      if (known === undefined) {
        known = { peer, ports: new Map() };
        this.#portsOf.set(key, known);
      }
      if (ports.length === 0) known.ports = undefined;
      for (const range of ports) known.ports?.set(`${range.protocol} ${range.from}-${range.to}`, range);
    }
  }

  /** The fewest rules: peers with equal ports are one. */
  written(field: 'from' | 'to'): Json[] {
    const rules = new Map<string, { peers: (JsonObject | undefined)[]; ports: PortRange[] | undefined }>();
    for (const [key, { peer, ports }] of [...this.#portsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const list = ports === undefined ? undefined : [...ports.values()].sort(byPort);
      const same = `${key === EVERYONE} ${JSON.stringify(list ?? null)}`;
      const known = rules.get(same);
      if (known === undefined) rules.set(same, { peers: [peer], ports: list });
      else known.peers.push(peer);
    }
    return [...rules.values()].map(({ peers: list, ports }) => {
      const named = list.filter((peer) => peer !== undefined);
      return {
        ...(named.length > 0 && { [field]: named }),
        ...(ports !== undefined && { ports: ports.map(writtenPort) }),
      };
    });
  }
}

function byPort(a: PortRange, b: PortRange): number {
  return a.from - b.from || (a.protocol < b.protocol ? -1 : 1);
}

function writtenPort({ protocol, from, to }: PortRange): JsonObject {
  return { protocol, port: from, ...(to !== from && { endPort: to }) };
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
