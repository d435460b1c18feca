import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { Anything, askFor, clusterOf, JSON_PATCH, Metadata, ObjectName } from '../kubernetes/ask-cluster.ts';
import { defineResponse } from '../response.ts';

/** Kinds that have replicas, and a CronJob, which is suspended instead. */
const KINDS = {
  Deployment: { group: 'apps', resource: 'deployments', field: 'replicas' },
  StatefulSet: { group: 'apps', resource: 'statefulsets', field: 'replicas' },
  ReplicaSet: { group: 'apps', resource: 'replicasets', field: 'replicas' },
  CronJob: { group: 'batch', resource: 'cronjobs', field: 'suspend' },
} as const;

const Config = z.strictObject({
  namespace: ObjectName,
  kind: z.enum(['Deployment', 'StatefulSet', 'ReplicaSet', 'CronJob']),
  name: ObjectName,
});
const Workload = z.object({
  metadata: Metadata,
  spec: z.object({ replicas: z.number().int().default(1), suspend: z.boolean().default(false) }),
});
const State = z.object({
  path: z.string(),
  uid: z.string(),
  field: z.enum(['replicas', 'suspend']),
  before: z.union([z.number(), z.boolean()]),
});

/** Ends all pods of a workload, and lets it make no more. */
export const scaleToZero = defineResponse({
  name: 'scale-to-zero',
  summary: 'Scales a Deployment, StatefulSet or ReplicaSet to zero; suspends a CronJob',
  destructive: true,
  contains: true,
  schema: Config,
  async plan({ namespace, kind, name }, ports) {
    const cluster = clusterOf(ports);
    const { group, resource, field } = KINDS[kind];
    const path = `/apis/${group}/v1/namespaces/${namespace}/${resource}/${name}`;
    const { metadata, spec } = await askFor(cluster, Workload, 'GET', path);
    const before = spec[field];
    if (before === 0 || before === true) {
      throw new UserError(`${kind} ${namespace}/${name} makes no pods already.`, { code: 'nothing-to-do' });
    }
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    return {
      target: { kind: 'workload', cluster: cluster.name, namespace, name: `${kind}/${name}`, labels: metadata.labels },
      steps: [
        field === 'replicas'
          ? `Scale ${kind} ${namespace}/${name} from ${before} to 0.`
          : `Suspend CronJob ${namespace}/${name}.`,
      ],
      effects: [
        field === 'replicas'
          ? 'All its pods end: whatever it serves is down until this is undone. An autoscaler leaves it at 0.'
          : 'Jobs that run already go on: delete their pods.',
        ...(owner === undefined
          ? []
          : [`${owner.kind} ${owner.name} owns it and will change it back: name that instead.`]),
        'What deploys it (GitOps) may set it back.',
      ],
      reversible: true,
      state: { path, uid: metadata.uid, field, before },
    };
  },
  async execute({ namespace, kind, name }, { state }, ports) {
    const parsed = State.parse(state);
    const { path, uid, field, before } = parsed;
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      ...(field === 'replicas' ? [{ op: 'test', path: '/spec/replicas', value: before }] : []),
      { op: 'add', path: `/spec/${field}`, value: field === 'replicas' ? 0 : true },
    ];
    await askFor(clusterOf(ports), Anything, 'PATCH', path, patch, JSON_PATCH);
    return { done: [`${kind} ${namespace}/${name} makes no pods any more.`], undo: parsed };
  },
  async undo(state, ports) {
    const { path, uid, field, before } = State.parse(state);
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: `/spec/${field}`, value: before },
    ];
    await askFor(clusterOf(ports), Anything, 'PATCH', path, patch, JSON_PATCH);
    return [field === 'replicas' ? `Scaled it back to ${before}.` : 'It is no longer suspended.'];
  },
});
