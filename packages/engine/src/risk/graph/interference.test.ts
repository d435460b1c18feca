import type { AttackGraph, JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../inventory/index.ts';
import { deployment, manifest } from '../estate.fixture.ts';
import { simulate } from '../simulation/index.ts';
import { factsOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId } from './index.ts';

const graphOf = (objects: ManifestObject[]): AttackGraph =>
  buildAttackGraph(factsOf(objects, workloadsOf(objects).workloads)).graph;

const wire = nodeId.wire('default');
const readers = ({ edges }: AttackGraph): string[] => edges.filter(({ to }) => to === wire).map(({ from }) => from);
const heard = ({ edges }: AttackGraph): string[] => edges.filter(({ from }) => from === wire).map(({ to }) => to);
const workload = (namespace: string, name: string): string => `workload:default/${namespace}/Deployment/${name}`;

const dropped: JsonObject = { securityContext: { capabilities: { drop: ['ALL'] } } };
const web = deployment('shop', 'web');
const quiet = deployment('shop', 'quiet', { container: dropped });
const db = deployment('pay', 'db', {
  container: { image: 'postgres:16', ports: [{ containerPort: 5432 }], ...dropped },
});
const plugin = (name: string): ManifestObject =>
  manifest('DaemonSet', 'kube-system', name, { spec: { template: { spec: { containers: [] } } } });

describe('what neighbours say in plain text', () => {
  it('is heard by containers that may forge packets, and by no others', () => {
    const graph = graphOf([web, quiet, db]);
    expect(readers(graph)).toEqual([workload('shop', 'web')]);
    expect(heard(graph)).toContain(workload('pay', 'db'));
    expect(graph.edges.find(({ id }) => id.startsWith('listen|'))?.range).toEqual([0, 0.3]);
    const [edge] = graph.edges.filter(({ to, from }) => from === wire && to === workload('pay', 'db'));
    expect(edge).toMatchObject({ kind: 'credential', phrase: 'reads what is said to pay/db in plain postgres' });
    expect(edge?.reason).toContain('port 5432');
  });

  it.each([
    ['a bridge', 'kube-flannel-ds', 0.3],
    ['a router', 'calico-node', undefined],
  ])('is heard on %s by what that lets through', (_, name, probability) => {
    const listen = graphOf([web, db, plugin(name)]).edges.find(({ id }) => id.startsWith('listen|default/shop'));
    expect(listen?.probability).toBe(probability);
    expect(listen?.range).toBeUndefined();
  });

  it('is heard on the network of the node, whatever routes', () => {
    const host = deployment('shop', 'host', { pod: { hostNetwork: true } });
    expect(readers(graphOf([host, db, plugin('cilium')]))).toEqual([workload('shop', 'host')]);
  });

  it('is not heard from other nodes, nor where a mesh takes nobody else', () => {
    const on = (pool: string): JsonObject => ({ nodeSelector: { pool } });
    const apart = [
      deployment('shop', 'web', { pod: on('shop') }),
      deployment('pay', 'db', { pod: on('pay'), container: { image: 'postgres:16', ...dropped } }),
    ];
    expect(heard(graphOf(apart))).not.toContain(workload('pay', 'db'));
    const mesh = [
      manifest('Namespace', '', 'pay', { metadata: { name: 'pay', labels: { 'istio-injection': 'enabled' } } }),
      {
        ...manifest('PeerAuthentication', 'pay', 'strict', { spec: { mtls: { mode: 'STRICT' } } }),
        apiVersion: 'security.istio.io/v1',
      },
    ];
    expect(heard(graphOf([web, db, ...mesh]))).not.toContain(workload('pay', 'db'));
  });

  it('never counts less with more: a capability, a port, a neighbour', () => {
    const loss = (objects: ManifestObject[]): number => simulate(graphOf(objects), { worlds: 2_048 }).loss;
    const service = manifest('Service', 'shop', 'web', {
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean(), fc.constantFrom(8080, 5432, 8443)), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.nat(4),
        (specs, at) => {
          const made = specs.map(([namespace, drops, containerPort], index) =>
            deployment(namespace, `w${index}`, {
              container: { ports: [{ containerPort }], ...(drops ? dropped : {}) },
            }),
          );
          const fewer = made.filter((_, index) => index !== at);
          const all = [web, service, ...made];
          expect(loss(all)).toBeGreaterThanOrEqual(loss([web, service, ...fewer]));
          const [first] = specs[0]!;
          const shut = deployment(first, 'w0', { container: { ports: [{ containerPort: specs[0]![2] }], ...dropped } });
          expect(loss(all)).toBeGreaterThanOrEqual(loss([web, service, shut, ...made.slice(1)]));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('callers who are led to another tenant', () => {
  const site = (namespace: string, host: string, path: string): ManifestObject => ({
    ...manifest('Ingress', namespace, 'site', {
      spec: {
        rules: [{ host, http: { paths: [{ path, backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
      },
    }),
    apiVersion: 'networking.k8s.io/v1',
  });
  const service = (namespace: string, spec: JsonObject = {}): ManifestObject =>
    manifest('Service', namespace, 'web', {
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
    });
  const pay = deployment('pay', 'web');
  const both = [web, pay, service('shop'), service('pay')];
  const taken = ({ edges }: AttackGraph) =>
    edges.filter(({ id }) => id.startsWith('takes|') || id.startsWith('meant|'));

  it('by the narrower claim on a host for certain, by equal ones perhaps, by wider ones not', () => {
    const narrow = taken(graphOf([...both, site('pay', 'pay.example', '/'), site('shop', 'pay.example', '/login')]));
    expect(narrow.map(({ from, to, probability }) => [from, to, probability])).toEqual([
      [workload('shop', 'web'), expect.stringContaining('pay.example/'), 1],
      [expect.stringContaining('pay.example/'), workload('pay', 'web'), 0.1],
    ]);
    expect(narrow[0]?.reason).toBe('Ingress shop/site claims pay.example/login, as Ingress pay/site does more widely');
    const equal = taken(graphOf([...both, site('pay', 'pay.example', '/'), site('shop', 'pay.example', '/')]));
    expect(equal.filter(({ range }) => range !== undefined).map(({ from, range }) => [from, range])).toEqual([
      [workload('pay', 'web'), [0, 1]],
      [workload('shop', 'web'), [0, 1]],
    ]);
    expect(taken(graphOf([...both, site('pay', 'pay.example', '/'), site('shop', 'shop.example', '/')]))).toEqual([]);
    const wild = taken(graphOf([...both, site('pay', '*.example', '/'), site('shop', 'a.example', '/')]));
    expect(wild.map(({ from }) => from)[0]).toBe(workload('shop', 'web'));
    expect(wild).toHaveLength(2);
  });

  it('by an external address that another Service has, on a port of both', () => {
    const taking = (port: number) =>
      taken(
        graphOf([
          web,
          pay,
          service('shop', { externalIPs: ['10.0.0.9'], ports: [{ port, targetPort: 8080 }] }),
          service('pay', { clusterIP: '10.0.0.9' }),
        ]),
      );
    expect(taking(80).map(({ id }) => id.split('|')[0])).toEqual(['takes', 'meant']);
    expect(taking(81)).toEqual([]);
  });

  it('never count less with one more claim', () => {
    const loss = (objects: ManifestObject[]): number => simulate(graphOf(objects), { worlds: 2_048 }).loss;
    const claims = fc.uniqueArray(
      fc.record({
        namespace: fc.constantFrom('shop', 'pay'),
        host: fc.constantFrom('a.example', '*.example', ''),
        path: fc.constantFrom('/', '/login', '/login/x'),
      }),
      { minLength: 1, maxLength: 5, selector: (claim) => JSON.stringify(claim) },
    );
    fc.assert(
      fc.property(claims, (list) => {
        const made = list.map(({ namespace, host, path }, number) => ({
          ...site(namespace, host, path),
          name: `site-${number}`,
        }));
        expect(loss([...both, ...made])).toBeGreaterThanOrEqual(loss([...both, ...made.slice(1)]));
      }),
      { numRuns: 25 },
    );
  });
});

describe('nodes that are used up', () => {
  const limited: JsonObject = { ...dropped, resources: { limits: { memory: '1Gi' } } };
  const starving = ({ edges }: AttackGraph) => edges.filter(({ to }) => to === nodeId.outage('default'));
  const outage = ({ nodes }: AttackGraph) => nodes.find(({ id }) => id === nodeId.outage('default'));

  it('cost other tenants a little, and lead nowhere', () => {
    const graph = graphOf([quiet, db]);
    expect(starving(graph).map(({ id }) => id)).toEqual([
      'starves|default/shop/Deployment/quiet',
      'starves|default/pay/Deployment/db',
    ]);
    expect(outage(graph)).toMatchObject({ kind: 'asset', value: (0.1 * (5 + 5)) / 3 });
    expect(graph.edges.filter(({ from }) => from === nodeId.outage('default'))).toEqual([]);
  });

  it('are not where a limit or a quota is, nor where no other tenant runs', () => {
    const calm = deployment('pay', 'calm', { container: limited });
    expect(starving(graphOf([quiet, calm])).map(({ from }) => from)).toEqual([workload('shop', 'quiet')]);
    const quota = manifest('ResourceQuota', 'shop', 'all', { spec: { hard: { 'limits.memory': '8Gi' } } });
    expect(outage(graphOf([quiet, calm, quota]))).toBeUndefined();
    expect(outage(graphOf([quiet, web]))).toBeUndefined();
  });

  it('may be so by who calls an open service', () => {
    const service = manifest('Service', 'shop', 'quiet', {
      spec: { type: 'LoadBalancer', selector: { app: 'quiet' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const flood = starving(graphOf([quiet, db, service])).filter(({ from }) => from === nodeId.internet);
    expect(flood).toMatchObject([{ id: 'flood|default/shop/Deployment/quiet', probability: 0.05 }]);
    expect(flood[0]?.mitigation).toContain('a LimitRange and a ResourceQuota for shop');
  });

  it('never cost less without a limit than with one, nor with one more neighbour', () => {
    const loss = (objects: ManifestObject[]): number => simulate(graphOf(objects), { worlds: 2_048 }).loss;
    const service = manifest('Service', 'shop', 'web', {
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const specs = fc.array(fc.tuple(fc.constantFrom('shop', 'pay', 'pay'), fc.boolean()), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(specs, (list) => {
        const make = (at: number, namespace: string, isLimited: boolean): ManifestObject =>
          deployment(namespace, `w${at}`, { container: isLimited ? limited : dropped });
        const made = list.map(([namespace, isLimited], at) => make(at, namespace, isLimited));
        const freed = make(0, list[0]![0], false);
        expect(loss([web, service, freed, ...made.slice(1)])).toBeGreaterThanOrEqual(loss([web, service, ...made]));
        expect(loss([web, service, ...made])).toBeGreaterThanOrEqual(loss([web, service, ...made.slice(1)]));
      }),
      { numRuns: 25 },
    );
  });
});
