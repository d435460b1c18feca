import type { JsonObject } from '@breakwater/model';
import * as fc from 'fast-check';

/** A pod that one Deployment runs. */
export interface RandomPod {
  namespace: string;
  labels: Record<string, string>;
  ports: { name: string; protocol: string; port: number }[];
  onHost: boolean;
}

/** A small estate: everything that decides about connections, with few names so that things meet. */
export interface RandomEstate {
  namespaces: Record<string, Record<string, string>>;
  pods: RandomPod[];
  policies: JsonObject[];
}

export const NAMESPACES = ['blue', 'green', 'grey'];
const NAME = 'kubernetes.io/metadata.name';
const CIDRS = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '203.0.113.0/24', '0:0:0:0:0:0:0:0/0', 'fd00:0:0:0:0:0:0:0/8'];
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const port = fc.constantFrom(1, 53, 79, 80, 81, 443, 8080, 65535);
const portName = fc.constantFrom('web', 'dns');

const labels = fc.record({ app: fc.constantFrom('a', 'b'), tier: fc.constantFrom('x', 'y') }, { requiredKeys: [] });
const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'tier', 'env'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(fc.constantFrom('a', 'b', 'x', 'y'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: fc.constantFrom('app', 'tier', 'env'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const podSelector = fc.oneof(
  { weight: 3, arbitrary: fc.record({ matchLabels: labels }) },
  { weight: 2, arbitrary: fc.record({ matchExpressions: fc.array(expression, { maxLength: 2 }) }) },
  fc.constant({}),
);
const namespaceSelector = fc.oneof(
  fc.record({
    matchLabels: fc.oneof(
      fc.constantFrom(...NAMESPACES.map((name) => ({ [NAME]: name }))),
      fc.constantFrom({ env: 'x' }, { env: 'y' }),
    ),
  }),
  fc.record({ matchExpressions: fc.array(expression, { maxLength: 1 }) }),
  fc.constant({}),
);
const range = fc.tuple(port, port).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 2 });

const networkPeer = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ namespaceSelector, podSelector }),
  fc.constantFrom(...CIDRS).map((cidr) => ({ ipBlock: { cidr } })),
  fc.constantFrom(
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.9.0.0/16'] } },
    { ipBlock: { cidr: 'fd00:0:0:0:0:0:0:0/8', except: ['fd00:0:0:0:0:0:0:0/16'] } },
  ),
);
const networkPort = fc.oneof(
  fc.record({ protocol, port }),
  fc.record({ protocol }),
  fc.record({ port }),
  fc.tuple(protocol, range).map(([over, { start, end }]) => ({ protocol: over, port: start, endPort: end })),
  fc.record({ protocol, port: portName }),
);
const networkRule = (peers: 'from' | 'to'): fc.Arbitrary<JsonObject> =>
  fc.record(
    { [peers]: fc.array(networkPeer, { maxLength: 2 }), ports: fc.array(networkPort, { maxLength: 2 }) },
    { requiredKeys: [] },
  ) as never;
/** The spec of a NetworkPolicy. */
export const networkPolicy = fc.record(
  {
    podSelector,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: fc.array(networkRule('from'), { maxLength: 2 }),
    egress: fc.array(networkRule('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);

const pods = fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: fc.record({ namespaceSelector, podSelector }) }),
);
const network = fc.record({ networks: some(fc.constantFrom(...CIDRS)) });
const host = fc.record({ domainNames: some(fc.constantFrom('api.example.com', '*.example.com', 'example.org')) });
const adminPort = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol, port }) }),
  fc.tuple(protocol, range).map(([over, ends]) => ({ portRange: { protocol: over, ...ends } })),
  fc.record({ namedPort: portName }),
);
const destination = fc.oneof(
  port.map((number) => ({ number })),
  range.filter(({ start, end }) => start < end).map((ends) => ({ range: ends })),
);
const clusterNumber = fc
  .tuple(protocol, destination)
  .map(([over, to]) => ({ [over.toLowerCase()]: { destinationPort: to } }));
const clusterPort = fc.oneof(clusterNumber, fc.record({ destinationNamedPort: portName }));
/** `outside` are the ports of rules that name addresses, where not every port will do. */
const rules = (
  actions: string[],
  ports: fc.Arbitrary<object>,
  field: 'ports' | 'protocols',
  outside = ports,
): fc.Arbitrary<object> => {
  const rule = (
    peers: 'from' | 'to',
    peer: fc.Arbitrary<object>,
    { only = actions, over = outside }: { only?: string[]; over?: fc.Arbitrary<object> } = {},
  ): fc.Arbitrary<object> =>
    fc.record(
      {
        action: fc.constantFrom(...only),
        [peers]: some(peer),
        [field]: fc.array(over, { minLength: field === 'protocols' ? 1 : 0, maxLength: 2 }),
      },
      { requiredKeys: ['action', peers] },
    );
  return fc.record(
    {
      ingress: fc.array(rule('from', pods, { over: ports }), { maxLength: 3 }),
      egress: fc.array(
        fc.oneof(
          { weight: 2, arbitrary: rule('to', pods, { over: ports }) },
          { weight: 3, arbitrary: rule('to', fc.oneof(pods, network)) },
          { weight: 1, arbitrary: rule('to', fc.oneof(pods, network, host), { only: actions.slice(0, 1) }) },
        ),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  );
};
const object = (kind: string, name: string, spec: object, namespace?: string): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'policy.networking.k8s.io/v1alpha2',
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  spec: spec as JsonObject,
});

const policies = fc
  .record({
    network: fc.array(fc.tuple(fc.constantFrom(...NAMESPACES), networkPolicy), { maxLength: 4 }),
    admin: fc.array(fc.tuple(pods, rules(['Allow', 'Deny', 'Pass'], adminPort, 'ports')), { maxLength: 3 }),
    cluster: fc.array(
      fc.tuple(
        fc.constantFrom('Admin', 'Baseline'),
        pods,
        rules(['Accept', 'Deny', 'Pass'], clusterPort, 'protocols', clusterNumber),
      ),
      { maxLength: 3 },
    ),
    baseline: fc.option(fc.tuple(pods, rules(['Allow', 'Deny'], adminPort, 'ports'))),
  })
  .map(({ network: ofNamespaces, admin, cluster, baseline }) => [
    ...ofNamespaces.map(([namespace, spec], at) => object('NetworkPolicy', `n${at}`, spec, namespace)),
    ...admin.map(([subject, spec], at) =>
      object('AdminNetworkPolicy', `a${at}`, { subject, priority: 20 - at, ...spec }),
    ),
    ...cluster.map(([tier, subject, spec], at) =>
      object('ClusterNetworkPolicy', `c${at}`, { tier, subject, priority: 50 - at, ...spec }),
    ),
    ...(baseline === null
      ? []
      : [object('BaselineAdminNetworkPolicy', 'default', { subject: baseline[0], ...baseline[1] })]),
  ]);

/** Random estates whose policies are valid and whose order is defined. */
export const randomEstates: fc.Arbitrary<RandomEstate> = fc.record({
  namespaces: fc
    .tuple(
      ...NAMESPACES.map((name) =>
        fc
          .constantFrom<Record<string, string>>({}, { env: 'x' }, { env: 'y' })
          .map((given) => [name, { ...given, [NAME]: name }] as const),
      ),
    )
    .map((entries): Record<string, Record<string, string>> => Object.fromEntries(entries)),
  pods: fc.array(
    fc.record({
      namespace: fc.constantFrom(...NAMESPACES),
      labels: labels as fc.Arbitrary<Record<string, string>>,
      ports: fc.uniqueArray(fc.record({ name: portName, protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port }), {
        maxLength: 2,
        selector: ({ name }) => name,
      }),
      onHost: fc.integer({ min: 0, max: 5 }).map((draw) => draw === 0),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  policies,
});
