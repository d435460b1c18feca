import type { ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { indexLive } from './live-index.ts';
import { liveObject, ownedBy, template } from './live-object.fixture.ts';
import { sprawlOf } from './sprawl.ts';

const now = '2026-06-01T00:00:00Z';
const cart = liveObject('Deployment', 'cart', { spec: { replicas: 1, template: template('cart') } });

function sprawl(objects: ManifestObject[], unread: { cluster: string; name: string }[] = []) {
  const { items, undecided } = sprawlOf(indexLive([cart, ...objects]), { now, unread });
  return { found: items.map(({ kind, object }) => `${kind} ${object.kind}/${object.name}`).sort(), items, undecided };
}

describe('sprawl', () => {
  it.each<[found: string, object: ManifestObject]>([
    ['orphaned-workload Pod/x', liveObject('Pod', 'x', template('x'))],
    [
      'orphaned-workload Pod/x',
      liveObject('Pod', 'x', { ...template('x'), metadata: ownedBy(liveObject('ReplicaSet', 'gone')) }),
    ],
    ['idle-workload Deployment/x', liveObject('Deployment', 'x', { spec: { replicas: 0, template: template('x') } })],
    [
      'finished-workload Job/x',
      liveObject('Job', 'x', { spec: { template: template('x') }, status: { completionTime: '2026-05-01T00:00:00Z' } }),
    ],
    ['dead-service Service/x', liveObject('Service', 'x', { spec: { selector: { app: 'gone' } } })],
    ['dead-service Service/x', liveObject('Service', 'x', { spec: {} })],
    ['dead-ingress Ingress/x', liveObject('Ingress', 'x', { spec: { defaultBackend: { service: { name: 'gone' } } } })],
    [
      'dead-policy NetworkPolicy/x',
      liveObject('NetworkPolicy', 'x', { spec: { podSelector: { matchLabels: { app: 'gone' } } } }),
    ],
    [
      'dead-policy PodDisruptionBudget/x',
      liveObject('PodDisruptionBudget', 'x', { spec: { selector: { matchLabels: { app: 'gone' } } } }),
    ],
    [
      'dead-binding RoleBinding/x',
      liveObject('RoleBinding', 'x', { roleRef: { kind: 'Role', name: 'gone' }, subjects: [] }),
    ],
    [
      'dead-autoscaler HorizontalPodAutoscaler/x',
      liveObject('HorizontalPodAutoscaler', 'x', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'gone' } } }),
    ],
    ['unused-config-map ConfigMap/x', liveObject('ConfigMap', 'x')],
    ['unused-secret Secret/x', liveObject('Secret', 'x')],
    ['unused-service-account ServiceAccount/x', liveObject('ServiceAccount', 'x')],
    ['unused-claim PersistentVolumeClaim/x', liveObject('PersistentVolumeClaim', 'x')],
    ['unused-volume PersistentVolume/x', liveObject('PersistentVolume', 'x', { status: { phase: 'Released' } }, '')],
    [
      'unused-image Node/x',
      liveObject('Node', 'x', { status: { images: [{ names: ['old:1'], sizeBytes: 5e8 }] } }, ''),
    ],
    ['end-of-life Node/x', liveObject('Node', 'x', { status: { nodeInfo: { osImage: 'Ubuntu 18.04.6 LTS' } } }, '')],
  ])('has %s', (found, object) => {
    expect(sprawl([object]).found).toEqual([found]);
  });

  it.each<[what: string, ...objects: ManifestObject[]]>([
    [
      'a service that a workload without pods answers',
      liveObject('Service', 'x', { spec: { selector: { app: 'cart' } } }),
    ],
    ['a policy that selects all pods', liveObject('NetworkPolicy', 'x', { spec: { podSelector: {} } })],
    ['a pod whose controller is in view', liveObject('Pod', 'x', { ...template('x'), metadata: ownedBy(cart) })],
    [
      'a pod of its node',
      liveObject('Pod', 'x', { ...template('x'), metadata: { annotations: { 'kubernetes.io/config.mirror': 'y' } } }),
    ],
    [
      'what a custom resource names',
      liveObject('Secret', 'x'),
      liveObject('Widget', 'w', { spec: { credentials: { ref: 'x' } } }),
    ],
    [
      'what the system has for itself',
      liveObject('ConfigMap', 'x', {}, 'kube-system'),
      liveObject('ConfigMap', 'kube-root-ca.crt'),
    ],
    [
      'a claim that a pod mounts',
      liveObject('PersistentVolumeClaim', 'x'),
      liveObject('Deployment', 'db', {
        spec: { template: template('db', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'x' } }] }) },
      }),
    ],
    ['a service elsewhere', liveObject('Service', 'x', { spec: { type: 'ExternalName' } })],
  ])('has not %s', (_, ...objects) => {
    expect(sprawl(objects).found).toEqual([]);
  });

  it('decides nothing where a kind that it hangs on could not be read', () => {
    const unread = [{ cluster: 'east', name: 'pods' }];
    const { found, undecided } = sprawl([liveObject('ConfigMap', 'x'), liveObject('Secret', 'y')], unread);
    expect(found).toEqual([]);
    expect(undecided.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['unused-config-map', 'unused-secret', 'dead-service']),
    );
  });
});
