import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { Anything, askFor, clusterOf, JSON_PATCH, Metadata, ObjectName } from '../kubernetes/ask-cluster.ts';
import { defineResponse } from '../response.ts';

const Config = z.strictObject({ node: ObjectName });
const Node = z.object({
  metadata: Metadata,
  spec: z.object({ unschedulable: z.boolean().default(false) }).default({ unschedulable: false }),
});
const State = z.object({ node: z.string(), uid: z.string() });

const pathOf = (node: string): string => `/api/v1/nodes/${node}`;

const patchOf = (uid: string, value: boolean): object[] => [
  { op: 'test', path: '/metadata/uid', value: uid },
  { op: 'add', path: '/spec/unschedulable', value },
];

/** Keeps new pods from a node; what runs there stays. */
export const cordon = defineResponse({
  name: 'cordon',
  summary: 'Keeps new pods from a node; what runs there stays',
  destructive: false,
  contains: false,
  schema: Config,
  async plan({ node }, ports) {
    const cluster = clusterOf(ports);
    const { metadata, spec } = await askFor(cluster, Node, 'GET', pathOf(node));
    if (spec.unschedulable) throw new UserError(`Node ${node} takes no new pods already.`, { code: 'nothing-to-do' });
    return {
      target: { kind: 'node', cluster: cluster.name, name: node, labels: metadata.labels },
      steps: [`Mark node ${node} as unschedulable.`],
      effects: ['What runs there stays. Pods of DaemonSets, and those that tolerate it, still come.'],
      reversible: true,
      state: { node, uid: metadata.uid },
    };
  },
  async execute(_, { state }, ports) {
    const { node, uid } = State.parse(state);
    await askFor(clusterOf(ports), Anything, 'PATCH', pathOf(node), patchOf(uid, true), JSON_PATCH);
    return { done: [`Node ${node} takes no new pods.`], undo: { node, uid } };
  },
  async undo(state, ports) {
    const { node, uid } = State.parse(state);
    await askFor(clusterOf(ports), Anything, 'PATCH', pathOf(node), patchOf(uid, false), JSON_PATCH);
    return [`Node ${node} takes pods again.`];
  },
});
