import type { JsonObject, ManifestObject, Reachability, Workload } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from './connectivity/index.ts';
import { containerOf, objectOf, policyOf, workloadOf } from './estate.fixture.ts';
import { reachabilityOf } from './index.ts';

const namespaces = ['a', 'b', 'c'];
const protocols = ['TCP', 'UDP'] as const;
const ports = [80, 81, 90];

/** `from to protocol port` of everything that is allowed, by the groups. */
function allowed({ groups }: Reachability, workloads: readonly Workload[]): Set<string> {
  const found = new Set<string>();
  for (const { from, to, ports: ranges } of groups)
    for (const source of from)
      for (const target of to)
        for (const protocol of protocols)
          for (const port of ports)
            if (
              ranges.length === 0 ||
              ranges.some((range) => range.protocol === protocol && range.from <= port && port <= range.to)
            )
              found.add(`${source} ${target} ${protocol} ${port}`);
  for (const { id } of workloads)
    for (const protocol of protocols) for (const port of ports) found.delete(`${id} ${id} ${protocol} ${port}`);
  return found;
}

type Labels = Record<string, string>;

/** The specification's words, pair by pair: a LabelSelector. */
function matches(selector: JsonObject, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    matchLabels?: Labels;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return operator === 'Exists' ? value !== undefined : value === undefined;
    })
  );
}

interface Rule {
  from?: JsonObject[];
  to?: JsonObject[];
  ports?: { protocol?: string; port?: number | string; endPort?: number }[];
}

interface Spec {
  podSelector: JsonObject;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** The specification's words, pair by pair: one direction of one connection. */
function directionAllows(
  direction: 'ingress' | 'egress',
  [isolated, peer]: [Workload, Workload],
  destination: Workload,
  [protocol, port]: [string, number],
  policies: readonly ManifestObject[],
  labelsOf: (namespace: string) => Labels,
): boolean {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const applying = policies
    .filter(({ namespace }) => namespace === isolated.namespace)
    .map(({ object }) => object['spec'] as unknown as Spec)
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && matches(podSelector, isolated.podLabels));
  if (applying.length === 0) return true;
  return applying.some((spec) =>
    (spec[direction] ?? []).some((rule) => {
      const peers = rule.from ?? rule.to;
      const admitted =
        peers === undefined ||
        peers.some(({ namespaceSelector, podSelector, ipBlock }) => {
          if (ipBlock !== undefined) return false;
          const inNamespace =
            namespaceSelector === undefined
              ? peer.namespace === isolated.namespace
              : matches(namespaceSelector as JsonObject, labelsOf(peer.namespace));
          return inNamespace && matches((podSelector ?? {}) as JsonObject, peer.podLabels);
        });
      const open =
        rule.ports === undefined ||
        rule.ports.some((each) => {
          if ((each.protocol ?? 'TCP') !== protocol) return false;
          if (each.port === undefined) return true;
          if (typeof each.port === 'number') return each.port <= port && port <= (each.endPort ?? each.port);
          return destination.containers.some((container) =>
            container.ports.some(
              ({ name, containerPort, protocol: own }) =>
                name === each.port && own === protocol && containerPort === port,
            ),
          );
        });
      return admitted && open;
    }),
  );
}

function bruteForce(objects: readonly ManifestObject[], workloads: readonly Workload[]): Set<string> {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const labelsOf = (namespace: string): Labels => {
    const object = objects.find(({ kind, name }) => kind === 'Namespace' && name === namespace);
    const { labels = {} } = (object?.object['metadata'] ?? {}) as { labels?: Labels };
    return { ...labels, 'kubernetes.io/metadata.name': namespace };
  };
  const found = new Set<string>();
  for (const from of workloads)
    for (const to of workloads)
      for (const protocol of protocols)
        for (const port of ports)
          if (
            from !== to &&
            directionAllows('egress', [from, to], to, [protocol, port], policies, labelsOf) &&
            directionAllows('ingress', [to, from], to, [protocol, port], policies, labelsOf)
          )
            found.add(`${from.id} ${to.id} ${protocol} ${port}`);
  return found;
}

const label = fc.constantFrom('x', 'y');
const anySelector: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.record({ tier: label }) }),
  fc.record({ matchLabels: fc.record({ tier: label, team: label }) }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.oneof(
        fc.record({ key: fc.constant('tier'), operator: fc.constantFrom('In', 'NotIn'), values: fc.tuple(label) }),
        fc.record({ key: fc.constantFrom('tier', 'team'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
      ),
    ),
  }),
) as fc.Arbitrary<JsonObject>;
const anyNamespaceSelector = fc.oneof(
  anySelector,
  fc.constantFrom(...namespaces).map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);
const anyPeer = fc.oneof(
  fc.record({ podSelector: anySelector }),
  fc.record({ namespaceSelector: anyNamespaceSelector }),
  fc.record({ namespaceSelector: anyNamespaceSelector, podSelector: anySelector }),
  fc.constant({ ipBlock: { cidr: '203.0.113.0/24' } }),
);
const anyPort = fc.oneof(
  fc.record({ protocol: fc.constantFrom(...protocols), port: fc.constantFrom(...ports) }),
  fc.record({ port: fc.constantFrom('web', 'metrics') }),
  fc.constant({ protocol: 'TCP', port: 80, endPort: 85 }),
  fc.constant({ protocol: 'UDP' }),
);
const anyRule = (peers: 'from' | 'to') =>
  fc
    .record({
      peers: fc.option(fc.array(anyPeer, { minLength: 1, maxLength: 2 })),
      ports: fc.option(fc.array(anyPort, { minLength: 1, maxLength: 2 })),
    })
    .map((rule) => ({
      ...(rule.peers === null ? {} : { [peers]: rule.peers }),
      ...(rule.ports === null ? {} : { ports: rule.ports }),
    }));
const anyPolicy = fc
  .record({
    namespace: fc.constantFrom(...namespaces),
    podSelector: anySelector,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: fc.array(anyRule('from'), { maxLength: 2 }),
    egress: fc.array(anyRule('to'), { maxLength: 2 }),
  })
  .map(({ namespace, ...spec }) => ({ namespace, spec }));
const anyWorkload = fc.record({
  namespace: fc.constantFrom(...namespaces),
  podLabels: fc.oneof(fc.constant({}), fc.record({ tier: label }), fc.record({ tier: label, team: label })),
  port: fc.constantFrom(...ports),
  portName: fc.constantFrom('web', 'metrics'),
  protocol: fc.constantFrom(...protocols),
});
const anyEstate = fc
  .record({
    workloads: fc.array(anyWorkload, { minLength: 2, maxLength: 6 }),
    policies: fc.array(anyPolicy, { maxLength: 5 }),
    marked: fc.subarray(namespaces),
  })
  .map(({ workloads, policies, marked }) => ({
    workloads: workloads.map(({ namespace, podLabels, port, portName, protocol }, index) =>
      workloadOf(`w${index}`, {
        namespace,
        podLabels: podLabels as Labels,
        containers: [containerOf({ ports: [{ name: portName, containerPort: port, protocol }] })],
      }),
    ),
    objects: [
      ...marked.map((name) => objectOf('Namespace', name, { metadata: { name, labels: { tier: 'x' } } }, '')),
      ...policies.map(({ namespace, spec }, index) => policyOf(`p${index}`, spec as unknown as JsonObject, namespace)),
    ],
  }));

/** An AdminNetworkPolicy, a BaselineAdminNetworkPolicy or a ClusterNetworkPolicy of some tier. */
const anyAdminPolicy = fc
  .record({
    kind: fc.constantFrom('AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'),
    tier: fc.constantFrom('Admin', 'Baseline'),
    priority: fc.nat(9),
    subject: anyNamespaceSelector,
    action: fc.constantFrom('Allow', 'Deny'),
    direction: fc.constantFrom('ingress', 'egress'),
    peer: anyNamespaceSelector,
  })
  .map(({ kind, tier, priority, subject, action, direction, peer }) => {
    const isCluster = kind === 'ClusterNetworkPolicy';
    const rule = {
      action: isCluster && action === 'Allow' ? 'Accept' : action,
      [direction === 'ingress' ? 'from' : 'to']: [{ namespaces: peer }],
    };
    const spec = {
      ...(isCluster && { tier }),
      ...(kind !== 'BaselineAdminNetworkPolicy' && { priority }),
      subject: { namespaces: subject },
      [direction]: [rule],
    };
    const name = kind === 'BaselineAdminNetworkPolicy' ? 'default' : `policy-${priority}`;
    return objectOf(kind, name, { spec } as unknown as JsonObject, '', 'policy.networking.k8s.io/v1alpha2');
  });

describe('reach groups', () => {
  it('agree with the specification, pair by pair, on random estates', () => {
    fc.assert(
      fc.property(anyEstate, ({ objects, workloads }) => {
        const reach = reachabilityOf(objects, workloads);
        expect(reach.unknowns.filter(({ code }) => code !== 'network-policy-named-port-outside')).toEqual([]);
        expect([...allowed(reach, workloads)].sort()).toEqual([...bruteForce(objects, workloads)].sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('are what connectivity says of each pair, by policies of every kind', () => {
    fc.assert(
      fc.property(anyEstate, fc.array(anyAdminPolicy, { maxLength: 3 }), ({ objects, workloads }, admin) => {
        const all = [...objects, ...admin];
        const reach = new Connectivity('default', all, workloads);
        const expected = workloads.flatMap((from, source) =>
          workloads.flatMap((to, destination) => {
            if (from === to) return [];
            const open = reach.between(reach.classOf[source]!, reach.classOf[destination]!);
            const ranges = reach.connections.ranges(open);
            return protocols.flatMap((protocol) =>
              ports
                .filter((port) =>
                  ranges.some((range) => range.protocol === protocol && range.from <= port && port <= range.to),
                )
                .map((port) => `${from.id} ${to.id} ${protocol} ${port}`),
            );
          }),
        );
        expect([...allowed(reachabilityOf(all, workloads), workloads)].sort()).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
  });

  it('shrink, or stay, when a policy without rules is added', () => {
    fc.assert(
      fc.property(
        anyEstate,
        fc.constantFrom(...namespaces),
        anySelector,
        ({ objects, workloads }, namespace, podSelector) => {
          const closing = policyOf('closing', { podSelector, policyTypes: ['Ingress', 'Egress'] }, namespace);
          const before = allowed(reachabilityOf(objects, workloads), workloads);
          for (const pair of allowed(reachabilityOf([...objects, closing], workloads), workloads))
            expect(before).toContain(pair);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('between workloads that a policy does not touch stay when it goes', () => {
    fc.assert(
      fc.property(anyEstate, anyPolicy, ({ objects, workloads }, { namespace, spec }) => {
        const policy = policyOf('going', spec as unknown as JsonObject, namespace);
        const touched = new Set(
          workloads
            .filter((each) => each.namespace === namespace && matches(spec.podSelector, each.podLabels))
            .map(({ id }) => id),
        );
        const others = (pairs: Set<string>) =>
          [...pairs].filter(
            (pair) =>
              !pair
                .split(' ')
                .slice(0, 2)
                .some((id) => touched.has(id)),
          );
        const without = reachabilityOf(objects, workloads);
        const withIt = reachabilityOf([...objects, policy], workloads);
        expect(others(allowed(withIt, workloads)).sort()).toEqual(others(allowed(without, workloads)).sort());
      }),
      { numRuns: 200 },
    );
  });

  it('are one group, never pairs, where nothing selects', () => {
    const workloads = Array.from({ length: 50 }, (_, index) => workloadOf(`w${index}`));
    const { groups, egressToInternet } = reachabilityOf([], workloads);
    expect(groups.map(({ from, to, ports: ranges, reason }) => [from.length, to.length, ranges, reason])).toEqual([
      [50, 50, [], 'no NetworkPolicy selects these 50 workloads'],
    ]);
    expect(egressToInternet).toHaveLength(50);
  });

  it('name the policy that decides, and keep their ids while it stays', () => {
    const workloads = [workloadOf('web'), workloadOf('cart')];
    const policy = policyOf('allow-web', {
      podSelector: { matchLabels: { app: 'cart' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    });
    const [first, again] = [reachabilityOf([policy], workloads), reachabilityOf([policy], workloads)];
    const group = first.groups.find(({ to }) => to.includes('default/default/Deployment/cart'));
    expect(group?.reason).toBe('NetworkPolicy default/allow-web');
    expect(group?.from).toEqual(['default/default/Deployment/web']);
    expect(again.groups).toEqual(first.groups);
  });

  it('let pods of the host network past policies that isolate pods', () => {
    const agent = workloadOf('agent', { hostNetwork: true, kind: 'DaemonSet' });
    const closed = policyOf('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const { groups, egressToInternet } = reachabilityOf([closed], [agent, workloadOf('web')]);
    expect(egressToInternet).toEqual([agent.id]);
    expect(groups.flatMap(({ to }) => to)).toEqual([agent.id]);
  });

  it('are of one cluster each', () => {
    const { groups } = reachabilityOf([], [workloadOf('a', { cluster: 'one' }), workloadOf('b', { cluster: 'two' })]);
    expect(groups.map(({ from, to }) => [from, to])).toEqual([
      [['one/default/Deployment/a'], ['one/default/Deployment/a']],
      [['two/default/Deployment/b'], ['two/default/Deployment/b']],
    ]);
  });
});
