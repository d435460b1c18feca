import type { OpenDetection } from '@breakwater/app/detection';
import type { RuntimeEvent } from '@breakwater/model';
import { namedPolicies } from '../assess.ts';
import type { Invocation } from '../command.ts';
import { plain, yellow } from '../terminal/style.ts';

/** Alerts of policies on the events of a sensor, but for what is only audited: that is told by `breakwater detect --all`. */
export async function openAlerts(invocation: Invocation): Promise<Pick<OpenDetection, 'take' | 'rest'>> {
  const { openDetection } = await import('@breakwater/app/detection');
  const detection = await openDetection({
    state: invocation.state,
    now: new Date().toISOString(),
    policies: namedPolicies(invocation),
    estate: (invocation.options['estate'] as string[] | undefined) ?? [],
    signal: invocation.signal,
  });
  for (const { message, place } of detection.unknowns)
    process.stderr.write(`${yellow(`${plain(place.source)}: ${plain(message)}`)}\n`);
  const counts = (alerts: RuntimeEvent[]): RuntimeEvent[] =>
    alerts.filter(({ alert }) => alert?.enforcement !== 'audit');
  return { take: (event) => counts(detection.take(event)), rest: () => counts(detection.rest()) };
}
