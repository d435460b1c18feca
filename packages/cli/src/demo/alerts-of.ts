import { openDetection } from '@breakwater/app/detection';
import type { RuntimeEvent } from '@breakwater/model';
import type { Performance } from './round.ts';

const ORDER = ['Critical', 'Error', 'Warning', 'Notice'];

/** What the policies that ship say of the first attack, the gravest first. */
export async function alertsOf({ rounds, time }: Performance, state: string): Promise<RuntimeEvent[]> {
  const detection = await openDetection({ state, now: time });
  const alerts = (rounds[0]?.events ?? []).flatMap((event) => detection.take(event));
  const rank = ({ alert }: RuntimeEvent): number => ORDER.indexOf(alert?.priority ?? '');
  return [...alerts, ...detection.rest()].sort((a, b) => rank(a) - rank(b));
}
