import { isDeepStrictEqual } from 'node:util';
import { podSpecPointer } from '@breakwater/engine/policy';
import { isObject, type Json, type JsonObject, type ManifestObject } from '@breakwater/model';
import { isJsonObject, type Owner, uidOf, valueAt } from './live-index.ts';

/** Whether an object is the one that a reference names. Anybody may write the uid of anything into an object. */
export function isReferred(owner: ManifestObject, { uid, kind, name }: Owner, by: ManifestObject): boolean {
  const isThere = owner.cluster === by.cluster && (owner.namespace === by.namespace || owner.namespace === '');
  return isThere && uidOf(owner) === uid && owner.kind === kind && owner.name === name;
}

/**
 * Whether what an object runs is what the template of its owner says, so that it has the owner's faults and no others.
 * One that was written beside the owner, or got a container from elsewhere (a sidecar, `kubectl debug`), is not; an old
 * revision that is kept at no replicas runs nothing.
 */
export function isMadeFrom(object: ManifestObject, owner: ManifestObject): boolean {
  const template = podSpecOf(owner);
  const own = podSpecOf(object);
  if (owner.kind === 'Pod' || isKept(owner) || !isJsonObject(template) || !isJsonObject(own)) return false;
  if (isKept(object)) return true;
  return isDeepStrictEqual(essenceOf(template), essenceOf(own));
}

/** A ReplicaSet of no replicas: nobody looks at its faults, so that pods which say they are its own count for themselves. */
const isKept = ({ kind, object }: ManifestObject): boolean =>
  kind === 'ReplicaSet' && valueAt(object, 'spec', 'replicas') === 0;

function podSpecOf({ kind, object }: ManifestObject): Json | undefined {
  const pointer = podSpecPointer(kind);
  return pointer && valueAt(object, ...pointer);
}

/** What scheduler, controllers and the API server complete in a pod: where it runs and what it is called. */
const COMPLETED_OF_POD = [
  'affinity',
  'enableServiceLinks',
  'hostname',
  'imagePullSecrets',
  'nodeName',
  'nodeSelector',
  'overhead',
  'preemptionPolicy',
  'priority',
  'priorityClassName',
  'schedulerName',
  'serviceAccount',
  'subdomain',
  'tolerations',
];
const COMPLETED_OF_CONTAINER = ['imagePullPolicy', 'resizePolicy', 'resources'];
const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A pod spec without what Kubernetes completes by itself. */
function essenceOf(spec: JsonObject): JsonObject {
  const essence: JsonObject = { ...without(spec, COMPLETED_OF_POD) };
  essence['serviceAccountName'] ||= 'default';
  keep(essence, 'volumes', (volume) => !isTokenVolume(volume) && !Object.hasOwn(volume, 'persistentVolumeClaim'));
  for (const list of LISTS) {
    const written = essence[list];
    if (!Array.isArray(written)) continue;
    essence[list] = written.map((container) => (isObject(container) ? essenceOfContainer(container) : container));
  }
  return essence;
}

function essenceOfContainer(container: JsonObject): JsonObject {
  const essence = without(container, COMPLETED_OF_CONTAINER);
  keep(essence, 'volumeMounts', ({ mountPath }) => mountPath !== TOKEN_PATH);
  keep(essence, 'env', ({ name }) => name !== 'JOB_COMPLETION_INDEX');
  return essence;
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  const rest = { ...object };
  for (const name of names) delete rest[name];
  return rest;
}

/** Leaves items out of a list, and the list where none is left. */
function keep(object: JsonObject, name: string, isWanted: (item: JsonObject) => boolean): void {
  const list = object[name];
  if (!Array.isArray(list)) return;
  const kept = list.filter((item) => !isObject(item) || isWanted(item));
  if (kept.length > 0) object[name] = kept;
  else delete object[name];
}

const isTokenVolume = ({ name, projected }: JsonObject): boolean =>
  typeof name === 'string' && name.startsWith('kube-api-access-') && projected !== undefined;
