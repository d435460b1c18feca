import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { podSpec } from './pod-specs.ts';

const annotations = fc.constantFrom<Record<string, string>>(
  {},
  {},
  { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
  { 'container.apparmor.security.beta.kubernetes.io/main-0': 'runtime/default' },
  { 'container.apparmor.security.beta.kubernetes.io/main-0': 'unconfined' },
  { team: 'a' },
);

const labels = fc.constantFrom<Record<string, string>>({}, { team: 'a' }, { team: 'b', tier: '' });

/** What controllers made, by each way of naming it: exceptions for a workload cover it by what made it. */
const owners = fc.constantFrom<{ kind: string; name: string; hash?: string; controller?: boolean } | undefined>(
  undefined,
  undefined,
  { kind: 'ReplicaSet', name: 'made-7d4b', hash: '7d4b', controller: true },
  { kind: 'ReplicaSet', name: 'made-7d4b', hash: '9f', controller: true },
  { kind: 'ReplicaSet', name: 'other-7d4b', hash: '7d4b', controller: true },
  { kind: 'DaemonSet', name: 'made', controller: true },
  { kind: 'DaemonSet', name: 'made', controller: false },
  { kind: 'DaemonSet', name: 'made' },
  { kind: 'Job', name: 'made-29012345', controller: true },
  { kind: 'Job', name: 'made-2901234', controller: true },
);

const selector = { matchLabels: { app: 'app' } };

/** Notes on profiles say what the first container says, or stand alone: an API server refuses contradictions. */
function agreeing(notes: Record<string, string>, spec: JsonObject): Record<string, string> {
  const saysItself = JSON.stringify(spec).includes('Profile');
  return saysItself && Object.keys(notes).some((name) => name.includes('/')) ? {} : notes;
}

/** What stands around a pod spec, for each kind that makes pods. */
const AROUND: Record<string, (template: JsonObject, spec: JsonObject) => JsonObject> = {
  Pod: (_, spec) => ({ apiVersion: 'v1', spec }),
  PodTemplate: (template) => ({ apiVersion: 'v1', template }),
  ReplicationController: (template) => ({ apiVersion: 'v1', spec: { selector: { app: 'app' }, template } }),
  Deployment: (template) => ({ apiVersion: 'apps/v1', spec: { selector, template } }),
  StatefulSet: (template) => ({ apiVersion: 'apps/v1', spec: { selector, serviceName: 'app', template } }),
  DaemonSet: (template) => ({ apiVersion: 'apps/v1', spec: { selector, template } }),
  ReplicaSet: (template) => ({ apiVersion: 'apps/v1', spec: { selector, template } }),
  Job: (template) => ({ apiVersion: 'batch/v1', spec: { template: withRestart(template) } }),
  CronJob: (template) => ({
    apiVersion: 'batch/v1',
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: withRestart(template) } } },
  }),
};

const withRestart = (template: JsonObject): JsonObject => ({
  ...template,
  spec: { ...(template['spec'] as JsonObject), restartPolicy: 'Never' },
});

/** Objects of every kind that makes pods, in one of the namespaces. */
export const workload = (namespaces: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      kind: fc.constantFrom(...Object.keys(AROUND)),
      namespace: fc.constantFrom(...namespaces),
      spec: podSpec,
      labels,
      annotations,
      owner: owners,
    })
    .map(({ kind, namespace, spec, labels: plain, annotations: wanted, owner }) => {
      const { hash, ...reference } = owner ?? {};
      const written = hash === undefined ? plain : { ...plain, 'pod-template-hash': hash };
      const notes = agreeing(wanted, spec);
      const template = { metadata: { labels: { app: 'app', ...written }, annotations: notes }, spec };
      const { apiVersion, ...rest } = AROUND[kind]?.(template, spec) ?? {};
      const own = kind === 'Pod' ? { annotations: notes } : {};
      const owned = owner && { ownerReferences: [{ apiVersion: 'apps/v1', uid: '1', ...reference }] };
      return { apiVersion, kind, metadata: { namespace, labels: written, ...own, ...owned }, ...rest } as JsonObject;
    });
