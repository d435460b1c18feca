import { openDetection } from '@breakwater/app/detection';
import type { RuntimeEvent } from '@breakwater/model';
import type { Performance } from './round.ts';

const ORDER = ['Critical', 'Error', 'Warning', 'Notice'];

/** What the policies that ship say of the first attack, the gravest first; what is said again is counted. */
export async function alertsOf({ rounds, time }: Performance, state: string): Promise<RuntimeEvent[]> {
  const detection = await openDetection({ state, now: time });
  const alerts = (rounds[0]?.events ?? []).flatMap((event) => detection.take(event));
  const rank = ({ alert }: RuntimeEvent): number => ORDER.indexOf(alert?.priority ?? '');
  return countRepeats([...alerts, ...detection.rest()]).sort((a, b) => rank(a) - rank(b));
}

/** Alerts of one policy that say the same, as the first of them with how many there were. */
export function countRepeats(alerts: readonly RuntimeEvent[]): RuntimeEvent[] {
  const alike = Map.groupBy(alerts, ({ alert }) => `${alert?.rule}\0${alert?.message}`);
  return [...alike.values()].map((group) => {
    const count = group.reduce((sum, event) => sum + (event.count ?? 1), 0);
    return { ...(group[0] as RuntimeEvent), ...(count > 1 && { count }) };
  });
}
