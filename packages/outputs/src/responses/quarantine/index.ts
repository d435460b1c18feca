import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { Anything, answered, askFor, clusterOf, JSON_PATCH, Metadata, ObjectName } from '../kubernetes/ask-cluster.ts';
import { type ClusterApi, defineResponse } from '../response.ts';
import { type OpenPolicy, policiesThatStay } from './policies-that-stay.ts';

const Config = z.strictObject({ namespace: ObjectName, pod: ObjectName });
const Pod = z.object({ metadata: Metadata });
const State = z.object({ uid: z.string(), resourceVersion: z.string() });
const Undo = z.object({
  namespace: z.string(),
  pod: z.string(),
  uid: z.string(),
  policy: z.string(),
  labels: z.record(z.string(), z.string()),
});

/** The only label of a pod in quarantine; its value is the pod's own uid, so that a policy holds one pod. */
const LABEL = 'breakwater.io/quarantine';

const podPath = (namespace: string, pod: string): string => `/api/v1/namespaces/${namespace}/pods/${pod}`;
const policiesPath = (namespace: string, name = ''): string =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies${name === '' ? '' : `/${name}`}`;

/**
 * Cuts a pod off and keeps it for a look. NetworkPolicies only add to each other, so a policy alone closes nothing that
 * another opens: its labels are taken from it as well, and with them whatever selects it, Services and its controller too.
 */
export const quarantine = defineResponse({
  name: 'quarantine',
  summary: 'Cuts a pod off by a NetworkPolicy and out of its Services, and keeps it for a look',
  destructive: false,
  contains: true,
  schema: Config,
  async plan({ namespace, pod: name }, ports) {
    const cluster = clusterOf(ports);
    const { metadata } = await askFor(cluster, Pod, 'GET', podPath(namespace, name));
    if (metadata.labels[LABEL] === metadata.uid) {
      throw new UserError(`Pod ${namespace}/${name} is in quarantine already.`, {
        code: 'nothing-to-do',
        hint: '`breakwater respond list` names the response that takes it back.',
      });
    }
    const open = await policiesThatStay(cluster, namespace, { [LABEL]: metadata.uid });
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    return {
      target: {
        ...{ kind: 'pod', cluster: cluster.name, namespace, name, labels: metadata.labels },
        ...(metadata.creationTimestamp !== undefined && { since: metadata.creationTimestamp }),
      },
      steps: [
        `Make NetworkPolicy ${namespace}/${policyName(metadata.uid)}, which allows ${LABEL}=${metadata.uid} nothing.`,
        `Take all labels of pod ${namespace}/${name} from it (${Object.keys(metadata.labels).length}), and give it that one.`,
      ],
      effects: [
        'No Service sends it anything any more.',
        owner === undefined
          ? 'It goes on running.'
          : `It goes on running; ${owner.kind} ${owner.name} makes another in its place.`,
        ...open.map(spellOpen),
        'It takes a network plugin that enforces NetworkPolicies; some let connections be that are open already.',
      ],
      reversible: true,
      state: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
    };
  },
  async execute({ namespace, pod: name }, { state }, ports) {
    const cluster = clusterOf(ports);
    const { uid } = State.parse(state);
    const { metadata } = await askFor(cluster, Pod, 'GET', podPath(namespace, name));
    const policy = policyName(uid);
    const isOurs = await makePolicy(cluster, namespace, policy, uid);
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/metadata/labels', value: { [LABEL]: uid } },
    ];
    try {
      await askFor(cluster, Anything, 'PATCH', podPath(namespace, name), patch, JSON_PATCH);
    } catch (error) {
      if (isOurs) await cluster.ask('DELETE', policiesPath(namespace, policy)).catch(() => undefined);
      throw error;
    }
    return {
      done: [`Made NetworkPolicy ${namespace}/${policy}.`, `Took the labels of pod ${namespace}/${name} from it.`],
      undo: { namespace, pod: name, uid, policy, labels: metadata.labels },
    };
  },
  async undo(state, ports) {
    const cluster = clusterOf(ports);
    const { namespace, pod, uid, policy, labels } = Undo.parse(state);
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/metadata/labels', value: labels },
    ];
    const isThere = await tookEffect(cluster, GONE, 'PATCH', podPath(namespace, pod), patch, JSON_PATCH);
    const wasThere = await tookEffect(cluster, MISSING, 'DELETE', policiesPath(namespace, policy));
    return [
      isThere
        ? `Gave pod ${namespace}/${pod} its labels back: a controller that made another takes one away.`
        : `Pod ${namespace}/${pod} is gone.`,
      wasThere
        ? `Removed NetworkPolicy ${namespace}/${policy}.`
        : `NetworkPolicy ${namespace}/${policy} was gone already.`,
    ];
  },
});

/** Codes of a pod that is not there any more: none of its name, or a later one (the test of its uid fails). */
const GONE: ReadonlySet<string> = new Set(['target-missing', 'target-changed']);
const MISSING: ReadonlySet<string> = new Set(['target-missing']);

/** Whether there was still something to change; what is refused for any other reason is thrown. */
async function tookEffect(
  cluster: ClusterApi,
  none: ReadonlySet<string>,
  ...asked: [method: string, path: string, body?: object, contentType?: string]
): Promise<boolean> {
  try {
    await askFor(cluster, Anything, ...asked);
    return true;
  } catch (error) {
    if (error instanceof UserError && none.has(error.code)) return false;
    throw error;
  }
}

const Kept = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
        policyTypes: z.array(z.string()),
        ingress: z.array(z.unknown()).default([]),
        egress: z.array(z.unknown()).default([]),
      }),
    }),
  ),
});

/** Makes the policy, or takes the one that a quarantine left which broke off; says whether it is new. */
async function makePolicy(cluster: ClusterApi, namespace: string, name: string, uid: string): Promise<boolean> {
  const { status, body } = await cluster.ask('POST', policiesPath(namespace), denyAll(name, namespace, uid));
  if (status !== 409) {
    answered(cluster, Anything, { status, body });
    return true;
  }
  const path = `${policiesPath(namespace)}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
  const { items } = await askFor(cluster, Kept, 'GET', path);
  const isOurs = items.every(
    ({ spec: { podSelector, policyTypes, ingress, egress } }) =>
      ingress.length + egress.length === 0 && policyTypes.length === 2 && podSelector.matchLabels[LABEL] === uid,
  );
  if (items.length === 0 || !isOurs) {
    throw new UserError(`NetworkPolicy ${namespace}/${name} is there already, and is not ours.`, {
      code: 'target-changed',
    });
  }
  return false;
}

const policyName = (uid: string): string => `breakwater-quarantine-${uid.slice(0, 8)}`;

const spellOpen = ({ name, directions }: OpenPolicy): string =>
  `Stays open: NetworkPolicy ${name} selects it all the same and allows ${directions.join(' and ')}.`;

const denyAll = (name: string, namespace: string, uid: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'breakwater' } },
  spec: { podSelector: { matchLabels: { [LABEL]: uid } }, policyTypes: ['Ingress', 'Egress'] },
});
