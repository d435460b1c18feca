import type { RuntimeEvent } from '@breakwater/model';

/** What sources call what is grave, in lower case. */
const GRAVE: ReadonlySet<string> = new Set(['emergency', 'alert', 'critical', 'error', 'high']);

/**
 * Whether what is new in a container after this is not to be learned from it: an alert of a policy that warns or blocks, or
 * a grave one of a source that knows no such steps. What is only audited, or expected by an exception, does not.
 */
export function raisesSuspicion({ alert }: RuntimeEvent): boolean {
  if (alert === undefined || alert.exception !== undefined) return false;
  if (alert.enforcement !== undefined) return alert.enforcement !== 'audit';
  return GRAVE.has(alert.priority.toLowerCase());
}
