import type { JsonObject } from '@breakwater/model';
import { readReview } from './admission-request.ts';
import { admit } from './admit.ts';
import type { AdmissionBasis } from './basis.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

/** Enough for the first real request to find everything compiled, and much of it made fast. */
const ROUNDS = 20;

/**
 * Judges what is most often asked for before anybody asks: expressions are compiled when they are first used, and that
 * would be the first request after a restart. Nothing comes of it.
 */
export function warmUp(basis: AdmissionBasis, now: string): void {
  const requests = SAMPLES.map(readReview).flatMap((request) => ('fault' in request ? [] : [request]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const request of requests) admit(request, basis, DEFAULT_SETTINGS, now);
  }
}

const POD: JsonObject = {
  containers: [
    {
      name: 'sample',
      image: 'sample:1',
      env: [{ name: 'SAMPLE', value: 'value' }],
      ports: [{ containerPort: 8080 }],
      resources: { limits: { memory: '64Mi' } },
      securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } },
      volumeMounts: [{ name: 'sample', mountPath: '/sample' }],
    },
  ],
  volumes: [{ name: 'sample', hostPath: { path: '/sample' } }],
};

const sample = (apiVersion: string, kind: string, resource: string, spec: JsonObject): string => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'warm-up',
      kind: { group, version, kind },
      resource: { group, version, resource },
      namespace: 'sample',
      name: 'sample',
      operation: 'CREATE',
      userInfo: { username: 'sample', groups: [] },
      object: { apiVersion, kind, metadata: { name: 'sample', namespace: 'sample', labels: { app: 'sample' } }, spec },
      dryRun: true,
    },
  });
};

const SAMPLES = [
  sample('v1', 'Pod', 'pods', POD),
  sample('apps/v1', 'Deployment', 'deployments', { replicas: 1, template: { spec: POD } }),
  sample('v1', 'Service', 'services', { type: 'NodePort', ports: [{ port: 80 }], selector: { app: 'sample' } }),
];
