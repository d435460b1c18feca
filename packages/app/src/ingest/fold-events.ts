import { createEvidenceCollector } from '@breakwater/engine/evidence';
import type { Behaviour, RuntimeEvent } from '@breakwater/model';
import { MinuteFolder, minuteOf, type OpenReplica } from './fold-minutes.ts';
import type { BehaviourCount, IngestDelta } from './kept/index.ts';
import { type BehaviourMemory, type KnownDeed, NO_DEED } from './known-deeds.ts';
import { raisesSuspicion, topicOf } from './raises-suspicion.ts';
import { containerNameOf, subjectOf } from './subject-of.ts';

/** Alerts of one batch that are kept one by one: a rule that fires all day is counted, and the newest are shown. */
const MOST_ALERTS = 1_000;
/** Behaviours of one batch that are told apart. */
const MOST_BEHAVIOURS = 20_000;
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

/** What is counted, and where it is among all that the batch tells. */
interface Counted {
  told: BehaviourCount;
  at: number;
}

/** Where events happen, by one of them. */
interface Place {
  event: RuntimeEvent;
  /** Undefined outside of containers. */
  subject: string | undefined;
  container: string;
  counts: Map<string, Counted>;
  /** Null until something is told of it. */
  replica: OpenReplica | undefined | null;
  deeds: Map<KnownDeed, Done>;
}

/** How often one thing was done at one place. */
interface Done {
  /** The first event of it. */
  event: RuntimeEvent;
  place: Place;
  counted: Counted[];
  /** Behaviours of it that are told apart from no other. */
  uncounted: number;
  events: number;
  count: number;
  first: string;
  last: string;
  /** The minute of the last event that was looked at whole, and its time. */
  minute: string;
  at: string;
}

function isSame({ pod: lastPod, container: last, node: lastNode }: RuntimeEvent, event: RuntimeEvent): boolean {
  const { pod, container, node } = event;
  if (node !== lastNode) return false;
  if (pod !== lastPod && !isSamePod(pod, lastPod)) return false;
  if (container === last) return true;
  if (container === undefined || last === undefined) return false;
  return (
    container.id === last.id &&
    container.name === last.name &&
    container.image === last.image &&
    container.imageDigest === last.imageDigest
  );
}

const isSamePod = (pod: RuntimeEvent['pod'], last: RuntimeEvent['pod']): boolean =>
  pod?.name === last?.name &&
  pod?.namespace === last?.namespace &&
  pod?.cluster === last?.cluster &&
  pod?.workload === last?.workload;

/** Folds events of one batch, one at a time. */
export class EventFolder {
  readonly #collector = createEvidenceCollector();
  readonly #counts = new Map<string, Map<string, Counted>>();
  readonly #told: BehaviourCount[] = [];
  readonly #minutes = new MinuteFolder();
  #last: Place | undefined;
  /** By id of the container: events of many come by turns. */
  readonly #places = new Map<string, Place>();
  readonly #done: Done[] = [];
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

  /** Gives what of it is known for all events that are like it, where they are. */
  add(event: RuntimeEvent): KnownDeed | undefined {
    if (event.time > this.#latest) {
      event.time = this.#receivedAt;
      this.#ahead += 1;
    }
    if (event.alert !== undefined || event.prevention !== undefined || NO_DEED.has(event.type)) {
      this.#addOther(event);
      return undefined;
    }
    const deed = this.#remembered.deedOf(event);
    const place = this.#placeOf(event);
    const known = place.deeds.get(deed);
    if (known === undefined) {
      const done = this.#begin(place, deed, event);
      place.deeds.set(deed, done);
    } else this.#goOn(known, event);
    return deed;
  }

  #addOther(event: RuntimeEvent): void {
    if (event.type === 'loss') this.#loss(event);
    else if (event.type === 'resource') this.#use(event);
    else if (event.type === 'watch') this.#watch(event);
    if (event.alert !== undefined || event.prevention !== undefined) this.#keepAlert(event);
    // What was stopped is no behaviour, and alerts of others tell of what their rules name only.
    if (event.prevention === undefined && !NO_DEED.has(event.type))
      this.#begin(this.#placeOf(event), this.#remembered.deedOf(event), event);
    else this.#collector.add(event);
  }

  #loss(event: RuntimeEvent): void {
    this.#lost += event.lost ?? 1;
    this.#minutes.lost(event);
  }

  #use(event: RuntimeEvent): void {
    const replica = this.#replicaAt(this.#placeOf(event), event);
    if (replica !== undefined) this.#minutes.used(replica, event);
  }

  #watch(event: RuntimeEvent): void {
    const replica = this.#replicaAt(this.#placeOf(event), event);
    if (replica !== undefined) this.#minutes.begun(replica, event);
  }

  #keepAlert(event: RuntimeEvent): void {
    if (this.#alerts.length < MOST_ALERTS) this.#alerts.push(event);
    else this.#dropped += 1;
    if (raisesSuspicion(event)) this.#suspicions.add(event);
  }

  /** Something is done at a place for the first time. */
  #begin(place: Place, { behaviours }: KnownDeed, event: RuntimeEvent): Done {
    const { time } = event;
    const done: Done = {
      ...{ event, place, counted: [], uncounted: 0, events: 0, count: 0 },
      ...{ first: time, last: time, minute: '\0', at: time },
    };
    if (place.subject !== undefined) {
      for (const { key, behaviour } of behaviours) {
        const counted = place.counts.get(key) ?? this.#tell(place, place.subject, key, behaviour, event);
        if (counted === undefined) done.uncounted += 1;
        else done.counted.push(counted);
      }
      if (behaviours.length > 0) this.#replicaAt(place, event);
    }
    this.#done.push(done);
    this.#goOn(done, event);
    return done;
  }

  #tell(place: Place, subject: string, key: string, behaviour: Behaviour, event: RuntimeEvent): Counted | undefined {
    if (this.#told.length >= MOST_BEHAVIOURS) return undefined;
    const { container } = place;
    const [first, last] = [event.time, event.time];
    const told = { subject, container, key, behaviour, first, last, count: 0, example: event };
    const counted = { told, at: this.#told.length };
    this.#told.push(told);
    place.counts.set(key, counted);
    return counted;
  }

  /** It is done again: within the same minute nothing else is to be learned from it. */
  #goOn(done: Done, event: RuntimeEvent): void {
    const { time } = event;
    done.events += 1;
    done.count += event.count ?? 1;
    if (time < done.first) done.first = time;
    else if (time > done.last) done.last = time;
    if (!time.startsWith(done.minute)) this.#look(done, event);
  }

  #look(done: Done, event: RuntimeEvent): void {
    const { time } = event;
    [done.minute, done.at] = [minuteOf(time), time];
    this.#collector.add(event);
    const { replica } = done.place;
    if (replica) for (const { at } of done.counted) this.#minutes.did(replica, time, at);
  }

  /** What was counted at once becomes part of what is told. */
  #finish({ event, counted, uncounted, events, count, first, last, at }: Done): void {
    this.#dropped += uncounted * events;
    for (const { told } of counted) {
      told.count += count;
      if (first < told.first) told.first = first;
      if (last > told.last) told.last = last;
    }
    if (last !== at) this.#collector.add({ ...event, time: last });
    if (first !== at && first !== event.time) this.#collector.add({ ...event, time: first });
  }

  /** Somebody expects what an alert is about: it casts no doubt. */
  expect(alert: RuntimeEvent): void {
    this.#suspicions.delete(alert);
  }

  /** Where an event happened. Most happen where the last one did. */
  #placeOf(event: RuntimeEvent): Place {
    const { container } = event;
    const last = this.#last;
    if (last !== undefined && isSame(last.event, event)) return last;
    const known = container?.id === undefined ? undefined : this.#places.get(container.id);
    if (known !== undefined && isSame(known.event, event)) {
      this.#last = known;
      return known;
    }
    const subject = subjectOf(event);
    const name = containerNameOf(event);
    const key = `${subject}\0${name}`;
    let counts = this.#counts.get(key);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(key, counts);
    }
    const place = { event, subject, container: name, counts, replica: null, deeds: new Map() };
    // A batch that tells of more containers is one of made up ones.
    if (container?.id !== undefined && this.#places.size < MOST_PLACES) this.#places.set(container.id, place);
    this.#last = place;
    return place;
  }

  /** The replica that a place is of; undefined where none is told, or no more are. */
  #replicaAt(place: Place, event: RuntimeEvent): OpenReplica | undefined {
    const { subject, container, replica } = place;
    if (replica !== null) return replica;
    place.replica = subject === undefined ? undefined : this.#minutes.replicaOf(event, subject, container);
    return place.replica;
  }

  end(): Folded {
    for (const done of this.#done) this.#finish(done);
    for (const alert of this.#suspicions) {
      const replica = this.#replicaAt(this.#placeOf(alert), alert);
      const about = topicOf(alert, (event) => this.#remembered.behavioursOf(event));
      if (replica !== undefined) this.#minutes.alerted(replica, alert.time, about);
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
