import type { Controller } from '@breakwater/engine/policy';
import type { ManifestObject } from '@breakwater/model';
import { ownersOf, uidOf } from './live-index.ts';
import { isMadeFrom, isReferred } from './made-from.ts';

/** The objects that policies judge, with what made them. */
export interface JudgedObjects {
  judged: readonly ManifestObject[];
  /** See `makersOf`; undefined for what is not live. */
  makersOf(entry: ManifestObject): Controller[] | undefined;
}

/** The object of a cluster that has a uid, where it is in view. */
export type FindOwner = (cluster: string, uid: string) => ManifestObject | undefined;

/**
 * The objects that policies judge. Of a live cluster these are the ones that people brought: what a controller made from
 * the template of another object that is in view (the pods of a Deployment) would fail by the same fault again; and of a
 * Secret only its metadata is known. Files are judged whole.
 */
export function judgedObjects(objects: readonly ManifestObject[]): JudgedObjects {
  if (!objects.some(({ live }) => live)) return { judged: objects, makersOf: () => undefined };
  const byUid = new Map(objects.map((entry) => [`${entry.cluster}\n${uidOf(entry)}`, entry]));
  const find: FindOwner = (cluster, uid) => byUid.get(`${cluster}\n${uid}`);
  return {
    judged: objects.filter((entry) => !entry.live || isJudged(entry, find)),
    makersOf: (entry) => (entry.live ? makersOf(entry, find) : undefined),
  };
}

/** Whether a live object is judged. */
export function isJudged(entry: ManifestObject, find: FindOwner): boolean {
  if (entry.kind === 'Secret' && entry.apiVersion === 'v1') return false;
  const owner = controllerOf(entry, find);
  return owner === undefined || !isMadeFrom(entry, owner);
}

/** Steps up from a pod; more are a ring. */
const MOST_STEPS = 10;

/**
 * What made a live object: its controller, and that one's own, as far as they are in view. An owner that is not there
 * made nothing, whatever an object says of itself, and a name alone makes no ReplicaSet a Deployment's.
 */
export function makersOf(entry: ManifestObject, find: FindOwner): Controller[] {
  const makers: Controller[] = [];
  let at = controllerOf(entry, find);
  while (at !== undefined && makers.length < MOST_STEPS) {
    makers.push({ kind: at.kind, name: at.name });
    at = controllerOf(at, find);
  }
  return makers;
}

function controllerOf(entry: ManifestObject, find: FindOwner): ManifestObject | undefined {
  for (const reference of ownersOf(entry)) {
    const owner = reference.controller ? find(entry.cluster, reference.uid) : undefined;
    if (owner !== undefined && isReferred(owner, reference, entry)) return owner;
  }
  return undefined;
}
