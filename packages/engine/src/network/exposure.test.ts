import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { containerOf, objectOf, policyOf, serviceOf, workloadOf } from './estate.fixture.ts';
import { reachabilityOf } from './index.ts';

const web = workloadOf('web');

function ways(objects: ManifestObject[], workloads: Workload[] = [web]): string[] {
  return reachabilityOf(objects, workloads).exposures.map(
    ({ workload, port, from, phrase }) => `${from} ${workload.split('/').at(-1)}:${port} ${phrase}`,
  );
}

function service(spec: JsonObject, annotations: JsonObject = {}): ManifestObject {
  const made = serviceOf('web', spec);
  return { ...made, object: { ...made.object, metadata: { name: 'web', annotations } } };
}

function ingress(spec: JsonObject, apiVersion?: string): ManifestObject {
  return objectOf('Ingress', 'shop', { spec }, 'default', apiVersion);
}

describe('exposures', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a cluster address leads in from nowhere', {}, {}, []],
    ['a load balancer from the Internet', { type: 'LoadBalancer' }, {}, ['internet web:80 through load balancer web']],
    [
      'an internal load balancer from the network (AWS)',
      { type: 'LoadBalancer' },
      { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'true' },
      ['network web:80 through internal load balancer web'],
    ],
    [
      'an internal load balancer from the network (Google)',
      { type: 'LoadBalancer' },
      { 'networking.gke.io/load-balancer-type': 'Internal' },
      ['network web:80 through internal load balancer web'],
    ],
    [
      'a load balancer for private callers only',
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] },
      {},
      ['network web:80 through internal load balancer web'],
    ],
    [
      'a node port from the network',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30003 }] },
      {},
      ['network web:80 through node port 30003 of service web'],
    ],
    [
      'a public external address from the Internet',
      { externalIPs: ['203.0.114.7'] },
      {},
      ['internet web:80 through external address 203.0.114.7 of service web'],
    ],
    [
      'a private external address from the network',
      { externalIPs: ['10.1.2.3'] },
      {},
      ['network web:80 through external address 10.1.2.3 of service web'],
    ],
    ['an external name leads nowhere inside', { type: 'ExternalName', externalName: 'example.org' }, {}, []],
    [
      'a target port by number',
      { type: 'LoadBalancer', ports: [{ port: 443, targetPort: 8443 }] },
      {},
      ['internet web:8443 through load balancer web'],
    ],
  ])('%s', (_, spec, annotations, expected) => {
    expect(ways([service(spec, annotations)])).toEqual(expected);
  });

  it('resolve a named target port, and say when no container declares it', () => {
    const named = workloadOf('web', {
      containers: [containerOf({ ports: [{ name: 'http', containerPort: 3000, protocol: 'TCP' }] })],
    });
    const leading = service({ type: 'LoadBalancer', ports: [{ port: 80, targetPort: 'http' }] });
    expect(ways([leading], [named])).toEqual(['internet web:3000 through load balancer web']);
    const { exposures, unknowns } = reachabilityOf([leading], [web]);
    expect(exposures).toEqual([]);
    expect(unknowns.map(({ code }) => code)).toEqual(['service-port-missing']);
  });

  it.each<[string, JsonObject, string | undefined]>([
    [
      'paths',
      { rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { number: 80 } } } }] } }] },
      undefined,
    ],
    ['the default backend', { defaultBackend: { service: { name: 'web', port: { number: 80 } } } }, undefined],
    [
      'paths as they were written once',
      { rules: [{ http: { paths: [{ backend: { serviceName: 'web', servicePort: 80 } }] } }] },
      'extensions/v1beta1',
    ],
  ])('an ingress leads in by %s', (_, spec, apiVersion) => {
    expect(ways([serviceOf('web'), ingress(spec, apiVersion)])).toEqual(['internet web:80 through ingress shop']);
  });

  it('an ingress whose service is missing is an unknown', () => {
    const { unknowns } = reachabilityOf([ingress({ defaultBackend: { service: { name: 'gone' } } })], [web]);
    expect(unknowns.map(({ code, message }) => [code, message])).toEqual([
      [
        'service-missing',
        'The ingress shop leads to service default/gone, which is not in these manifests: what it exposes is not known.',
      ],
    ]);
  });

  it('gateways and routes lead in, meshes do not', () => {
    const backend = { rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] };
    const http = (parent: JsonObject) =>
      objectOf(
        'HTTPRoute',
        'shop',
        { spec: { parentRefs: [parent], ...backend } },
        'default',
        'gateway.networking.k8s.io/v1',
      );
    const route = objectOf(
      'Route',
      'shop',
      { spec: { to: { kind: 'Service', name: 'web' } } },
      'default',
      'route.openshift.io/v1',
    );
    expect(ways([serviceOf('web'), http({ name: 'edge' })])).toEqual(['internet web:80 through gateway edge']);
    expect(ways([serviceOf('web'), http({ kind: 'Service', name: 'web' })])).toEqual([]);
    expect(ways([serviceOf('web'), route])).toEqual(['internet web:80 through route shop']);
  });

  it('host ports and the host network open a node’s port', () => {
    const port = workloadOf('web', {
      containers: [containerOf({ ports: [{ containerPort: 80, hostPort: 8080, protocol: 'TCP' }] })],
    });
    expect(ways([], [port])).toEqual(['network web:80 through port 8080 of its node']);
    expect(ways([], [workloadOf('web', { hostNetwork: true })])).toEqual(['network web:80 on the network of its node']);
    const silent = workloadOf('web', { hostNetwork: true, containers: [containerOf({ ports: [] })] });
    expect(ways([], [silent])).toEqual(['network web:0 on the network of its node']);
  });
});

describe('NetworkPolicies and exposures', () => {
  const balancer = service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
  const closing = (ingressRules: JsonObject[]) => policyOf('rules', { podSelector: {}, ingress: ingressRules });
  const gate = ingress({ defaultBackend: { service: { name: 'web', port: { number: 80 } } } });
  const controller = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } };

  it.each<[string, JsonObject[], boolean]>([
    ['without rules close it', [], false],
    ['that admit everyone leave it open', [{}], true],
    ['that admit pods only close it', [{ from: [{ podSelector: {} }, { namespaceSelector: {} }] }], false],
    ['that admit public addresses leave it open', [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }], true],
    ['that admit IPv6 leave it open', [{ from: [{ ipBlock: { cidr: '2000::/3' } }] }], true],
    ['that admit private addresses only close it', [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }], false],
    [
      'that admit private addresses and except the public ones close it',
      [{ from: [{ ipBlock: { cidr: '10.0.0.0/7', except: ['11.0.0.0/8'] } }] }],
      false,
    ],
    ['that admit another port only close it', [{ ports: [{ port: 443 }] }], false],
    ['that admit a range with the port leave it open', [{ ports: [{ port: 79, endPort: 81 }] }], true],
    ['that admit another protocol close it', [{ ports: [{ protocol: 'UDP', port: 80 }] }], false],
  ])('policies %s', (_, rules, open) => {
    expect(ways([balancer, closing(rules)])).toHaveLength(open ? 1 : 0);
  });

  it('policies that admit private addresses let in callers whom a node passes on under its own', () => {
    const passing = service({ type: 'LoadBalancer' });
    const nodes = closing([{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }]);
    expect(ways([passing, nodes])).toEqual([
      'internet web:80 through load balancer web, whose callers come with the address of a node',
    ]);
    expect(ways([passing, closing([])])).toEqual([]);
  });

  it('an ingress stays open where its controller may come in, and is closed where only others may', () => {
    expect(ways([serviceOf('web'), gate, closing([{ from: [controller] }])])).toHaveLength(1);
    expect(
      ways([serviceOf('web'), gate, closing([{ from: [{ podSelector: { matchLabels: { app: 'cart' } } }] }])]),
    ).toEqual([]);
  });

  it('a policy for egress closes no way in', () => {
    expect(ways([balancer, policyOf('out', { podSelector: {}, policyTypes: ['Egress'] })])).toHaveLength(1);
  });

  it('who may go out to the Internet is told by egress rules', () => {
    const out = (spec: JsonObject) =>
      reachabilityOf([policyOf('out', { podSelector: {}, policyTypes: ['Egress'], ...spec })], [web]).egressToInternet;
    expect(out({})).toEqual([]);
    expect(out({ egress: [{ to: [{ ipBlock: { cidr: '192.168.0.0/16' } }] }] })).toEqual([]);
    expect(out({ egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }] })).toEqual([web.id]);
  });
});

describe('policies that are not valid', () => {
  it.each<[string, JsonObject]>([
    ['a CIDR', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/33' } }] }] }],
    [
      'an exception outside its block',
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } }] }] },
    ],
    ['a port', { podSelector: {}, ingress: [{ ports: [{ port: 70000 }] }] }],
    ['the end of a range', { podSelector: {}, ingress: [{ ports: [{ port: 90, endPort: 80 }] }] }],
    ['an end beside a name', { podSelector: {}, ingress: [{ ports: [{ port: 'web', endPort: 80 }] }] }],
    ['a protocol', { podSelector: {}, ingress: [{ ports: [{ protocol: 'ICMP' }] }] }],
    ['a peer that names nobody', { podSelector: {}, ingress: [{ from: [{}] }] }],
    [
      'a block beside a selector',
      { podSelector: {}, ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    ],
    ['a policy type', { podSelector: {}, policyTypes: ['ingress'] }],
    ['an operator', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] } }],
    ['an operator without values', { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }],
    ['a label key', { podSelector: { matchLabels: { 'a/b/c': 'd' } } }],
    ['a label value', { podSelector: { matchLabels: { a: '-b' } } }],
    ['rules that are no list', { podSelector: {}, ingress: {} }],
  ])('by %s are unknowns with their place, and take no part', (_, spec) => {
    const policy = policyOf('bad', spec);
    const { exposures, unknowns } = reachabilityOf([service({ type: 'LoadBalancer' }), policy], [web]);
    expect(unknowns.map(({ code, place }) => [code, place])).toEqual([['network-policy-invalid', policy.place]]);
    expect(exposures).toHaveLength(1);
  });

  it('a policy without a spec is an unknown', () => {
    expect(reachabilityOf([objectOf('NetworkPolicy', 'empty', {})], [web]).unknowns).toHaveLength(1);
  });

  it('labels named like parts of every object are labels', () => {
    const strange = workloadOf('web', { podLabels: JSON.parse('{"__proto__x": "a"}') });
    const policy = policyOf('p', { podSelector: { matchLabels: { constructor: 'a' } } });
    expect(reachabilityOf([policy], [strange]).groups[0]?.reason).toBe('no NetworkPolicy selects default/web');
  });
});

describe('policies of the cluster and exposures', () => {
  const balancer = service({ type: 'LoadBalancer' });
  const admin = (spec: JsonObject, kind = 'AdminNetworkPolicy', name = 'admin') =>
    objectOf(kind, name, { spec: { subject: { namespaces: {} }, ...spec } }, '', 'policy.networking.k8s.io/v1alpha1');

  it('who may go out to the Internet is told by them too', () => {
    const deny = admin({ priority: 1, egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }] }] });
    expect(reachabilityOf([], [web]).egressToInternet).toEqual([web.id]);
    expect(reachabilityOf([deny], [web]).egressToInternet).toEqual([]);
  });

  it('pods that one denies are no callers, whatever NetworkPolicies allow', () => {
    const deny = admin({ priority: 1, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] });
    const { groups, exposures } = reachabilityOf([balancer, deny], [web, workloadOf('cart')]);
    expect(groups).toEqual([]);
    expect(exposures).toHaveLength(1);
  });

  it('a default of nothing is lifted by a NetworkPolicy', () => {
    const none = admin(
      { ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
      'BaselineAdminNetworkPolicy',
      'default',
    );
    const lift = policyOf('lift', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{}] });
    const { groups } = reachabilityOf([none, lift], [web, workloadOf('cart')]);
    expect(groups.flatMap(({ to }) => to)).toEqual([web.id]);
  });
});

describe('kinds of policies that are not evaluated', () => {
  const balancer = service({ type: 'LoadBalancer' });
  const cart = workloadOf('cart');
  const cilium = (app: string, part: JsonObject = {}) =>
    objectOf(
      'CiliumNetworkPolicy',
      'l7',
      { spec: { endpointSelector: { matchLabels: { [`k8s:app`]: app } }, ...part } },
      'default',
      'cilium.io/v2',
    );
  const counts = (ways: { exposures: unknown[]; groups: { to: string[] }[] } | undefined) =>
    ways === undefined ? undefined : [ways.exposures.length, new Set(ways.groups.flatMap(({ to }) => to)).size];

  it('are unknowns with their place, and tell what is open at least and at most', () => {
    const { unknowns, least, most, ...known } = reachabilityOf([balancer, cilium('web')], [web, cart]);
    expect(unknowns.map(({ code, place }) => [code, place.source])).toEqual([
      ['network-policy-not-evaluated', 'ciliumnetworkpolicy-l7.yaml'],
    ]);
    expect([counts(least), counts(known), counts(most)]).toEqual([
      [0, 1],
      [1, 2],
      [1, 2],
    ]);
  });

  it('may open what a NetworkPolicy closes', () => {
    const closed = policyOf('closed', { podSelector: { matchLabels: { app: 'web' } } });
    const { least, most, ...known } = reachabilityOf([balancer, closed, cilium('web')], [web, cart]);
    expect([counts(least), counts(known), counts(most)]).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
    ]);
  });

  it('may be put on everybody where their selector cannot be read', () => {
    const calico = objectOf(
      'GlobalNetworkPolicy',
      'deny',
      { spec: { selector: "app == 'web'" } },
      '',
      'projectcalico.org/v3',
    );
    expect(counts(reachabilityOf([balancer, calico], [web, cart]).least)).toEqual([0, 0]);
  });

  it('leave nothing open but what is known where there are none', () => {
    const { least, most } = reachabilityOf([balancer], [web, cart]);
    expect([least, most]).toEqual([undefined, undefined]);
  });
});

describe('a port of a node', () => {
  it('that is open on the node’s own loopback address leads in from nowhere', () => {
    const local = (hostIP: string): Workload =>
      workloadOf('web', {
        containers: [containerOf({ ports: [{ containerPort: 80, hostPort: 80, hostIP, protocol: 'TCP' }] })],
      });
    expect(ways([], [local('127.0.0.1')])).toEqual([]);
    expect(ways([], [local('10.0.0.7')])).toEqual(['network web:80 through port 80 of its node']);
  });
});
