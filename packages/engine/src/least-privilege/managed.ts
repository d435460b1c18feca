import type { ManifestObject } from '@breakwater/model';
import { fieldAt, labelsOf } from '../json/index.ts';

/** The label of everything that is compiled, so that it is known again. */
export const MANAGED: Readonly<Record<string, string>> = { 'app.kubernetes.io/managed-by': 'breakwater' };

/** Whether an object is a policy that was compiled here. */
export function isManaged({ kind, object }: ManifestObject): boolean {
  const labels = labelsOf(fieldAt(object, 'metadata', 'labels'));
  return kind === 'NetworkPolicy' && Object.entries(MANAGED).every(([key, value]) => labels.get(key) === value);
}
