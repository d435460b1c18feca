import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttackGraph, JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { workloadsOf } from '../../inventory/index.ts';
import { simulate } from '../simulation/index.ts';
import { factsOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId } from './index.ts';

const ESTATES = '../shared/estates';
const clusterScoped = /^(Namespace|ClusterRole|ClusterRoleBinding|ClusterPolicy|PersistentVolume)$/;

function read(patterns: string[]): ManifestObject[] {
  return globSync(patterns, { cwd: ESTATES }).flatMap((source) => {
    const documents = parseAllDocuments(readFileSync(join(ESTATES, source), 'utf8'), { logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
    return documents.flatMap((document, index) => {
      const object = document.toJS() as JsonObject | null;
      const { apiVersion, kind, metadata } = object ?? {};
      if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
      const { name = '', namespace = 'default' } = (metadata ?? {}) as { name?: string; namespace?: string };
      const place = { source, document: index };
      return [
        {
          apiVersion,
          kind,
          name,
          namespace: clusterScoped.test(kind) ? '' : namespace,
          cluster: 'default',
          object: object!,
          place,
        },
      ];
    });
  });
}

function graphOf(objects: ManifestObject[]): AttackGraph {
  return buildAttackGraph(factsOf(objects, workloadsOf(objects).workloads)).graph;
}

function workload(name: string, namespace = 'default', kind = 'Deployment'): string {
  return nodeId.workload(`default/${namespace}/${kind}/${name}`);
}

/** Every node that the edges lead to from one node on. */
function reached(graph: AttackGraph, start: string): Set<string> {
  const found = new Set([start]);
  for (const node of found) for (const { from, to } of graph.edges) if (from === node) found.add(to);
  return found;
}

describe.skipIf(!existsSync(ESTATES))('kubernetes-goat (skipped without ../shared/estates)', () => {
  const graph = graphOf(existsSync(ESTATES) ? read(['kubernetes-goat/scenarios/**/*.yaml']) : []);
  const escapes = (name: string, kind = 'Deployment') =>
    graph.edges
      .filter((each) => each.from === workload(name, 'default', kind) && each.kind === 'escape')
      .map(({ phrase }) => phrase);

  it('escapes: every weak scenario leads to its node, the others do not', () => {
    expect(escapes('health-check-deployment')).toEqual(['runs privileged', 'mounts the container runtime socket']);
    expect(escapes('system-monitor-deployment')).toEqual(
      expect.arrayContaining([
        'runs privileged',
        'writes the whole disk of its node',
        'sees the processes of its node',
      ]),
    );
    expect(escapes('docker-bench-security', 'DaemonSet')).toEqual(
      expect.arrayContaining(['runs privileged', 'mounts the container runtime socket']),
    );
    expect(escapes('cache-store-deployment')).toEqual([]);
    expect(escapes('kubernetes-goat-home-deployment')).toEqual([]);
  });

  it('exposure: the node port of internal-proxy', () => {
    const entries = graph.edges.filter(({ from, kind }) => from === nodeId.network('default') && kind === 'entry');
    expect(entries.map(({ phrase }) => phrase)).toContain(
      'through node port 30003 of service internal-proxy-info-app-service',
    );
  });

  it('RBAC: hunger-check reads the secrets of its namespace, superadmin is the cluster', () => {
    const onward = reached(graph, workload('hunger-check-deployment', 'big-monolith'));
    expect(onward).toContain(nodeId.secret('default', 'big-monolith', 'vaultapikey'));
    const secrets = graph.edges.filter(
      ({ from, to }) => from === 'identity:default/big-monolith/big-monolith-sa' && to.startsWith('hub:secrets/'),
    );
    expect(secrets.map(({ to }) => to)).toEqual([nodeId.all('secrets', 'default', 'big-monolith')]);
    expect(
      graph.edges.filter(
        ({ from, to }) => from === 'identity:default/kube-system/superadmin' && to === nodeId.controlPlane('default'),
      ),
    ).toHaveLength(1);
  });

  it('no NetworkPolicy: cache-store is reached from other namespaces', () => {
    expect(reached(graph, workload('internal-proxy-deployment'))).toContain(
      workload('cache-store-deployment', 'secure-middleware'),
    );
  });

  it('the registry asks for no password', () => {
    const causes = graph.edges
      .filter(({ to }) => to === workload('poor-registry-deployment'))
      .flatMap((each) => each.causes);
    expect(causes.map(({ reason }) => reason.split(':')[0])).toContain('is an image registry without authentication');
  });
});

describe.skipIf(!existsSync(ESTATES))('microservices-demo (skipped without ../shared/estates)', () => {
  const release = existsSync(ESTATES) ? read(['microservices-demo/release/kubernetes-manifests.yaml']) : [];
  const policies = existsSync(ESTATES)
    ? read(['microservices-demo/kustomize/components/network-policies/network-policy-*.yaml'])
    : [];
  const probability = (objects: ManifestObject[], name: string) =>
    simulate(graphOf(objects), { worlds: 20_000 }).probabilityOf(workload(name));

  it('the Internet comes in through the load balancer of frontend, and nowhere else', () => {
    const entries = graphOf(release).edges.filter(({ from, to }) => from === 'internet' && to.startsWith('hub:door/'));
    expect(entries.map(({ phrase, to }) => [phrase, to])).toEqual([
      ['through load balancer frontend-external', nodeId.door('default/default/Deployment/frontend', 'server')],
    ]);
  });

  it('closing it makes frontend fall more rarely, and its policies keep Redis to cartservice', () => {
    const closed = release.filter(({ name }) => name !== 'frontend-external');
    expect(probability(closed, 'frontend')).toBeLessThan(probability(release, 'frontend') / 2);
    expect(probability([...release, ...policies], 'redis-cart')).toBeLessThan(probability(release, 'redis-cart') / 2);
    const doors = graphOf([...release, ...policies]).edges.filter(
      ({ to }) => to === nodeId.door('default/default/Deployment/redis-cart', 'redis'),
    );
    expect(doors.map(({ from }) => from)).toEqual([workload('cartservice')]);
  });
});
