import { RuntimeEvent } from '@breakwater/model';
import type { KeyedBehaviour } from './known-deeds.ts';

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

/**
 * What an alert is about, as one text: its rule, and the behaviours that it was raised about, by their keys. Empty where
 * they are not told, so that no two such alerts are taken for the same.
 */
export function topicOf(event: RuntimeEvent, behavioursOf: (event: RuntimeEvent) => readonly KeyedBehaviour[]): string {
  const { alert } = event;
  const type = RuntimeEvent.shape.type.safeParse(alert?.about);
  const keys = behavioursOf(type.success ? { ...event, type: type.data } : event).map(({ key }) => key);
  return alert === undefined || keys.length === 0 ? '' : [alert.rule, ...keys].join(' ');
}
