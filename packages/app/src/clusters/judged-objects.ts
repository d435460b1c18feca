import type { Controller } from '@breakwater/engine/policy';
import type { ManifestObject, Phase } from '@breakwater/model';
import { judgeObject } from '../estate/judge-policies.ts';
import type { PolicySet } from '../estate/policy-set.ts';
import { ownersOf, uidOf } from './live-index.ts';
import { isMadeFrom, isReferred } from './made-from.ts';

/** The objects that policies judge, with what made them. */
export interface JudgedObjects {
  judged: readonly ManifestObject[];
  /** What was made from one of them, with that one: only policies that have nothing to say of that one judge it. */
  made: readonly (readonly [entry: ManifestObject, from: ManifestObject])[];
  /** See `makersOf`; undefined for what is not live. */
  makersOf(entry: ManifestObject): Controller[] | undefined;
}

/** The object of a cluster that has a uid, where it is in view. */
export type FindOwner = (cluster: string, uid: string) => ManifestObject | undefined;

/**
 * The objects that policies judge. Of a live cluster these are the ones that people brought: what a controller made from
 * the template of another object that is in view (the pods of a Deployment) would fail by the same fault again, and is
 * only judged by policies that look at it alone; and of a Secret only its metadata is known. Files are judged whole.
 */
export function judgedObjects(objects: readonly ManifestObject[]): JudgedObjects {
  if (!objects.some(({ live }) => live)) return { judged: objects, made: [], makersOf: () => undefined };
  const byUid = new Map(objects.map((entry) => [`${entry.cluster}\n${uidOf(entry)}`, entry]));
  const find: FindOwner = (cluster, uid) => byUid.get(`${cluster}\n${uid}`);
  return {
    judged: objects.filter((entry) => !entry.live || isJudged(entry, find)),
    made: objects.flatMap((entry) => {
      const from = entry.live ? madeFrom(entry, find) : undefined;
      return from === undefined ? [] : [[entry, from] as const];
    }),
    makersOf: (entry) => (entry.live ? makersOf(entry, find) : undefined),
  };
}

/** Whether a live object is judged. */
export function isJudged(entry: ManifestObject, find: FindOwner): boolean {
  if (entry.kind === 'Secret' && entry.apiVersion === 'v1') return false;
  const owner = controllerOf(entry, find);
  return owner === undefined || !isMadeFrom(entry, owner);
}

/** What is judged in place of a live object that was made from it: of the pods of a Deployment the Deployment. */
export function madeFrom(entry: ManifestObject, find: FindOwner): ManifestObject | undefined {
  let at = entry;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const owner = controllerOf(at, find);
    if (owner === undefined || !isMadeFrom(at, owner)) break;
    at = owner;
  }
  return at === entry ? undefined : at;
}

/**
 * The policies of a set that judge what was made from an object though it is not judged as a whole: those on its kind that
 * say nothing of the object, such as one on pods alone. Undefined where there are none.
 */
export function policiesOnMade(
  set: PolicySet,
  kind: string,
  from: ManifestObject,
  phase: Phase,
): PolicySet | undefined {
  const own = set.policies.filter(({ kinds, appliesTo }) =>
    appliesTo === undefined ? kinds?.has(kind) === true && !kinds.has(from.kind) : true,
  );
  const foreign = own.filter(({ appliesTo }) => appliesTo !== undefined);
  const told = new Set(
    foreign.length === 0 ? [] : judgeObject(from, phase, { ...set, policies: foreign }).map(({ policy }) => policy),
  );
  const policies = own.filter(({ policy }) => !told.has(policy.metadata.name));
  return policies.length === 0 ? undefined : { ...set, policies };
}

/** Every object with the policies that judge it. */
export function* underPolicies(
  { judged, made }: JudgedObjects,
  set: PolicySet,
  phase: Phase,
): Generator<[ManifestObject, PolicySet]> {
  for (const entry of judged) yield [entry, set];
  const known = new Map<ManifestObject, Map<string, PolicySet | undefined>>();
  for (const [entry, from] of made) {
    const sets = known.get(from) ?? new Map<string, PolicySet | undefined>();
    known.set(from, sets);
    if (!sets.has(entry.kind)) sets.set(entry.kind, policiesOnMade(set, entry.kind, from, phase));
    const own = sets.get(entry.kind);
    if (own !== undefined) yield [entry, own];
  }
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
