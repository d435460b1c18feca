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
