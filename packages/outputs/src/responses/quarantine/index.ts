import { z } from 'zod';
import { Anything, askFor, clusterOf, JSON_PATCH, Metadata, ObjectName } from '../kubernetes/ask-cluster.ts';
import { defineResponse } from '../response.ts';
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
  schema: Config,
  async plan({ namespace, pod: name }, ports) {
    const cluster = clusterOf(ports);
    const { metadata } = await askFor(cluster, Pod, 'GET', podPath(namespace, name));
    const open = await policiesThatStay(cluster, namespace, { [LABEL]: metadata.uid });
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    return {
      target: { kind: 'pod', cluster: cluster.name, namespace, name, labels: metadata.labels },
      steps: [
        `Make NetworkPolicy ${namespace}/${policyName(metadata.uid)}, which allows ${LABEL}=${metadata.uid} nothing.`,
        `Take the ${Object.keys(metadata.labels).length} labels of pod ${namespace}/${name} from it, and give it that one.`,
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
    await askFor(cluster, Anything, 'POST', policiesPath(namespace), denyAll(policy, namespace, uid));
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/metadata/labels', value: { [LABEL]: uid } },
    ];
    try {
      await askFor(cluster, Anything, 'PATCH', podPath(namespace, name), patch, JSON_PATCH);
    } catch (error) {
      await cluster.ask('DELETE', policiesPath(namespace, policy));
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
    const answer = await cluster.ask('PATCH', podPath(namespace, pod), patch, JSON_PATCH);
    await askFor(cluster, Anything, 'DELETE', policiesPath(namespace, policy));
    const isThere = answer.status >= 200 && answer.status < 300;
    return [
      isThere
        ? `Gave pod ${namespace}/${pod} its labels back: a controller that made another takes one away.`
        : `Pod ${namespace}/${pod} is gone.`,
      `Removed NetworkPolicy ${namespace}/${policy}.`,
    ];
  },
});

const policyName = (uid: string): string => `breakwater-quarantine-${uid.slice(0, 8)}`;

const spellOpen = ({ name, directions }: OpenPolicy): string =>
  `Stays open: NetworkPolicy ${name} selects it all the same and allows ${directions.join(' and ')}.`;

const denyAll = (name: string, namespace: string, uid: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'breakwater' } },
  spec: { podSelector: { matchLabels: { [LABEL]: uid } }, policyTypes: ['Ingress', 'Egress'] },
});
