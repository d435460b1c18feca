import { loadPolicies } from '@breakwater/engine/policy';
import type { Exception, JsonObject, Operation, Policy } from '@breakwater/model';
import { readReview } from './admission-request.ts';
import { type Admission, admit } from './admit.ts';
import { type AdmissionBasis, openBasis } from './basis.ts';
import type { Lookups } from './lookups.ts';
import { type AdmissionSettings, DEFAULT_SETTINGS } from './settings.ts';
import { emptySnapshot } from './snapshot.fixture.ts';
import type { Snapshot } from './snapshot.ts';

export const NOW = '2026-01-02T12:00:00.000Z';
export const AUTHOR = 'alice';

export type Spec = Partial<Policy['spec']>;

export const policy = (name: string, spec: Spec): Policy => ({
  apiVersion: 'breakwater/v1',
  kind: 'Policy',
  metadata: { name },
  spec: {
    title: name,
    why: 'w',
    fix: 'f',
    severity: 'high',
    controls: {},
    phases: ['deploy'],
    match: {},
    enforcement: { deploy: 'block' },
    cases: [],
    ...spec,
  },
});

export const unprivileged = (spec: Spec = {}): Policy =>
  policy('no-privileged', {
    require: [{ each: 'containers', expr: '!c.privileged', message: "'container ' + c.name + ' is privileged'" }],
    ...spec,
  });

export function basisOf(
  policies: Policy[],
  { exceptions = [], snapshot }: { exceptions?: Exception[]; snapshot?: Partial<Snapshot> } = {},
): AdmissionBasis {
  const loaded = loadPolicies(policies.map((each) => ({ policy: each, place: { source: 'test.yaml' } })));
  if (loaded.unknowns.length > 0) throw new Error(loaded.unknowns[0]!.message);
  const known = snapshot && { ...emptySnapshot(NOW), ...snapshot };
  return openBasis(known, 'test', { policies: loaded.policies, exceptions, unknowns: [] });
}

export const pod = (privileged: boolean, metadata: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { containers: [{ name: 'web', image: 'nginx:1', securityContext: { privileged }, ...more }] },
});

export interface Asking {
  object?: JsonObject | null;
  oldObject?: JsonObject;
  operation?: Operation;
  user?: string;
  groups?: string[];
  namespace?: string;
  more?: JsonObject;
}

/** An AdmissionReview as an API server writes it. */
export function review({
  object = null,
  oldObject,
  operation = 'CREATE',
  user = AUTHOR,
  groups = [],
  ...rest
}: Asking): string {
  const subject = (object ?? oldObject ?? {}) as JsonObject;
  const metadata = (subject['metadata'] ?? {}) as JsonObject;
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'a-b-c',
      kind: { group: '', version: 'v1', kind: subject['kind'] ?? 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: metadata['name'] ?? 'web',
      namespace: rest.namespace ?? metadata['namespace'] ?? '',
      operation,
      userInfo: { username: user, groups },
      object,
      oldObject: oldObject ?? null,
      dryRun: false,
      options: null,
      ...rest.more,
    },
  });
}

export function ask(
  asking: Asking,
  basis: AdmissionBasis,
  settings: Partial<AdmissionSettings> = {},
  lookups?: Lookups,
): Admission {
  const request = readReview(review(asking));
  if ('fault' in request) throw new Error(request.fault);
  return admit(request, basis, { ...DEFAULT_SETTINGS, ...settings }, NOW, lookups);
}

export const exception = (
  scope: Exception['spec']['scope'],
  name = 'no-privileged',
  expires = '2026-12-31',
): Exception => ({
  apiVersion: 'breakwater/v1',
  kind: 'Exception',
  metadata: { name: 'why' },
  spec: { policies: [name], scope, owner: 'team', reason: 'because', expires, compensating: 'a watch is kept' },
});
