import { ManifestObject, Unknown } from '@breakwater/model';
import { driftOf } from '../../../packages/app/src/clusters/drift.ts';
import { answersOf } from '../../../packages/app/src/clusters/index.ts';
import { indexLive } from '../../../packages/app/src/clusters/live-index.ts';
import { ClusterError } from '../../../packages/sources/src/clusters/index.ts';
import { takeObject } from '../../../packages/sources/src/clusters/take-object.ts';
import { parseEvent } from '../../../packages/sources/src/clusters/watch-event.ts';
import type { FuzzTarget } from '../target.ts';

const KIND = { version: 'v1', namespaced: true, verbs: ['list'], content: 'whole' as const };

const metadata = (name: string, more: object = {}) => ({
  name,
  namespace: 'shop',
  uid: name,
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { app: 'cart' },
  managedFields: [
    {
      manager: 'kubectl-edit',
      operation: 'Update',
      time: '2026-01-02T00:00:00Z',
      fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"cart"}': { 'f:image': {} } } } },
    },
  ],
  ...more,
});

const podSpec = {
  serviceAccountName: 'cart',
  volumes: [
    { name: 'v', configMap: { name: 'settings' } },
    { name: 'p', projected: { sources: [{ secret: { name: 's' } }] } },
  ],
  containers: [
    {
      name: 'cart',
      image: 'cart:1',
      ports: [{ containerPort: 80 }],
      env: [{ name: 'PASSWORD', value: 'x' }],
      resources: { limits: { cpu: '500m' } },
    },
  ],
};

/** Objects as an API server sends them, by kind. */
const OBJECTS: Record<string, { group: string; resource: string; object: object }> = {
  Pod: {
    group: '',
    resource: 'pods',
    object: {
      metadata: metadata('cart-1', {
        ownerReferences: [{ kind: 'ReplicaSet', name: 'cart', uid: 'cart', controller: true }],
      }),
      spec: podSpec,
      status: {
        phase: 'Running',
        startTime: '2026-01-01T00:00:00Z',
        containerStatuses: [{ name: 'cart', imageID: `cart@sha256:${'1'.repeat(64)}` }],
      },
    },
  },
  Deployment: {
    group: 'apps',
    resource: 'deployments',
    object: {
      metadata: metadata('cart'),
      spec: { replicas: 0, selector: {}, template: { metadata: { labels: { app: 'cart' } }, spec: podSpec } },
    },
  },
  Service: {
    group: '',
    resource: 'services',
    object: { metadata: metadata('cart'), spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } },
  },
  NetworkPolicy: {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    object: {
      metadata: metadata('p'),
      spec: { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] } },
    },
  },
  RoleBinding: {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    object: {
      metadata: metadata('b'),
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'x' }],
    },
  },
  Node: {
    group: '',
    resource: 'nodes',
    object: {
      metadata: metadata('n'),
      status: { nodeInfo: { osImage: 'Ubuntu 18.04.6 LTS' }, images: [{ names: ['a:1'], sizeBytes: 5e8 }] },
    },
  },
  ConfigMap: { group: '', resource: 'configmaps', object: { metadata: metadata('settings'), data: { a: 'b' } } },
  Job: {
    group: 'batch',
    resource: 'jobs',
    object: {
      metadata: metadata('j'),
      spec: { template: { spec: podSpec } },
      status: { completionTime: '2025-01-01T00:00:00Z' },
    },
  },
};

/** What API servers send, and all that is concluded from it. */
export const clusterTargets: FuzzTarget[] = [
  {
    name: 'cluster-event',
    seeds: () =>
      Object.entries(OBJECTS).map(([kind, { object }]) => ({
        label: kind,
        bytes: Buffer.from(JSON.stringify({ type: 'ADDED', object })),
      })),
    async parse({ label, bytes }) {
      const known = OBJECTS[label];
      if (known === undefined) return;
      const kind = { ...KIND, kind: label, group: known.group, resource: known.resource };
      let sent: unknown;
      try {
        sent = parseEvent(Buffer.from(bytes).toString('utf8')).object;
      } catch (error) {
        if (error instanceof ClusterError) return;
        throw error;
      }
      const taken = takeObject(sent, kind, 'east');
      if (!('object' in taken)) {
        Unknown.parse(taken);
        return;
      }
      ManifestObject.parse(taken.object);
      const reading = { objects: [taken.object], clusters: [], unknowns: taken.unknowns };
      const answers = answersOf(reading);
      answers.why();
      await answers.sprawl('2026-06-01T00:00:00Z');
      const git = { ...taken.object, live: undefined, object: known.object as ManifestObject['object'] };
      driftOf({ git: [git], live: indexLive(reading.objects), clusters: ['east'], unread: new Map() });
    },
    perKib: 12,
  },
];
