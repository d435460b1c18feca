import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf, serviceOf, workloadOf } from './estate.fixture.ts';
import { reachabilityOf } from './index.ts';

const VERSION = 'gateway.networking.k8s.io/v1';
const web = workloadOf('web');
const service = serviceOf('web', {});
const gateway = (listener: JsonObject): ManifestObject =>
  objectOf(
    'Gateway',
    'edge',
    {
      spec: {
        gatewayClassName: 'any',
        listeners: [{ name: 'web', protocol: 'HTTP', port: 80, ...listener }],
      },
    },
    'infra',
    VERSION,
  );
const route = (spec: JsonObject = {}, namespace = 'default', parent: JsonObject = {}): ManifestObject =>
  objectOf(
    'HTTPRoute',
    'site',
    {
      spec: {
        parentRefs: [{ name: 'edge', namespace: 'infra', ...parent }],
        rules: [{ backendRefs: [{ name: 'web', port: 80, namespace: 'default' }] }],
        ...spec,
      },
    },
    namespace,
    VERSION,
  );
const all: JsonObject = { allowedRoutes: { namespaces: { from: 'All' } } };

function reached(objects: ManifestObject[], workloads: Workload[] = [web]) {
  const { exposures, unknowns } = reachabilityOf([service, ...objects], workloads);
  return {
    ways: exposures.map(({ from, phrase, port }) => `${from} ${phrase} to ${port}`),
    unknowns: unknowns.map(({ code }) => code),
  };
}

describe('a route of the Gateway API', () => {
  it.each<[string, ManifestObject[], boolean]>([
    ['leads in where its Gateway is elsewhere', [route()], true],
    ['leads in where a listener takes routes of all namespaces', [gateway(all), route()], true],
    [
      'does not where listeners take those of their own namespace, as they do by default',
      [gateway({}), route()],
      false,
    ],
    [
      'does where a listener selects its namespace',
      [
        gateway({ allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { edge: 'yes' } } } } }),
        objectOf('Namespace', 'default', { metadata: { labels: { edge: 'yes' } } }, '', 'v1'),
        route(),
      ],
      true,
    ],
    [
      'does not where a listener selects others',
      [
        gateway({ allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { edge: 'yes' } } } } }),
        objectOf('Namespace', 'default', {}, '', 'v1'),
        route(),
      ],
      false,
    ],
    ['does not at a listener of another name', [gateway(all), route({}, 'default', { sectionName: 'admin' })], false],
    ['does not at a listener of another port', [gateway(all), route({}, 'default', { port: 81 })], false],
    [
      'does not where they share no host',
      [gateway({ ...all, hostname: 'a.example' }), route({ hostnames: ['b.example'] })],
      false,
    ],
    [
      'does where a wildcard holds its host',
      [gateway({ ...all, hostname: '*.example' }), route({ hostnames: ['b.example'] })],
      true,
    ],
    ['does not where a listener takes other kinds', [gateway({ ...all, protocol: 'TCP' }), route()], false],
  ])('%s', (_, objects, leads) => {
    expect(reached(objects).ways).toEqual(leads ? ['internet through gateway edge to 80'] : []);
  });

  it('leads to Services of other namespaces only where those grant it', () => {
    const grant = (from: JsonObject, to: JsonObject = {}): ManifestObject =>
      objectOf(
        'ReferenceGrant',
        'sites',
        {
          spec: {
            from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'other', ...from }],
            to: [{ group: '', kind: 'Service', ...to }],
          },
        },
        'default',
        'gateway.networking.k8s.io/v1beta1',
      );
    const foreign = route({}, 'other');
    expect(reached([foreign])).toEqual({ ways: [], unknowns: ['route-not-granted'] });
    expect(reached([foreign, grant({})])).toEqual({ ways: ['internet through gateway edge to 80'], unknowns: [] });
    expect(reached([foreign, grant({}, { name: 'web' })]).ways).toHaveLength(1);
    expect(reached([foreign, grant({}, { name: 'db' })]).ways).toEqual([]);
    expect(reached([foreign, grant({ namespace: 'third' })]).ways).toEqual([]);
    expect(reached([foreign, grant({ kind: 'GRPCRoute' })]).ways).toEqual([]);
  });
});

describe('a Service without selector', () => {
  const outside = (spec: JsonObject = {}): ManifestObject =>
    serviceOf('plain', { type: 'LoadBalancer', selector: null, ports: [{ name: 'http', port: 80 }], ...spec });
  const slice = (endpoint: JsonObject): ManifestObject =>
    objectOf(
      'EndpointSlice',
      'plain-1',
      {
        metadata: { labels: { 'kubernetes.io/service-name': 'plain' } },
        addressType: 'IPv4',
        ports: [{ name: 'http', port: 8080 }],
        endpoints: [endpoint],
      },
      'default',
      'discovery.k8s.io/v1',
    );
  const pod = objectOf(
    'Pod',
    'web-1',
    { metadata: { labels: { app: 'web', 'pod-template-hash': 'x' } }, status: { podIP: '10.1.1.1' } },
    'default',
    'v1',
  );

  it.each<[string, ManifestObject[], string[], string[]]>([
    ['leads nobody knows where', [], [], ['service-without-selector']],
    [
      'leads to the pod that an EndpointSlice names',
      [slice({ targetRef: { kind: 'Pod', name: 'web-1' } })],
      ['8080'],
      [],
    ],
    ['leads to the pod that has an address of it', [slice({ addresses: ['10.1.1.1'] })], ['8080'], []],
    ['leads out to public addresses', [slice({ addresses: ['203.0.114.9'] })], [], []],
    ['may lead to a pod by private ones', [slice({ addresses: ['10.9.9.9'] })], [], ['service-without-selector']],
    [
      'leads to the addresses of Endpoints of its name',
      [
        objectOf(
          'Endpoints',
          'plain',
          { subsets: [{ addresses: [{ ip: '10.1.1.1' }], ports: [{ name: 'http', port: 9090 }] }] },
          'default',
          'v1',
        ),
      ],
      ['9090'],
      [],
    ],
  ])('%s', (_, objects, ports, codes) => {
    const found = reached([outside(), pod, ...objects]);
    expect(found.ways).toEqual(ports.map((port) => `internet through load balancer plain to ${port}`));
    expect(found.unknowns).toEqual(codes);
  });
});

describe('a Service that stands for another by its name', () => {
  const alias = serviceOf('alias', {
    type: 'ExternalName',
    selector: null,
    externalName: 'web.default.svc.cluster.local',
    ports: [{ name: 'http', port: 80 }],
  });
  it('is what an Ingress leads to by way of it', () => {
    const ingress = objectOf('Ingress', 'site', {
      spec: { defaultBackend: { service: { name: 'alias', port: { name: 'http' } } } },
    });
    expect(reached([alias, ingress]).ways).toEqual(['internet through ingress site to 80']);
  });
});
