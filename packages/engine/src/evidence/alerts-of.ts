import { type EventProcess, type RuntimeEvent, type Severity, worstSeverity } from '@breakwater/model';
import type { WorkloadTie } from './tie-events.ts';

/** Alerts of one rule about one workload (or pod, where no workload is known): ready to become a finding. */
export interface RuntimeAlert {
  /** Workload id. */
  workload?: string;
  /** Why no workload is given. */
  untied?: string;
  pod?: NonNullable<RuntimeEvent['pod']>;
  container?: NonNullable<RuntimeEvent['container']>;
  node?: string;
  source: RuntimeEvent['source'];
  rule: string;
  /** As the source words it: `Warning`. */
  priority: string;
  /** Worst of all its alerts. */
  severity: Severity;
  /** Message of the latest. */
  message: string;
  tags: string[];
  /** Of the first and the latest, ISO 8601. */
  firstTime: string;
  time: string;
  count: number;
  process?: EventProcess;
  parent?: EventProcess;
}

const SEVERITIES: Readonly<Record<string, Severity>> = {
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'high',
  warning: 'medium',
  notice: 'low',
  informational: 'low',
  info: 'low',
  debug: 'low',
};
const MOST_ALERTS = 10_000;

/**
 * Folds the alerts among events: one record for each rule and workload, so that a rule that fires all day is one
 * line with a count. Latest first. `dropped` counts alerts beyond 10,000 different ones.
 */
export function alertsOf(
  events: Iterable<RuntimeEvent>,
  tie?: (event: RuntimeEvent) => WorkloadTie,
): { alerts: RuntimeAlert[]; dropped: number } {
  const alerts = new Map<string, RuntimeAlert>();
  let dropped = 0;
  for (const event of events) {
    if (!event.alert) continue;
    const tied = tie?.(event);
    const subject =
      tied?.workload ?? [event.pod?.namespace, event.pod?.name, event.container?.id, event.node].join('/');
    const key = JSON.stringify([event.source, event.alert.rule, subject]);
    const before = alerts.get(key);
    if (!before && alerts.size >= MOST_ALERTS) dropped += 1;
    else
      alerts.set(key, before ? joined(before, alertOf(event, event.alert, tied)) : alertOf(event, event.alert, tied));
  }
  return { alerts: [...alerts.values()].sort(latestFirst), dropped };
}

function alertOf(
  event: RuntimeEvent,
  { rule, priority, message, tags }: NonNullable<RuntimeEvent['alert']>,
  tied: WorkloadTie | undefined,
): RuntimeAlert {
  const { source, time, pod, container, node, process, parent } = event;
  return {
    ...(tied && (tied.workload === undefined ? { untied: tied.reason } : { workload: tied.workload })),
    ...(pod && { pod }),
    ...(container && { container }),
    ...(node && { node }),
    source,
    rule,
    priority,
    severity: Object.hasOwn(SEVERITIES, priority.toLowerCase()) ? SEVERITIES[priority.toLowerCase()]! : 'unknown',
    message,
    tags,
    firstTime: time,
    time,
    count: 1,
    ...(process && { process }),
    ...(parent && { parent }),
  };
}

function joined(a: RuntimeAlert, b: RuntimeAlert): RuntimeAlert {
  const [earlier, later] = a.time <= b.time ? [a, b] : [b, a];
  const severity = worstSeverity([a.severity, b.severity]) ?? 'unknown';
  const [firstTime = a.firstTime] = [a.firstTime, b.firstTime].sort();
  const { priority } = earlier.severity === severity ? earlier : later;
  return { ...later, severity, priority, firstTime, count: a.count + b.count };
}

function latestFirst(a: RuntimeAlert, b: RuntimeAlert): number {
  if (a.time !== b.time) return a.time > b.time ? -1 : 1;
  return a.rule < b.rule ? -1 : 1;
}
