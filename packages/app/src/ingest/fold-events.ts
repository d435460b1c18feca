import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import { createEvidenceCollector } from '@breakwater/engine/evidence';
import type { Behaviour, RuntimeEvent } from '@breakwater/model';
import { MinuteFolder, type OpenReplica } from './fold-minutes.ts';
import type { BehaviourCount, IngestDelta } from './kept/index.ts';
import { raisesSuspicion } from './raises-suspicion.ts';
import { containerNameOf, subjectOf } from './subject-of.ts';

/** Alerts of one batch that are kept one by one: a rule that fires all day is counted, and the newest are shown. */
const MOST_ALERTS = 1_000;
/** Behaviours of one batch that are told apart. */
const MOST_BEHAVIOURS = 20_000;
/** Events whose behaviours are remembered. */
const MOST_REMEMBERED = 50_000;
/** Containers of one batch that are found by their ids. */
const MOST_PLACES = 2_000;
/** A clock that is ahead by more is wrong; what it says would make evidence look newer than anything else. */
const AHEAD = 300_000;

/** What events come to. */
export interface Folded {
  delta: IngestDelta;
  /** Events that their source says were lost. */
  lost: number;
  /** Events whose time was so far ahead of ours that the time of their arrival stands in its place. */
  ahead: number;
  /** Alerts and behaviours beyond those that are kept of one batch. */
  dropped: number;
}

/** Kinds of events that say nothing of what a container does. */
const NO_BEHAVIOUR: ReadonlySet<RuntimeEvent['type']> = new Set([
  'exit',
  'fork',
  'close',
  'signal',
  'alert',
  'loss',
  'request',
  'resource',
  'watch',
]);
const NONE: KeyedBehaviour[] = [];

/** What is counted, and where it is among all that the batch tells. */
interface Counted {
  told: BehaviourCount;
  at: number;
}

/** Where events happen, by one of them. */
interface Place {
  event: RuntimeEvent;
  subject: string;
  container: string;
  counts: Map<string, Counted>;
  replica: OpenReplica | undefined;
}

function isSame(
  { pod: lastPod, container: last }: RuntimeEvent,
  pod: RuntimeEvent['pod'],
  container: RuntimeEvent['container'],
): boolean {
  if (pod !== lastPod && (pod?.name !== lastPod?.name || pod?.namespace !== lastPod?.namespace)) return false;
  if (pod?.workload !== lastPod?.workload || container === undefined || last === undefined) return false;
  return container.id === last.id && container.name === last.name && container.image === last.image;
}

interface KeyedBehaviour {
  key: string;
  behaviour: Behaviour;
}

/** Folds events of one batch, one at a time. */
export class EventFolder {
  readonly #collector = createEvidenceCollector();
  readonly #counts = new Map<string, Map<string, Counted>>();
  readonly #told: BehaviourCount[] = [];
  readonly #minutes = new MinuteFolder();
  #last: Place | undefined;
  /** By id of the container: events of many come by turns. */
  readonly #places = new Map<string, Place>();
  readonly #alerts: RuntimeEvent[] = [];
  readonly #suspicions = new Set<RuntimeEvent>();
  readonly #remembered: BehaviourMemory;
  readonly #receivedAt: string;
  readonly #latest: string;
  #lost = 0;
  #ahead = 0;
  #dropped = 0;

  /** `receivedAt` is ISO 8601. */
  constructor(receivedAt: string, remembered: BehaviourMemory) {
    this.#receivedAt = receivedAt;
    this.#latest = new Date(Date.parse(receivedAt) + AHEAD).toISOString();
    this.#remembered = remembered;
  }

  add(event: RuntimeEvent): void {
    if (event.time > this.#latest) {
      event.time = this.#receivedAt;
      this.#ahead += 1;
    }
    this.#collector.add(event);
    if (event.type === 'loss') this.#loss(event);
    else if (event.type === 'resource') this.#use(event);
    else if (event.type === 'watch') this.#begin(event);
    if (event.alert !== undefined || event.prevention !== undefined) this.#keepAlert(event);
    // What was stopped is no behaviour, and alerts of others tell of what their rules name only.
    if (event.prevention === undefined) this.#count(event);
  }

  #loss(event: RuntimeEvent): void {
    this.#lost += event.lost ?? 1;
    this.#minutes.lost(event);
  }

  #use(event: RuntimeEvent): void {
    const place = this.#placeOf(event);
    if (place?.replica !== undefined) this.#minutes.used(place.replica, event);
  }

  #begin(event: RuntimeEvent): void {
    const place = this.#placeOf(event);
    if (place?.replica !== undefined) this.#minutes.begun(place.replica, event);
  }

  #keepAlert(event: RuntimeEvent): void {
    if (this.#alerts.length < MOST_ALERTS) this.#alerts.push(event);
    else this.#dropped += 1;
    if (raisesSuspicion(event)) this.#suspicions.add(event);
  }

  #count(event: RuntimeEvent): void {
    const found = this.#remembered.behavioursOf(event);
    if (found.length === 0) return;
    const place = this.#placeOf(event);
    if (place === undefined) return;
    for (const { key, behaviour } of found) {
      let counted = place.counts.get(key);
      if (counted === undefined) {
        if (this.#told.length >= MOST_BEHAVIOURS) {
          this.#dropped += 1;
          continue;
        }
        const { subject, container } = place;
        const [first, last] = [event.time, event.time];
        counted = {
          told: { subject, container, key, behaviour, first, last, count: 0, example: event },
          at: this.#told.length,
        };
        this.#told.push(counted.told);
        place.counts.set(key, counted);
      }
      const { told, at } = counted;
      told.count += event.count ?? 1;
      if (event.time < told.first) told.first = event.time;
      else if (event.time > told.last) told.last = event.time;
      if (place.replica !== undefined) this.#minutes.did(place.replica, event.time, at);
    }
  }

  /** Somebody expects what an alert is about: it casts no doubt. */
  expect(alert: RuntimeEvent): void {
    this.#suspicions.delete(alert);
  }

  /** Where an event happened; undefined outside of containers. Most happen where the last one did. */
  #placeOf(event: RuntimeEvent): Place | undefined {
    const { pod, container } = event;
    const last = this.#last;
    if (last !== undefined && isSame(last.event, pod, container)) return last;
    const known = container?.id === undefined ? undefined : this.#places.get(container.id);
    if (known !== undefined && isSame(known.event, pod, container)) {
      this.#last = known;
      return known;
    }
    const subject = subjectOf(event);
    if (subject === undefined) return undefined;
    const name = containerNameOf(event);
    const key = `${subject}\0${name}`;
    let counts = this.#counts.get(key);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(key, counts);
    }
    const place = { event, subject, container: name, counts, replica: this.#minutes.replicaOf(event, subject, name) };
    // A batch that tells of more containers is one of made up ones.
    if (container?.id !== undefined && this.#places.size < MOST_PLACES) this.#places.set(container.id, place);
    this.#last = place;
    return place;
  }

  end(): Folded {
    for (const alert of this.#suspicions) {
      const replica = this.#placeOf(alert)?.replica;
      if (replica !== undefined) this.#minutes.alerted(replica, alert.time);
    }
    const { replicas, losses, dropped } = this.#minutes.end();
    return {
      delta: {
        observations: this.#collector.observations(),
        reporters: this.#collector.reporters(),
        behaviours: this.#told,
        alerts: this.#alerts,
        replicas,
        losses,
      },
      lost: this.#lost,
      ahead: this.#ahead,
      dropped: this.#dropped + dropped,
    };
  }
}

/**
 * Behaviours of events as they were worked out before: most events of a host say what others said already, and hashing
 * costs more than everything else that is done with one.
 */
export class BehaviourMemory {
  readonly #known = new Map<string, KeyedBehaviour[]>();

  behavioursOf(event: RuntimeEvent): KeyedBehaviour[] {
    if (NO_BEHAVIOUR.has(event.type)) return NONE;
    const mark = markOf(event);
    const known = this.#known.get(mark);
    if (known !== undefined) return known;
    const found = behavioursOf(event).map((behaviour) => ({ key: behaviourKey(behaviour), behaviour }));
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(mark, found);
    return found;
  }
}

/** Everything of an event that its behaviours depend on, apart by what no path holds: a path may hold line breaks. */
function markOf(event: RuntimeEvent): string {
  const { type, process, parent, file, peer, local, call, callArguments, failure } = event;
  let mark = `${type}\0${process?.path}\0${process?.applet}\0${process?.inImage}${process?.fileless}${process?.uid}\0${parent?.path}\0${parent?.inImage}${parent?.fileless}`;
  if (file !== undefined) mark += `\0f${file.path}\0${file.from}\0${file.access}${file.inImage}`;
  if (type === 'connect') mark += `\0p${peer?.name}\0${peer?.address}\0${peer?.port}${peer?.protocol}`;
  else if (local !== undefined) mark += `\0l${local.port}${peer?.protocol}`;
  if (call !== undefined) mark += `\0c${call}\0${callArguments}`;
  return failure === undefined ? mark : `${mark}\0!`;
}
