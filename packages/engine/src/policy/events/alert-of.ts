import type { RuntimeEvent, Severity } from '@breakwater/model';
import type { Detection } from './detector.ts';

const PRIORITIES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'Error',
  medium: 'Warning',
  low: 'Notice',
  unknown: 'Notice',
};

/** A detection as an event of its own, in the words that alerts of other sources use, with the processes that led to it. */
export function alertOf({ event, result, policy, ancestors }: Detection): RuntimeEvent {
  const { lost: _, ...rest } = event;
  return {
    ...rest,
    type: 'alert',
    alert: {
      rule: result.policy,
      priority: PRIORITIES[result.severity],
      message: result.message,
      tags: policy.spec.controls['mitre'] ?? [],
      about: event.type,
      enforcement: result.enforcement,
      ...(result.exception !== undefined && { exception: result.exception }),
      ...(ancestors.length > 0 && { ancestors }),
    },
  };
}
