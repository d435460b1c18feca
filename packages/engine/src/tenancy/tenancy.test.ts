import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { at, deployment, manifest, namespace, tenancyOf } from './estate.fixture.ts';

const dropped: JsonObject = { securityContext: { capabilities: { drop: ['ALL'] } } };

describe('isolation', () => {
  const levelOf = (pod: JsonObject, container: JsonObject = {}, more: ManifestObject[] = []): string =>
    tenancyOf([deployment('shop', 'web', { pod, container }), ...more]).isolation[0]!.level;

  it.each<[string, JsonObject, JsonObject, string]>([
    ['nothing said', {}, {}, 'thin'],
    [
      'a seccomp profile of the pod',
      { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      {},
      'confined',
    ],
    ['no profile at all', {}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }, 'thin'],
    ['a user namespace', { hostUsers: false }, {}, 'confined'],
    ['a sandbox', { runtimeClassName: 'gvisor' }, {}, 'sandboxed'],
    ['privileged in a sandbox', { runtimeClassName: 'kata' }, { securityContext: { privileged: true } }, 'open'],
    ['processes of the node', { hostPID: true }, {}, 'open'],
    ['a capability that opens', {}, { securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } }, 'open'],
    [
      'a capability that does not by itself',
      {},
      { securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } },
      'thin',
    ],
    [
      'the disk of the node',
      { volumes: [{ name: 'd', hostPath: { path: '/var' } }] },
      { volumeMounts: [{ name: 'd', mountPath: '/d' }] },
      'open',
    ],
    [
      'the time zone of the node, to read',
      { volumes: [{ name: 'd', hostPath: { path: '/etc/localtime' } }] },
      { volumeMounts: [{ name: 'd', mountPath: '/d', readOnly: true }] },
      'thin',
    ],
    ['a volume that is not mounted', { volumes: [{ name: 'd', hostPath: { path: '/var' } }] }, {}, 'thin'],
  ])('with %s', (_, pod, container, level) => expect(levelOf(pod, container)).toBe(level));

  it('goes by the handler of a runtime class, not by its name', () => {
    const runtime = manifest('RuntimeClass', '', 'fast', { handler: 'runsc' });
    expect(levelOf({ runtimeClassName: 'fast' }, {}, [runtime])).toBe('sandboxed');
    expect(
      levelOf({ runtimeClassName: 'gvisor' }, {}, [manifest('RuntimeClass', '', 'gvisor', { handler: 'runc' })]),
    ).toBe('thin');
  });

  it.each<[string, JsonObject, string[]]>([
    ['unless it is dropped', {}, ['app']],
    ['unless all are dropped', dropped, []],
    ['dropped by either name', { securityContext: { capabilities: { drop: ['CAP_NET_RAW'] } } }, []],
    ['where it is added again', { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_RAW'] } } }, ['app']],
  ])('finds NET_RAW %s', (_, container, names) => {
    expect(tenancyOf([deployment('shop', 'web', { container })]).isolation[0]!.rawSockets).toEqual(names);
  });
});

describe('listeners', () => {
  const spoken = (objects: ManifestObject[]): string[] =>
    tenancyOf(objects).listeners[0]!.map(({ port, protocol, encrypted }) => `${port} ${protocol} ${encrypted}`);
  const service = (ports: JsonObject[]): ManifestObject =>
    manifest('Service', 'shop', 'web', { spec: { selector: { app: 'web' }, ports } });
  const silent = { container: { ports: [{ containerPort: 12345 }] } };

  it.each<[string, JsonObject[], string]>([
    [
      'the protocol that the Service declares',
      [{ port: 1, targetPort: 12345, appProtocol: 'https' }],
      '12345 https true',
    ],
    ['its name in the Service', [{ name: 'mysql', port: 1, targetPort: 12345 }], '12345 mysql false'],
    ['the well-known port of the Service', [{ port: 443, targetPort: 12345 }], '12345 https true'],
    ['nothing', [{ port: 7777, targetPort: 12345 }], '12345  undefined'],
  ])('go by %s', (_, ports, expected) => {
    expect(spoken([deployment('shop', 'web', silent), service(ports)])).toEqual([expected]);
  });

  it('go by the scheme of a probe, also where it names the port', () => {
    const probed = (scheme: string): ManifestObject =>
      deployment('shop', 'web', {
        container: {
          ports: [{ name: 'main', containerPort: 12345 }],
          readinessProbe: { httpGet: { port: 'main', scheme } },
        },
      });
    expect(spoken([probed('HTTPS')])).toEqual(['12345 https true']);
    expect(spoken([probed('HTTP')])).toEqual(['12345 http false']);
  });
});

describe('a service mesh', () => {
  const strict = (where: string, spec: JsonObject = { mtls: { mode: 'STRICT' } }): ManifestObject =>
    manifest('PeerAuthentication', where, `strict-${where}`, { spec });
  const encrypted = (objects: ManifestObject[]): boolean | undefined => tenancyOf(objects).listeners[0]![0]!.encrypted;
  const web = deployment('shop', 'web');
  const member = namespace('shop', { 'istio-injection': 'enabled' });

  it.each<[string, ManifestObject[], boolean | undefined]>([
    ['no member', [web, strict('shop')], false],
    ['a member that lets others in', [web, member], undefined],
    ['a member that refuses others', [web, member, strict('shop')], true],
    ['refusing by the whole mesh', [web, member, strict('istio-system')], true],
    [
      'its namespace over the whole mesh',
      [web, member, strict('istio-system'), strict('shop', { mtls: { mode: 'PERMISSIVE' } })],
      undefined,
    ],
    [
      'a port that is left out',
      [
        web,
        member,
        strict('shop', {
          selector: { matchLabels: { app: 'web' } },
          mtls: { mode: 'STRICT' },
          portLevelMtls: { '8080': { mode: 'DISABLE' } },
        }),
      ],
      undefined,
    ],
    [
      'a rule for other pods',
      [web, member, strict('shop', { selector: { matchLabels: { app: 'db' } }, mtls: { mode: 'STRICT' } })],
      undefined,
    ],
    [
      'a pod that stays out',
      [deployment('shop', 'web', { labels: { 'sidecar.istio.io/inject': 'false' } }), member, strict('shop')],
      false,
    ],
    [
      'the network of the node',
      [deployment('shop', 'web', { pod: { hostNetwork: true } }), member, strict('shop')],
      false,
    ],
    ['ambient', [web, namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }), strict('shop')], true],
  ])('of %s', (_, objects, expected) => expect(encrypted(objects)).toBe(expected));
});

describe('hosts', () => {
  const ingress = (where: string, host: string, path: string, spec: JsonObject = {}): ManifestObject =>
    manifest('Ingress', where, 'i', { spec: { rules: [{ host, http: { paths: [{ path }] } }], ...spec } });
  const contested = (...objects: ManifestObject[]): string[] => [...tenancyOf(objects).contested.keys()];

  it('are contested from both sides, by what is claimed below a path too', () => {
    expect(contested(ingress('a', 'x.org', '/'), ingress('b', 'x.org', '/login/'))).toEqual([
      'Ingress a/i',
      'Ingress b/i',
    ]);
    expect(contested(ingress('a', 'x.org', '/log'), ingress('b', 'x.org', '/login'))).toEqual([]);
    expect(contested(ingress('a', 'x.org', '/'), ingress('b', 'y.org', '/'))).toEqual([]);
    expect(contested(ingress('a', 'x.org', '/'), ingress('a', 'x.org', '/'))).toEqual([]);
  });

  const typed = (where: string, path: string, pathType: string): ManifestObject =>
    manifest('Ingress', where, 'i', { spec: { rules: [{ host: 'x.org', http: { paths: [{ path, pathType }] } }] } });

  it.each([
    ['/login', 'Exact', '/login', 'Exact', true],
    ['/login', 'Exact', '/login/', 'Exact', false],
    ['/login', 'Exact', '/login/admin', 'Exact', false],
    ['/login', 'Exact', '/login/admin', 'Prefix', false],
    ['/login/admin', 'Exact', '/login', 'Prefix', true],
    ['/login', 'Exact', '/login', 'Prefix', true],
    ['/', 'Exact', '/login', 'Prefix', false],
    ['/login/admin', 'ImplementationSpecific', '/login', 'Prefix', true],
  ])('by paths: %s (%s) and %s (%s): %s', (path, type, other, otherType, expected) => {
    expect(contested(typed('a', path, type), typed('b', other, otherType))).toHaveLength(expected ? 2 : 0);
  });

  it('are taken by the exact of two equal paths, and not the other way round', () => {
    const { takenHosts } = tenancyOf([typed('a', '/login', 'Exact'), typed('b', '/login', 'Prefix')]);
    expect(takenHosts.map(({ taker, from, certain }) => [taker.by, from.by, certain])).toEqual([
      ['Ingress a/i', 'Ingress b/i', true],
    ]);
  });

  it('of a thousand claims on one host are held against each other in bounded time', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ingress(`n${index}`, 'x.org', '/'));
    expect(contested(...many)).toHaveLength(200);
  });

  it('of routes are contested at one gateway', () => {
    const route = (where: string, gateway: string): ManifestObject =>
      manifest('HTTPRoute', where, 'r', {
        spec: { hostnames: ['x.org'], parentRefs: [{ name: gateway, namespace: 'gates' }] },
      });
    expect(contested(route('a', 'one'), route('b', 'one'))).toHaveLength(2);
    expect(contested(route('a', 'one'), route('b', 'two'))).toHaveLength(0);
    const match = (value: string, type: string) => ({ matches: [{ path: { type, value } }] });
    const pathed = (where: string, value: string, type: string): ManifestObject =>
      manifest('HTTPRoute', where, 'r', {
        spec: { hostnames: ['x.org'], parentRefs: [{ name: 'one', namespace: 'gates' }], rules: [match(value, type)] },
      });
    expect(contested(pathed('a', '/login', 'Exact'), pathed('b', '/login/admin', 'PathPrefix'))).toHaveLength(0);
    expect(contested(pathed('a', '/login', 'PathPrefix'), pathed('b', '/login/admin', 'Exact'))).toHaveLength(2);
  });
});

describe('bounds', () => {
  it('keep a workload from starving its node: a limit, a default, a quota of what is used', () => {
    const web = deployment('shop', 'web');
    const starves = (...more: ManifestObject[]): boolean => tenancyOf([web, ...more]).mayStarve(0);
    const limits = (limit: JsonObject) => manifest('LimitRange', 'shop', 'l', { spec: { limits: [limit] } });
    expect(starves()).toBe(true);
    expect(starves(limits({ type: 'Container', default: { memory: '1Gi' } }))).toBe(false);
    expect(starves(limits({ type: 'Container', max: { memory: '1Gi' } }))).toBe(false);
    expect(starves(limits({ type: 'Pod', max: { memory: '1Gi' } }))).toBe(true);
    expect(starves(manifest('ResourceQuota', 'shop', 'q', { spec: { hard: { 'limits.cpu': '4' } } }))).toBe(false);
    expect(starves(manifest('ResourceQuota', 'shop', 'q', { spec: { hard: { 'count/pods': '4' } } }))).toBe(true);
    expect(starves(manifest('ResourceQuota', 'pay', 'q', { spec: { hard: { memory: '4Gi' } } }))).toBe(true);
  });
});

describe('listening', () => {
  const listens = (pod: JsonObject, plugin?: string): unknown => {
    const daemon = plugin === undefined ? [] : [manifest('DaemonSet', 'kube-system', plugin)];
    const tenancy = tenancyOf([deployment('shop', 'web', { pod }), ...daemon]);
    const found = tenancy.listeningOf(at(tenancy, 'shop/web'));
    return found && `${found.from} ${found.certain}`;
  };

  it.each<[string, JsonObject, string | undefined, string | undefined]>([
    ['a bridge', {}, 'kube-flannel-ds', 'segment true'],
    ['a router', {}, 'cilium', undefined],
    ['a network of which nothing is known', {}, undefined, 'segment undefined'],
    ['the network of the node', { hostNetwork: true }, 'cilium', 'node true'],
  ])('on %s', (_, pod, plugin, expected) => expect(listens(pod, plugin)).toBe(expected));
});
