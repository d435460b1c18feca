import type { ManifestObject } from '@breakwater/model';
import { ownersOf, uidOf } from './live-index.ts';

/**
 * The objects that policies judge. Of a live cluster these are the ones that people brought: what a controller made of
 * another object that is in view (the pods of a Deployment) would fail by the same fault again; and of a Secret only its
 * metadata is known. Files are judged whole.
 */
export function judgedObjects(objects: readonly ManifestObject[]): readonly ManifestObject[] {
  if (!objects.some(({ live }) => live)) return objects;
  const uids = new Set(objects.map(uidOf));
  return objects.filter((entry) => !entry.live || isJudged(entry, (uid) => uids.has(uid)));
}

/** Whether a live object is judged; `isKnown` says which objects are in view. */
export function isJudged(entry: ManifestObject, isKnown: (uid: string) => boolean): boolean {
  if (entry.kind === 'Secret' && entry.apiVersion === 'v1') return false;
  return !ownersOf(entry).some(({ controller, uid }) => controller && isKnown(uid));
}
