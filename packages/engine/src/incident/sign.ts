import type { BehaviourJudgement, EventProcess, ResourceJudgement, RuntimeEvent } from '@breakwater/model';

/**
 * One thing that an incident may be made of. Alerts and deviations always are in one; what was stopped too. Connections
 * and context are told where they belong to an incident, and make none.
 */
export interface IncidentSign {
  kind: 'alert' | 'deviation' | 'prevention' | 'connection' | 'context';
  /** What happened; of a deviation the first event that showed it. */
  event: RuntimeEvent;
  /** `namespace/Kind/name` of the workload, else the image, else the container. */
  subject: string;
  container?: string;
  /** Of a deviation. */
  judgement?: BehaviourJudgement;
  /** Of context: what a replica uses far more of than is usual. Load comes and goes: by itself it makes no incident. */
  use?: ResourceJudgement;
  /** The processes above the one that acted, the closest first, where the event does not tell them. */
  ancestors?: EventProcess[];
  /** Why it counts for nothing, as a phrase: `expected by team-a until 2027-01-31`. Such signs are context. */
  expected?: string;
  /** Workloads that its peer is; found out by whoever joins signs. */
  leadsTo?: readonly string[];
}

/** The processes above the one that acted, the closest first: as far as they are told. */
export function ancestorsOfSign({ event, ancestors }: IncidentSign): readonly EventProcess[] {
  const told = ancestors ?? event.alert?.ancestors;
  if (told !== undefined && told.length > 0) return told;
  return event.parent === undefined ? [] : [event.parent];
}

/** Which container an event is of; of events without one, the pod or the node. */
export function containerOf({ node, pod, container }: RuntimeEvent): string {
  if (container?.id !== undefined) return container.id;
  const place = pod === undefined ? (node ?? '') : `${pod.cluster ?? ''}/${pod.namespace}/${pod.name}`;
  return `${place} ${container?.name ?? ''}`;
}

/** What tells a process from all others; undefined where nothing does. */
export function processKey(event: RuntimeEvent, { executionId, pid }: EventProcess): string | undefined {
  if (executionId !== undefined) return `${event.node ?? ''} ${containerOf(event)} ${executionId}`;
  return pid === undefined ? undefined : `${event.node ?? ''} ${containerOf(event)} ${pid}`;
}
