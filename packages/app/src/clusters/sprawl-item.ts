import type { ManifestObject, SprawlItem, SprawlKind } from '@breakwater/model';
import { createdAt } from './live-index.ts';
import { nameObject } from './running-workloads.ts';

/** Something that nobody needs, with the reason as a sentence. */
export function sprawlItem(kind: SprawlKind, entry: ManifestObject, why: string): SprawlItem {
  const since = createdAt(entry);
  return { kind, object: nameObject(entry), why, ...(since ? { since } : {}) };
}

/** Namespaces of the system, whose parts are used by programs that no pod shows. */
export function isSystem({ namespace }: Pick<ManifestObject, 'namespace'>): boolean {
  return namespace === 'kube-system' || namespace === 'kube-public' || namespace === 'kube-node-lease';
}
