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
    })
    .map(({ kind, namespace, spec, labels: written, annotations: wanted }) => {
      const notes = agreeing(wanted, spec);
      const template = { metadata: { labels: { app: 'app', ...written }, annotations: notes }, spec };
      const { apiVersion, ...rest } = AROUND[kind]?.(template, spec) ?? {};
      const own = kind === 'Pod' ? { annotations: notes } : {};
      return { apiVersion, kind, metadata: { namespace, labels: written, ...own }, ...rest } as JsonObject;
    });
