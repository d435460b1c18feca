import type { RuntimeEvent } from '@breakwater/model';
import type { Trace, TraceReplica } from './read-trace.ts';

const MINUTE = 60_000;
/** What a replica only did again in a minute is told at its end. */
const END = MINUTE - 1;

/** What a replay tells, in the order of time. */
export type Replayed =
  | { kind: 'begin'; replica: TraceReplica; time: number }
  | { kind: 'event'; replica: TraceReplica; time: number; event: RuntimeEvent }
  /** A minute of a replica is over, from its beginning to its end. `partial` where events of it were lost. */
  | { kind: 'watched'; replica: TraceReplica; time: number; partial: boolean }
  | { kind: 'end'; replica: TraceReplica; time: number };

const ORDER = { begin: 0, event: 1, watched: 2, end: 3 } as const;

/** Tells a recording again, minute by minute. Milliseconds since 1970. */
export function* replay(trace: Trace): Generator<Replayed> {
  const minutes = Map.groupBy(trace.minutes, ({ minute }) => minute);
  const wholes = Map.groupBy(trace.whole, ({ event }) => Math.floor(Date.parse(event.time) / MINUTE));
  const byId = new Map(trace.replicas.map((replica) => [replica.id, replica]));
  const told = [...minutes.keys(), ...wholes.keys()];
  const end = (told.reduce((one, other) => Math.max(one, other), 0) + 1) * MINUTE;
  const lives = trace.replicas.map((replica) => ({ replica, ...lifeOf(replica, end) }));
  const begun = Map.groupBy(lives, ({ from }) => Math.floor(from / MINUTE));
  const named = [...begun.keys(), ...told];
  const last = named.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  let running: typeof lives = [];
  for (let minute = named.reduce((one, other) => Math.min(one, other), last); minute <= last; minute++) {
    const now: Replayed[] = [];
    for (const one of begun.get(minute) ?? []) {
      now.push({ kind: 'begin', replica: one.replica, time: one.from });
      running.push(one);
    }
    for (const line of minutes.get(minute) ?? []) {
      const replica = byId.get(line.replica);
      if (replica !== undefined) now.push(...eventsOf(line, replica, trace));
    }
    const lossy = new Set<number>();
    for (const { replica: id, event } of wholes.get(minute) ?? []) {
      const replica = byId.get(id);
      if (event.type === 'loss') lossy.add(id);
      if (replica !== undefined)
        now.push({ kind: 'event', replica, time: Date.parse(event.time), event: inPod(event, replica) });
    }
    for (const { replica, until } of running) {
      const ends = until < (minute + 1) * MINUTE;
      now.push({ kind: 'watched', replica, time: minute * MINUTE + END, partial: lossy.has(replica.id) });
      if (ends) now.push({ kind: 'end', replica, time: Math.max(until, minute * MINUTE) });
    }
    running = running.filter(({ until }) => until >= (minute + 1) * MINUTE);
    now.sort((one, other) => one.time - other.time || ORDER[one.kind] - ORDER[other.kind]);
    yield* now;
  }
}

/** One that had not ended goes on to the end of the recording. */
const lifeOf = (replica: TraceReplica, end: number): { from: number; until: number } => ({
  from: Date.parse(replica.time),
  until: replica.end === undefined ? end : Date.parse(replica.end),
});

/**
 * What was folded is told without process ids: they come again for other processes, and not each start is told, so that
 * no tree could be made of them. Each stands for itself, with its own parent.
 */
function* eventsOf(
  { minute, counts, firsts }: Trace['minutes'][number],
  replica: TraceReplica,
  trace: Trace,
): Generator<Replayed> {
  const first = new Map<number, number>();
  for (let at = 0; at < firsts.length; at += 4) first.set(firsts[at]!, firsts[at + 1]!);
  for (let at = 0; at < counts.length; at += 2) {
    const kept = trace.events[counts[at]!];
    if (kept === undefined) continue;
    const time = minute * MINUTE + (first.get(counts[at]!) ?? END);
    const count = counts[at + 1]!;
    const event: RuntimeEvent = { ...kept, time: new Date(time).toISOString(), ...(count > 1 && { count }) };
    const name = `${replica.id}:${counts[at]}`;
    if (event.process) event.process = { ...event.process, executionId: name };
    if (event.parent) event.parent = { ...event.parent, executionId: `${name}:parent` };
    yield { kind: 'event', replica, time, event: inPod(event, replica) };
  }
}

/** As it would come from a cluster: with the pod and its workload. */
function inPod(event: RuntimeEvent, { pod, workload, kind, container, id }: TraceReplica): RuntimeEvent {
  return {
    ...event,
    pod: { namespace: 'harbour', name: pod, workload, workloadKind: kind, labels: {} },
    container: { ...event.container, id: `${pod}/${id}`, name: container },
  };
}
