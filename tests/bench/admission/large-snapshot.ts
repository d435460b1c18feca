import type { Snapshot } from '@breakwater/app/admission';
import type { JsonObject } from '@breakwater/model';

const NAMESPACES = 200;
const APPS = 8_000;
const IMAGES = 3_000;

/** What admission knows of a large cluster: half of the objects are pods, as in a real one. About 750 bytes each. */
export function largeSnapshot(objects: number, time: string): Snapshot {
  const namespaces = Array.from({ length: NAMESPACES }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: `ns-${index}`, labels: { stage: index % 2 === 0 ? 'test' : 'production' } },
  }));
  return {
    format: 1,
    time,
    cluster: 'large',
    ...{ policies: [], foreign: [], exceptions: [], settings: [], faults: [], packs: [] },
    kubernetesVersion: 'latest',
    objects: [...namespaces, ...Array.from({ length: objects - NAMESPACES }, (_, index) => objectAt(index))],
    complete: true,
    unread: [],
    images: Array.from({ length: IMAGES }, (_, index) => ({
      id: `sha256:${String(index).padStart(64, '0')}`,
      references: [`registry.example/shop/app-${index}:1.2.3`],
      digests: [`sha256:${String(index).padStart(64, 'a')}`],
      results: [],
    })),
    exposures: {},
  };
}

function objectAt(index: number): JsonObject {
  const app = `app-${index % APPS}`;
  const namespace = `ns-${index % NAMESPACES}`;
  const metadata = {
    name: `${app}-${index}`,
    namespace,
    labels: { app, team: `team-${index % 40}`, 'app.kubernetes.io/part-of': 'shop' },
    uid: `0b9c4b1e-0000-4000-8000-${String(index).padStart(12, '0')}`,
  };
  const of = (apiVersion: string, kind: string, more: JsonObject): JsonObject => ({
    apiVersion,
    kind,
    metadata,
    ...more,
  });
  switch (index % 8) {
    case 4:
      return of('apps/v1', 'Deployment', {
        spec: { selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec: podSpec(app) } },
      });
    case 5:
      return of('v1', 'Service', { spec: { selector: { app }, ports: [{ port: 80 }], type: 'ClusterIP' } });
    case 6:
      return of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'ServiceAccount', name: app, namespace }],
      });
    case 7:
      return of('v1', 'ConfigMap', { data: { text: 'x'.repeat(200) } });
    default:
      return of('v1', 'Pod', { spec: podSpec(app) });
  }
}

const podSpec = (app: string): JsonObject => ({
  containers: [
    {
      name: 'web',
      image: `registry.example/shop/${app}:1.2.3`,
      ports: [{ containerPort: 8080 }],
      env: [
        { name: 'STAGE', value: 'production' },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      ],
      resources: { limits: { memory: '128Mi', cpu: '1' }, requests: { memory: '64Mi' } },
      securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
  ],
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  serviceAccountName: app,
});
