import type { AttackGraph, JsonObject, ManifestObject, VulnerabilityMatch, Workload } from '@breakwater/model';
import { AttackGraph as AttackGraphSchema } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerOf, objectOf, policyOf, serviceOf, workloadOf } from '../../network/estate.fixture.ts';
import { factsOf, type ImageFacts, loaded, matchOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId, riskSettings } from './index.ts';

const app = 'registry.example/app:1';
const web = workloadOf('web');
const balancer = serviceOf('web', { type: 'LoadBalancer' });
const quiet: Record<string, ImageFacts> = { [app]: { matches: [] } };

function graphOf(objects: ManifestObject[], workloads: Workload[], images = quiet): AttackGraph {
  return buildAttackGraph(factsOf(objects, workloads, images)).graph;
}

function edge(graph: AttackGraph, from: string, to: string) {
  return graph.edges.filter((each) => each.from === from && each.to === to);
}

function value(graph: AttackGraph, id: string): number | undefined {
  return graph.nodes.find((node) => node.id === id)?.value;
}

/** Nodes that attacks can come to at all. */
function reached(graph: AttackGraph, start: string): Set<string> {
  const found = new Set([start]);
  for (const node of found)
    for (const { from, to, probability } of graph.edges) if (from === node && probability > 0) found.add(to);
  return found;
}

describe('the way in', () => {
  it('leads from the Internet through the exposure to the door, and through it by what the image holds', () => {
    const match = matchOf('CVE-2021-44228', {
      componentName: 'log4j-core',
      version: '2.14.1',
      exploitation: { knownExploitedSince: '2021-12-10', ransomware: true, epss: 0.97 },
    });
    const graph = graphOf([balancer], [web], { [app]: { matches: [match], evidence: { [match.component]: loaded } } });
    const door = nodeId.door(web.id, 'app');
    expect(edge(graph, 'internet', door).map(({ phrase, probability }) => [phrase, probability])).toEqual([
      ['through load balancer web', 1],
    ]);
    const [through] = edge(graph, door, nodeId.workload(web.id));
    expect(through?.phrase).toBe('log4j-core 2.14.1 (CVE-2021-44228, known exploited, loaded)');
    expect(through?.causes[0]).toMatchObject({
      key: 'CVE-2021-44228',
      shared: 0.97,
      local: 1,
      vulnerability: 'CVE-2021-44228',
    });
  });

  it('is shut where a policy admits pods only', () => {
    const closed = policyOf('pods', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
    const graph = graphOf([balancer, closed], [web]);
    expect(graph.edges.filter(({ from, kind }) => from === 'internet' && kind === 'entry')).toEqual([]);
  });

  it('is in doubt, or possible, where policies are that are not evaluated: the range widens, the number stays', () => {
    const cilium = objectOf('CiliumNetworkPolicy', 'l7', { spec: { endpointSelector: {} } }, 'default', 'cilium.io/v2');
    const closed = policyOf('closed', { podSelector: {} });
    const cart = workloadOf('cart');
    const ways = (objects: ManifestObject[]) =>
      graphOf(objects, [web, cart])
        .edges.filter(({ kind, to }) => (kind === 'entry' || kind === 'reach') && to === nodeId.door(web.id, 'app'))
        .map(({ kind, probability, range }) => [kind, probability, range]);
    expect(ways([balancer])).toEqual([
      ['entry', 1, undefined],
      ['reach', 1, undefined],
    ]);
    expect(ways([balancer, cilium])).toEqual([
      ['entry', 1, [0, 1]],
      ['reach', 1, [0, 1]],
    ]);
    expect(ways([balancer, closed])).toEqual([]);
    expect(ways([balancer, closed, cilium])).toEqual([
      ['entry', 0, [0, 1]],
      ['reach', 0, [0, 1]],
    ]);
  });

  it('is shut inside the cluster by an AdminNetworkPolicy too', () => {
    const deny = objectOf(
      'AdminNetworkPolicy',
      'deny',
      { spec: { priority: 1, subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] } },
      '',
      'policy.networking.k8s.io/v1alpha1',
    );
    const reaching = (objects: ManifestObject[]) =>
      graphOf(objects, [web, workloadOf('cart')]).edges.filter(
        ({ kind, to }) => kind === 'reach' && to.startsWith('hub:door/'),
      );
    expect(reaching([])).toHaveLength(2);
    expect(reaching([deny])).toEqual([]);
  });

  it.each<[string, Partial<VulnerabilityMatch>, number]>([
    ['remote', {}, 0.2],
    ['local', { cvss: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }, 0.002],
    ['for administrators', { cvss: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' }, 0.01],
    ['with a user', { cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H' }, 0.02],
    ['against availability', { cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }, 0.002],
    ['remote, version 4', { cvss: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' }, 0.2],
    ['remote, version 2', { cvss: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' }, 0.2],
    ['guessed by its source', { confidence: 'low' }, 0.1],
  ])('counts a loaded vulnerability that is %s', (_, part, expected) => {
    const match = matchOf('CVE-1', part);
    const graph = graphOf([], [web], { [app]: { matches: [match], evidence: { [match.component]: loaded } } });
    const [through] = edge(graph, nodeId.door(web.id, 'app'), nodeId.workload(web.id));
    const cause = through?.causes.find(({ key }) => key === 'CVE-1');
    expect(cause!.shared * cause!.local).toBeCloseTo(expected, 10);
  });

  it('says a range where nobody saw whether the component runs, and none where somebody did', () => {
    const match = matchOf('CVE-1');
    const unseen = graphOf([], [web], { [app]: { matches: [match] } });
    const cause = unseen.edges.flatMap(({ causes }) => causes).find(({ key }) => key === 'CVE-1');
    expect([cause?.local, cause?.localRange]).toEqual([0.3, [0.02, 1]]);
    const idle = { state: 'not-seen', observedDays: 7, reason: '' } as const;
    const seen = graphOf([], [web], { [app]: { matches: [match], evidence: { [match.component]: idle } } });
    const known = seen.edges.flatMap(({ causes }) => causes).find(({ key }) => key === 'CVE-1');
    expect([known?.local, known?.localRange]).toEqual([0.02, undefined]);
  });

  it('counts of the vulnerabilities that nobody uses the worst of each component', () => {
    const rare = (id: string, component: string, epss: number) =>
      matchOf(id, { component, exploitation: { epss, ransomware: false } });
    const matches = [rare('CVE-1', 'a', 0.01), rare('CVE-2', 'a', 0.02), rare('CVE-3', 'b', 0.03)];
    const graph = graphOf([], [web], { [app]: { matches, evidence: { a: loaded, b: loaded } } });
    const cause = graph.edges.flatMap(({ causes }) => causes).find(({ key }) => key.startsWith('quiet:'));
    expect(cause!.shared * cause!.local).toBeCloseTo(1 - 0.98 * 0.97, 10);
  });

  it('is between closed and a coin toss where the image could not be read', () => {
    const graph = graphOf([], [web], {});
    const cause = graph.edges.flatMap(({ causes }) => causes).find(({ key }) => key === `unreadable:${app}`);
    expect(cause!.localRange!.map((local) => local * cause!.shared)).toEqual([0, 0.5]);
    expect(cause?.reason).toContain('was not found');
  });

  it('meets only the container that has the port', () => {
    const sidecar = workloadOf('web', {
      containers: [
        containerOf({}),
        containerOf({ name: 'sidecar', ports: [{ containerPort: 9090, protocol: 'TCP' }] }),
      ],
    });
    const graph = graphOf([balancer], [sidecar]);
    expect(edge(graph, 'internet', nodeId.door(sidecar.id, 'app'))).toHaveLength(1);
    expect(edge(graph, 'internet', nodeId.door(sidecar.id, 'sidecar'))).toHaveLength(0);
  });

  it('is an open service, unless it has a password', () => {
    const open = (part: Parameters<typeof containerOf>[0]) =>
      graphOf(
        [],
        [
          workloadOf('cache', {
            containers: [containerOf({ image: 'redis:7', ports: [{ containerPort: 6379, protocol: 'TCP' }], ...part })],
          }),
        ],
        {},
      )
        .edges.flatMap(({ causes }) => causes)
        .filter(({ key }) => key.startsWith('open:'));
    expect(open({}).map(({ reason }) => reason.split(':')[0])).toEqual(['is a Redis without a password']);
    expect(open({ asksPassword: true })).toEqual([]);
  });
});

describe('the way on', () => {
  const pod = (part: Partial<Workload>) => graphOf([], [workloadOf('web', part)]);
  const node = nodeId.worker('default');

  it.each<[string, Partial<Workload>, string, number]>([
    [
      'privileged',
      { containers: [containerOf({ security: { privileged: true, capabilitiesAdded: [], capabilitiesDropped: [] } })] },
      'runs privileged',
      0.95,
    ],
    [
      'a runtime socket',
      {
        containers: [containerOf({ mounts: [{ volume: 's', path: '/s', readOnly: true }] })],
        volumes: [{ name: 's', kind: 'hostPath', from: '/run/containerd/containerd.sock' }],
      },
      'mounts the container runtime socket',
      0.95,
    ],
    [
      'the disk, to read',
      {
        containers: [containerOf({ mounts: [{ volume: 'd', path: '/host', readOnly: true }] })],
        volumes: [{ name: 'd', kind: 'hostPath', from: '/' }],
      },
      'reads the whole disk of its node',
      0.5,
    ],
    [
      'a capability behind seccomp, as nobody',
      {
        containers: [
          containerOf({
            security: {
              privileged: false,
              capabilitiesAdded: ['SYS_ADMIN'],
              capabilitiesDropped: [],
              seccompProfile: 'RuntimeDefault',
              runAsUser: 1000,
            },
          }),
        ],
      },
      'may mount file systems (SYS_ADMIN)',
      0.8 * 0.7 * 0.5,
    ],
    ['the processes of the node', { hostPID: true }, 'sees the processes of its node', 0.2],
  ])('to the node by %s', (_, part, phrase, probability) => {
    const [step, ...more] = edge(pod(part), nodeId.workload(web.id), node).filter(({ kind }) => kind === 'escape');
    expect(more).toEqual([]);
    expect(step?.phrase).toBe(phrase);
    expect(step?.probability).toBeCloseTo(probability, 10);
  });

  it('leads from no ordinary pod to its node', () => {
    expect(graphOf([], [web]).edges.filter(({ kind }) => kind === 'escape')).toEqual([]);
  });

  it('leads from a node to its share of the pods only', () => {
    const agent = workloadOf('agent', { kind: 'DaemonSet' });
    const graph = graphOf([], [web, agent]);
    expect(edge(graph, node, nodeId.workload(web.id))[0]?.probability).toBeCloseTo(1 / 3, 10);
    expect(edge(graph, node, nodeId.workload(agent.id))[0]?.probability).toBe(1);
  });

  it('leads to the control plane from where control-plane nodes are tolerated', () => {
    const spec = { tolerations: [{ operator: 'Exists' }] };
    const object = objectOf('DaemonSet', 'agent', { spec: { template: { spec } } }, 'default', 'apps/v1');
    const privileged = { privileged: true, capabilitiesAdded: [], capabilitiesDropped: [] };
    const agent = workloadOf('agent', { kind: 'DaemonSet', containers: [containerOf({ security: privileged })] });
    const graph = graphOf([object], [agent]);
    expect(edge(graph, nodeId.workload(agent.id), nodeId.controlPlaneNode('default'))[0]?.probability).toBeCloseTo(
      0.95,
      10,
    );
    expect(edge(graph, nodeId.controlPlaneNode('default'), nodeId.controlPlane('default'))).toHaveLength(1);
  });

  it('leads by a mounted token to what its identity may do', () => {
    const role = objectOf('Role', 'reader', { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] });
    const binding = objectOf('RoleBinding', 'readers', {
      subjects: [{ kind: 'ServiceAccount', name: 'default' }],
      roleRef: { kind: 'Role', name: 'reader' },
    });
    const secret = objectOf('Secret', 'db', { type: 'Opaque', data: { DB_PASSWORD: '' } });
    const other = objectOf('Secret', 'other', { data: {} }, 'elsewhere');
    const all = reached(graphOf([role, binding, secret, other], [web]), nodeId.workload(web.id));
    expect(all).toContain(nodeId.secret('default', 'default', 'db'));
    expect(all).not.toContain(nodeId.secret('default', 'elsewhere', 'other'));
    const unmounted = reached(
      graphOf([role, binding, secret], [workloadOf('web', { automountToken: false })]),
      nodeId.workload(web.id),
    );
    expect(unmounted).not.toContain(nodeId.secret('default', 'default', 'db'));
  });

  it('from the control plane leads to everything in the cluster and nothing in another', () => {
    const far = workloadOf('far', { cluster: 'other' });
    const graph = graphOf([objectOf('Secret', 's', { data: {} })], [web, far]);
    const all = reached(graph, nodeId.controlPlane('default'));
    expect(all).toContain(nodeId.workload(web.id));
    expect(all).toContain(nodeId.secret('default', 'default', 's'));
    expect(all).not.toContain(nodeId.workload(far.id));
  });

  it('to a node is refused by Pod Security where pods could be made', () => {
    const robot = [{ kind: 'User', name: 'dev' }];
    const role = objectOf('Role', 'maker', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }] });
    const binding = objectOf('RoleBinding', 'makers', { subjects: robot, roleRef: { kind: 'Role', name: 'maker' } });
    const namespace = (enforce: string) =>
      objectOf('Namespace', 'default', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': enforce } } }, '');
    const to = (objects: ManifestObject[]) =>
      edge(graphOf(objects, [web]), 'identity:default/user:dev', node)[0]?.probability;
    expect(to([role, binding])).toBe(1);
    expect(to([role, binding, namespace('baseline')])).toBe(0.05);
    expect(to([role, binding, namespace('restricted')])).toBeUndefined();
    expect(to([role, binding, namespace('privileged')])).toBe(1);
  });
});

describe('values', () => {
  const namespaceOf = (labels: JsonObject) => objectOf('Namespace', 'default', { metadata: { labels } }, '');
  const of = (objects: ManifestObject[], workload = web, stages = {}) =>
    value(
      buildAttackGraph(factsOf(objects, [workload], quiet, riskSettings({}, stages))).graph,
      nodeId.workload(workload.id),
    );

  it.each<[string, number | undefined, number]>([
    ['nothing says what for', of([]), 5],
    ['the namespace is marked production', of([namespaceOf({ environment: 'production' })]), 10],
    ['the namespace is marked development', of([namespaceOf({ env: 'dev' })]), 1],
    ['the namespace is called so', of([], workloadOf('web', { namespace: 'shop-prod' })), 10],
    ['the namespace is called non-production', of([], workloadOf('web', { namespace: 'nonprod' })), 1],
    ['the owner sets it', of([namespaceOf({ env: 'dev' })], web, { default: 'production' }), 10],
    ['a label gives points', of([], workloadOf('web', { labels: { 'breakwater.dev/value': '42' } })), 42],
    ['a label gives nonsense', of([], workloadOf('web', { labels: { 'breakwater.dev/value': 'high' } })), 5],
  ])('of a workload when %s', (_, found, expected) => {
    expect(found).toBe(expected);
  });

  it.each<[string, JsonObject, number]>([
    ['cloud keys', { data: { AWS_SECRET_ACCESS_KEY: '' } }, 20],
    ['a database password', { stringData: { POSTGRES_PASSWORD: '' } }, 15],
    ['a token', { type: 'kubernetes.io/basic-auth', data: {} }, 12],
    ['a certificate', { type: 'kubernetes.io/tls', data: {} }, 10],
    ['a registry', { type: 'kubernetes.io/dockerconfigjson', data: {} }, 8],
    ['who knows', { data: { x: '' } }, 5],
  ])('of a secret with %s', (_, body, expected) => {
    const graph = graphOf([objectOf('Secret', 's', body)], [web]);
    expect(value(graph, nodeId.secret('default', 'default', 's'))).toBe(expected);
  });

  it('of a control plane', () => {
    expect(value(graphOf([], [web]), nodeId.controlPlane('default'))).toBe(100);
  });
});

/** Every edge of `less` is in `more`, and as likely or likelier by each of its numbers. */
function expectMore(more: AttackGraph, less: AttackGraph): void {
  const known = new Map(more.edges.map((each) => [each.id, each]));
  for (const before of less.edges) {
    const after = known.get(before.id);
    expect(after, before.id).toBeDefined();
    expect(after!.probability).toBeGreaterThanOrEqual(before.probability);
    for (const cause of before.causes) {
      const same = after!.causes.filter(
        ({ key, component }) => key === cause.key && (key.startsWith('quiet:') || component === cause.component),
      );
      expect(Math.max(...same.map(({ shared, local }) => shared * local)), cause.key).toBeGreaterThanOrEqual(
        cause.shared * cause.local - 1e-12,
      );
    }
  }
}

const anyMatch = fc
  .record({
    id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
    component: fc.constantFrom('a', 'b', 'c'),
    epss: fc.constantFrom(0.001, 0.01, 0.04, 0.3, 0.9),
    cvss: fc.constantFrom(
      undefined,
      'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    ),
  })
  .map(({ id, component, epss, cvss }) =>
    matchOf(id, { component, exploitation: { epss, ransomware: false }, ...(cvss === undefined ? {} : { cvss }) }),
  );
const matchesOf = fc.uniqueArray(anyMatch, { maxLength: 6, selector: ({ id, component }) => `${id} ${component}` });

describe('more facts', () => {
  const two = [web, workloadOf('cart', { containers: [containerOf({ image: 'cart:1' })] })];

  it('a vulnerability more only adds to the graph', () => {
    fc.assert(
      fc.property(matchesOf, anyMatch, (matches, added) => {
        const others = matches.filter(({ id, component }) => id !== added.id || component !== added.component);
        const graph = (list: VulnerabilityMatch[]) =>
          graphOf([balancer], two, { [app]: { matches: list }, 'cart:1': { matches: [] } });
        expectMore(graph([...others, added]), graph(others));
      }),
    );
  });

  it('an exposure or a permission more only adds to the graph', () => {
    const binding = objectOf(
      'ClusterRoleBinding',
      'ops',
      {
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
        roleRef: { kind: 'ClusterRole', name: 'edit' },
      },
      '',
    );
    expectMore(graphOf([balancer], two), graphOf([], two));
    expectMore(graphOf([binding], two), graphOf([], two));
  });

  it('leave a cluster apart as it is, edge by edge', () => {
    const apart = workloadOf('apart', { cluster: 'other' });
    const own = (graph: AttackGraph) => graph.edges.filter(({ from, to }) => `${from} ${to}`.includes('other'));
    const privileged = containerOf({ security: { privileged: true, capabilitiesAdded: [], capabilitiesDropped: [] } });
    const changed = graphOf([balancer], [workloadOf('web', { containers: [privileged] }), apart]);
    expect(own(changed)).toEqual(own(graphOf([], [web, apart])));
  });

  it('in another order make the same edges', () => {
    const byId = (graph: AttackGraph) => graph.edges.map(({ id }) => id).sort();
    expect(byId(graphOf([balancer], [...two].reverse()))).toEqual(byId(graphOf([balancer], two)));
  });
});

describe('the graph', () => {
  it('is what the schema says, with a phrase and a reason on every edge', () => {
    const graph = graphOf([balancer], [web]);
    expect(AttackGraphSchema.parse(graph)).toEqual(graph);
    for (const { phrase, reason, id } of graph.edges)
      expect(
        [phrase, reason].every((text) => text !== ''),
        id,
      ).toBe(true);
    expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
  });

  it('keeps edges in line with workloads, never with pairs', () => {
    const many = Array.from({ length: 400 }, (_, index) => workloadOf(`w${index}`));
    expect(graphOf([], many).edges.length).toBeLessThan(400 * 12);
  });
});
