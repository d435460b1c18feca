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
  return objects.filter((entry) => !entry.live || (!hasContentLeftOut(entry) && !isMadeOfAnother(entry, uids)));
}

function hasContentLeftOut({ kind, apiVersion }: ManifestObject): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

function isMadeOfAnother(entry: ManifestObject, uids: ReadonlySet<string>): boolean {
  return ownersOf(entry).some(({ controller, uid }) => controller && uids.has(uid));
}
