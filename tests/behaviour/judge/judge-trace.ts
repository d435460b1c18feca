import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import type { Behaviour } from '@breakwater/model';
import { ACTIONS } from '../attacks/actions.ts';
import type { Trace, TraceReplica } from '../trace/read-trace.ts';
import { replay } from '../trace/replay.ts';
import type { Alarm, Deed, Watcher } from './watcher.ts';

/** Milliseconds in which what an attack did may still be told. */
const LATE = 500;

/** A false alert: something that was no attack, said for the first time of a workload. */
export interface FalseAlert extends Alarm {
  replica: TraceReplica;
  time: number;
}

/** One action, done once in one replica. */
export interface AttackRun {
  action: string;
  workload: string;
  from: number;
  /** Whether an event showed it: what a container may not do, it did not do. */
  isShown: boolean;
  /** By the name of each watcher, milliseconds from its first program until it said something; absent where it never did. */
  detected: Map<string, number>;
  /** Names of the watchers that were sure, and would have stopped some of it. */
  stopped: Set<string>;
  /** Names of those that told it only with what came after it. */
  late: Set<string>;
}

export interface Outcome {
  watcher: Watcher;
  falseAlerts: FalseAlert[];
  /** What was sure and would have been stopped: a line for each thing of a workload. */
  falseBlocks: FalseAlert[];
}

export interface TraceVerdict {
  outcomes: Outcome[];
  attacks: AttackRun[];
  /** Of containers that nobody attacked. */
  containerHours: number;
  /** Behaviours of theirs, as incidences of a minute and a replica. */
  incidences: number;
}

/** Lets watchers judge a recording, all of them the same, and compares what they say with what is known of it. */
export function judgeTrace(trace: Trace, watchers: readonly Watcher[]): TraceVerdict {
  const attacked = attacksOf(trace);
  const since = attackedSince(trace, attacked);
  const outcomes = watchers.map((watcher): Outcome => ({ watcher, falseAlerts: [], falseBlocks: [] }));
  const said = outcomes.map(() => new Set<string>());
  const sure = outcomes.map(() => new Set<string>());
  const keyOf = keys();
  let [minutes, incidences] = [0, 0];
  for (const told of replay(trace)) {
    const { replica, time } = told;
    const runs = attacked.get(replica.id);
    const isAttackedAt = (at: number): boolean => at >= (since.get(replica.id) ?? Number.POSITIVE_INFINITY);
    const isAttacked = isAttackedAt(time);
    if (told.kind === 'begin') for (const watcher of watchers) watcher.begin(replica, time);
    if (told.kind === 'watched') {
      for (const watcher of watchers) watcher.watched(replica, time, told.partial);
      if (!isAttacked) minutes += 1;
    }
    if (told.kind !== 'event') continue;
    const { event } = told;
    const behaviours = behavioursOf(event).map((behaviour) => ({ key: keyOf(behaviour), behaviour }));
    const deed: Deed = { replica, event, time, behaviours };
    const runAt = (at: number): KnownRun | undefined => runs?.findLast(({ from, until }) => at >= from && at <= until);
    const run = runAt(time);
    if (run?.shows(event)) run.isShown = true;
    if (run !== undefined && event.type === 'exec') run.began = Math.min(run.began, time);
    if (!isAttacked) incidences += behaviours.length;
    for (const [index, { watcher, falseAlerts, falseBlocks }] of outcomes.entries()) {
      for (const alarm of watcher.take(deed)) {
        const about = alarm.seen === undefined ? run : runAt(alarm.seen);
        if (about !== undefined && !about.detected.has(watcher.name)) {
          about.detected.set(watcher.name, Math.max(0, time - about.began));
          if (about !== run) about.late.add(watcher.name);
        }
        // What is told late is over.
        if (about !== undefined && about === run && alarm.isSure) about.stopped.add(watcher.name);
        if (isAttackedAt(alarm.seen ?? time)) continue;
        const name = `${replica.workload} ${alarm.about}`;
        if (!said[index]!.has(name)) falseAlerts.push({ ...alarm, replica, time });
        said[index]!.add(name);
        if (!alarm.isSure || sure[index]!.has(name)) continue;
        sure[index]!.add(name);
        falseBlocks.push({ ...alarm, replica, time });
      }
    }
  }
  const attacks = [...attacked.values()].flat();
  return { outcomes, attacks, containerHours: minutes / 60, incidences };
}

interface KnownRun extends AttackRun {
  /** Of its first program; it is asked for some time before. */
  began: number;
  until: number;
  shows: (typeof ACTIONS)[number]['shows'];
}

/** What is known of attacks, by replica, in the order of time. */
function attacksOf({ attacks, replicas }: Trace): Map<number, KnownRun[]> {
  const shows = new Map(ACTIONS.map((one) => [one.action, one.shows]));
  const workloads = new Map(replicas.map(({ id, workload }) => [id, workload]));
  const found = new Map<number, KnownRun[]>();
  for (const { replica, action, from, until } of attacks) {
    const run: KnownRun = {
      action,
      workload: workloads.get(replica) ?? '',
      from: Date.parse(from),
      until: Date.parse(until) + LATE,
      shows: shows.get(action) ?? (() => false),
      began: Number.POSITIVE_INFINITY,
      isShown: false,
      detected: new Map(),
      stopped: new Set(),
      late: new Set(),
    };
    const runs = found.get(replica);
    if (runs === undefined) found.set(replica, [run]);
    else runs.push(run);
  }
  for (const runs of found.values()) runs.sort((a, b) => a.from - b.from);
  return found;
}

/** When attackers came into a replica, by its number: what is restarted is still theirs. */
function attackedSince({ replicas }: Trace, attacked: ReadonlyMap<number, KnownRun[]>): Map<number, number> {
  const since = new Map<number, number>();
  const pods = new Set<string>();
  for (const { id, pod, reason, time } of replicas) {
    const runs = attacked.get(id);
    if (runs !== undefined) since.set(id, runs[0]!.from);
    else if (reason === 'restart' && pods.has(pod)) since.set(id, Date.parse(time));
    if (since.has(id)) pods.add(pod);
    else pods.delete(pod);
  }
  return since;
}

/** The same behaviours come again and again. */
function keys(): (behaviour: Behaviour) => string {
  const known = new Map<string, string>();
  return (behaviour) => {
    const text = JSON.stringify(behaviour);
    const key = known.get(text) ?? behaviourKey(behaviour);
    known.set(text, key);
    return key;
  };
}
