import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { estate } from '../estate.fixture.ts';
import { type Leak, leakOf } from './index.ts';

const ESTATES = '../shared/estates';
const clusterScoped = /^(Namespace|ClusterRole|ClusterRoleBinding|PersistentVolume|CustomResourceDefinition)$/;

function read(pattern: string, namespace = 'default'): ManifestObject[] {
  return globSync(pattern, { cwd: ESTATES }).flatMap((source) => {
    const documents = parseAllDocuments(readFileSync(join(ESTATES, source), 'utf8'), { logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
    return documents.flatMap((document, index): ManifestObject[] => {
      const object = document.toJS() as JsonObject | null;
      const { apiVersion, kind, metadata } = object ?? {};
      if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
      const { name = '', namespace: own = namespace } = (metadata ?? {}) as { name?: string; namespace?: string };
      const place = { source, document: index };
      const inside = clusterScoped.test(kind) ? '' : own;
      return [{ apiVersion, kind, name, namespace: inside, cluster: 'default', object: object!, place }];
    });
  });
}

function leak(objects: ManifestObject[], account: string): Leak {
  const [namespace = '', name = ''] = account.split('/');
  return leakOf(estate(objects), [{ kind: 'ServiceAccount', namespace, name, groups: [] }]);
}

const certain = ({ reached }: Leak): string[] =>
  reached.filter(({ probability, kind }) => probability >= 0.9 && kind !== 'identity').map(({ label }) => label);

describe.skipIf(!existsSync(ESTATES))('accounts of known estates (skipped without ../shared/estates)', () => {
  const goat = existsSync(ESTATES) ? read('kubernetes-goat/scenarios/**/*.yaml') : [];

  it('kubernetes-goat: superadmin is the cluster, and its binding is what to cut', () => {
    const found = leak(goat, 'kube-system/superadmin');
    expect(found.controlPlane).toBe(1);
    expect(found.cuts.map(({ proposal }) => proposal.change.title)).toEqual([
      'Take service account kube-system/superadmin out of ClusterRoleBinding superadmin',
    ]);
  });

  it('kubernetes-goat: the account of hunger-check reads the secrets of its namespace', () => {
    const found = leak(goat, 'big-monolith/big-monolith-sa');
    expect(certain(found)).toContain('secret big-monolith/vaultapikey');
    expect(found.cuts.at(-1)!.lossRemovedTogether).toBeGreaterThan(0.95 * found.loss);
  });

  it('kubernetes-goat: an account that nobody binds reaches nothing', () => {
    expect(leak(goat, 'default/default')).toMatchObject({ loss: 0, cuts: [] });
  });

  it('Argo CD: its server is the cluster, its Redis is not', () => {
    const objects = read('argo-cd/manifests/install.yaml', 'argocd');
    if (objects.length === 0) return;
    expect(leak(objects, 'argocd/argocd-server').controlPlane).toBeGreaterThan(0.9);
    expect(leak(objects, 'argocd/argocd-redis').controlPlane).toBe(0);
  });

  it('kube-prometheus: Prometheus reads, and its operator is the cluster', () => {
    const objects = read('kube-prometheus/manifests/*.yaml', 'monitoring');
    expect(certain(leak(objects, 'monitoring/prometheus-operator'))).toContain('control plane of default');
    expect(leak(objects, 'monitoring/node-exporter').controlPlane).toBe(0);
  });
});
