import type { Json } from '@breakwater/model';
import { isJsonObject } from './live-index.ts';

/** What API servers write where a manifest says nothing, by the name of the field: any of the values. */
const DEFAULTS: Record<string, Json[]> = {
  allowPrivilegeEscalation: [],
  apiGroup: ['rbac.authorization.k8s.io', ''],
  apiVersion: ['v1'],
  automountServiceAccountToken: [],
  backoffLimit: [6],
  clusterIP: [],
  completionMode: ['NonIndexed'],
  completions: [1],
  concurrencyPolicy: ['Allow'],
  defaultMode: [420],
  deletionGracePeriodSeconds: [30],
  dnsPolicy: ['ClusterFirst'],
  enableServiceLinks: [true],
  externalTrafficPolicy: ['Cluster'],
  failedJobsHistoryLimit: [1],
  failurePolicy: ['Fail'],
  failureThreshold: [3],
  imagePullPolicy: ['Always', 'IfNotPresent'],
  initialDelaySeconds: [0],
  internalTrafficPolicy: ['Cluster'],
  ipFamilyPolicy: ['SingleStack'],
  matchPolicy: ['Equivalent'],
  maxSurge: ['25%', 0],
  maxUnavailable: ['25%', 1],
  minReadySeconds: [0],
  optional: [false],
  parallelism: [1],
  partition: [0],
  periodSeconds: [10],
  podManagementPolicy: ['OrderedReady'],
  podReplacementPolicy: ['TerminatingOrFailed'],
  preemptionPolicy: ['PreemptLowerPriority'],
  priority: [0],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  publishNotReadyAddresses: [false],
  readOnly: [false],
  reinvocationPolicy: ['Never'],
  replicas: [1],
  restartPolicy: ['Always'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  scheme: ['HTTP'],
  scope: ['*'],
  sessionAffinity: ['None'],
  successThreshold: [1],
  successfulJobsHistoryLimit: [3],
  suspend: [false],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1, 10, 30],
  volumeMode: ['Filesystem'],
  whenDeleted: ['Retain'],
  whenScaled: ['Retain'],
};

/** Fields whose value the server or a controller chooses. */
const ASSIGNED = new Set([
  'clusterIP',
  'clusterIPs',
  'finalizers',
  'healthCheckNodePort',
  'ipFamilies',
  'nodeName',
  'nodePort',
  'providerID',
  'serviceAccount',
  'storageClassName',
  'targetPort',
  'volumeName',
]);

const STRATEGY_TYPES = new Set<Json>(['RollingUpdate', 'ClusterIP', '']);

/** Whether a field that a manifest does not have may be the server's own doing. `parent` is what holds it in the cluster. */
export function isServerDefault(name: string, value: Json, parent: Json): boolean {
  if (isEmpty(value) || ASSIGNED.has(name)) return true;
  if (name === 'selector' && isJsonObject(parent) && 'template' in parent) return true;
  if (name === 'type') return STRATEGY_TYPES.has(value);
  if (isJsonObject(value)) {
    return Object.entries(value).every(([key, inner]) => isServerDefault(key, inner, value));
  }
  if (name === 'policyTypes') return true;
  return Object.hasOwn(DEFAULTS, name) && (DEFAULTS[name] as Json[]).includes(value);
}

/** What servers leave out or write as they like: nothing, an empty list, an empty object. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}
