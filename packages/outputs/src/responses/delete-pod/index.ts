import { Json, UserError } from '@breakwater/model';
import { z } from 'zod';
import { Anything, askFor, clusterOf, Metadata, ObjectName } from '../kubernetes/ask-cluster.ts';
import { defineResponse } from '../response.ts';

const Config = z.strictObject({
  namespace: ObjectName,
  pod: ObjectName,
  /** Seconds that it has to end; 0 is at once. */
  seconds: z.coerce.number().int().min(0).max(3600).default(30),
});
const Pod = z.looseObject({ metadata: Metadata, spec: z.record(z.string(), Json) });
const State = z.object({ uid: z.string() });
const Undo = z.object({ namespace: z.string(), pod: z.record(z.string(), Json) });

const pathOf = (namespace: string, pod = ''): string =>
  `/api/v1/namespaces/${namespace}/pods${pod === '' ? '' : `/${pod}`}`;

/** Deletes the very pod that was looked at: one of the same name that came after it stays. */
export const deletePod = defineResponse({
  name: 'delete-pod',
  summary: 'Deletes a pod; its controller makes another',
  destructive: true,
  contains: true,
  schema: Config,
  async plan({ namespace, pod: name, seconds }, ports) {
    const cluster = clusterOf(ports);
    const { metadata, spec } = await askFor(cluster, Pod, 'GET', pathOf(namespace, name));
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    if (owner?.kind === 'Node') {
      throw new UserError(`Pod ${namespace}/${name} is static: the kubelet of its node makes it again from a file.`, {
        code: 'static-pod',
      });
    }
    const node = typeof spec['nodeName'] === 'string' ? ` on node ${spec['nodeName']}` : '';
    return {
      target: {
        ...{ kind: 'pod', cluster: cluster.name, namespace, name, labels: metadata.labels },
        ...(metadata.creationTimestamp !== undefined && { since: metadata.creationTimestamp }),
      },
      steps: [`Delete pod ${namespace}/${name}${node}, with ${seconds} s to end.`],
      effects: [
        owner === undefined
          ? 'Nothing makes it again: undoing makes it anew from its description, without what it wrote.'
          : `${owner.kind} ${owner.name} makes another at once, of the same image: that has the same flaw.`,
        'What it wrote into its own file system and memory is gone: take a snapshot first.',
      ],
      reversible: owner === undefined,
      state: { uid: metadata.uid },
    };
  },
  async execute({ namespace, pod: name, seconds }, { state }, ports) {
    const cluster = clusterOf(ports);
    const { uid } = State.parse(state);
    const pod = await askFor(cluster, Pod, 'GET', pathOf(namespace, name));
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: seconds, preconditions: { uid } };
    await askFor(cluster, Anything, 'DELETE', pathOf(namespace, name), options);
    const isAlone = !pod.metadata.ownerReferences.some(({ controller }) => controller);
    return {
      done: [`Deleted pod ${namespace}/${name}.`],
      ...(isAlone ? { undo: { namespace, pod: asNew(pod) } } : {}),
    };
  },
  async undo(state, ports) {
    const { namespace, pod } = Undo.parse(state);
    await askFor(clusterOf(ports), Anything, 'POST', pathOf(namespace), pod);
    return ['Made the pod anew from its description.'];
  },
});

/** What was written by people: what the API server and the scheduler added would be refused. */
function asNew({ metadata, spec }: z.infer<typeof Pod>): { [key: string]: Json } {
  const { name, namespace = '', labels, annotations } = metadata;
  const { nodeName: _, ...rest } = spec;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels, annotations }, spec: rest };
}
