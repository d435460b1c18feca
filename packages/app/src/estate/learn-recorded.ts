import { BehaviourModel, behaviourKey, behavioursOf, behaviourText, releaseFacts } from '@breakwater/engine/behaviour';
import { tieEvents } from '@breakwater/engine/evidence';
import {
  type Behaviour,
  type LearnedProfile,
  type RuntimeEvent,
  subjectOfWorkload,
  type Workload,
} from '@breakwater/model';
import { raisesSuspicion, topicOf } from '../ingest/raises-suspicion.ts';

/** Learns from recorded events what the containers of workloads do. */
export interface RecordedLearning {
  add(event: RuntimeEvent): void;
  /** What was learned. `now` is ISO 8601. */
  learned(now: string): LearnedProfile[];
}

type Dimension = Behaviour['dimension'];

interface Replica {
  reporter: string;
  image: string;
  first: string;
  last: string;
  /** Kinds of which its source said that it tells of them every time, as long as it watched. */
  promised?: Dimension[];
}

interface Recorded {
  model: BehaviourModel;
  replicas: Map<string, Replica>;
  /** Kinds that were told at all, where the source does not tell of all. */
  dimensions: Set<Dimension>;
  isOwn: boolean;
}

/** What every sensor tells of. */
const SENSED: readonly Dimension[] = ['exec', 'open', 'connect', 'listen', 'privilege'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST_CONTAINERS = 2_000;
const MOST_REPLICAS = 5_000;
/** Minutes that are counted, of all replicas together: 690 days of one. */
const MOST_MINUTES = 1_000_000;
const MOST_KEYS = 50_000;
/** Hours of one loss. */
const LONGEST_LOSS = 24 * 31;

/**
 * A model for each container of each workload that events can be tied to. A replica was watched in the hours between its first
 * and its last event in which whoever tells of it gave signs of life; an hour in which something was lost counts as partial.
 */
export function learnRecorded(workloads: readonly Workload[]): RecordedLearning {
  const tie = tieEvents(workloads);
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const recorded = new Map<string, Recorded>();
  const keys = new Map<string, string>();
  const alive = new Map<string, Set<number>>();
  const lost = new Map<string, Set<number>>();
  return {
    add(event) {
      const reporter = `${event.source}@${event.node ?? ''}`;
      const hour = Math.floor(Date.parse(event.time) / HOUR);
      if (event.type !== 'loss') note(alive, reporter, hour);
      else for (const each of lostHours(event)) note(lost, event.node === undefined ? event.source : reporter, each);
      const { workload: id } = tie(event);
      const workload = id === undefined ? undefined : byId.get(id);
      if (workload === undefined || event.type === 'loss' || event.prevention !== undefined) return;
      const known = recordedOf(recorded, workload, event);
      if (known !== undefined) take(known, event, reporter, keys);
    },
    learned(now) {
      let left = MOST_MINUTES;
      for (const each of recorded.values()) left = watch(each, left, { alive, lost });
      return [...recorded.values()].map(({ model }) => model.describe(now));
    },
  };
}

/** From when something began to be lost until it was told. */
function lostHours({ since, time }: RuntimeEvent): number[] {
  const until = Math.floor(Date.parse(time) / HOUR);
  const from = since === undefined ? until : Math.floor(Date.parse(since) / HOUR);
  return Array.from({ length: Math.min(LONGEST_LOSS, Math.max(0, until - from) + 1) }, (_, at) => until - at);
}

function note(hours: Map<string, Set<number>>, reporter: string, hour: number): void {
  const known = hours.get(reporter);
  if (known) known.add(hour);
  else hours.set(reporter, new Set([hour]));
}

function recordedOf(
  all: Map<string, Recorded>,
  workload: Workload,
  { container, source }: RuntimeEvent,
): Recorded | undefined {
  const subject = subjectOfWorkload(workload);
  const key = `${workload.id}\n${container?.name ?? ''}`;
  const known = all.get(key);
  if (known !== undefined || all.size >= MOST_CONTAINERS) return known;
  const model = new BehaviourModel({ subject, ...(container?.name !== undefined && { container: container.name }) });
  const made: Recorded = {
    model,
    replicas: new Map(),
    dimensions: new Set(['exec']),
    isOwn: source === 'sensor',
  };
  all.set(key, made);
  return made;
}

function take(recorded: Recorded, event: RuntimeEvent, reporter: string, keys: Map<string, string>): void {
  const { container, pod, time, source } = event;
  const { model, replicas, dimensions } = recorded;
  const name = container?.id ?? pod?.name ?? '';
  const image = container?.imageDigest ?? container?.image ?? '';
  const replica = replicas.get(name);
  if (replica === undefined) {
    if (replicas.size >= MOST_REPLICAS) return;
    replicas.set(name, { reporter, image, first: time, last: time });
    if (image !== '') model.begin(factsOf(image), time);
  } else if (time > replica.last) replica.last = time;
  else if (time < replica.first) replica.first = time;
  if (source !== 'sensor') recorded.isOwn = false;
  const keyed = (of: RuntimeEvent) => behavioursOf(of).map((behaviour) => ({ key: keyOf(behaviour, keys), behaviour }));
  if (raisesSuspicion(event)) model.suspect(name, time, topicOf(event, keyed));
  if (event.watch !== undefined) promise(replicas.get(name)!, event.watch.dimensions);
  const behaviours = keyed(event);
  for (const { behaviour } of behaviours) dimensions.add(behaviour.dimension);
  if (behaviours.length > 0)
    model.take({ behaviours, replica: name, time, event, ...(image !== '' && { release: factsOf(image).id }) });
}

/** A source that begins anew may tell of less: of what it told only for a while nothing follows. */
function promise(replica: Replica, dimensions: readonly Dimension[]): void {
  replica.promised = dimensions.filter((one) => replica.promised?.includes(one) !== false);
}

/** Programs do the same over and over: a key takes longer than a look at the text. */
function keyOf(behaviour: Behaviour, keys: Map<string, string>): string {
  const text = behaviourText(behaviour);
  const known = keys.get(text);
  if (known !== undefined) return known;
  if (keys.size >= MOST_KEYS) keys.clear();
  const key = behaviourKey(behaviour);
  keys.set(text, key);
  return key;
}

/** All that is known of an image that was not read here. */
function factsOf(image: string) {
  const named = image.startsWith('sha256:') ? { imageDigest: image } : { image };
  return { ...releaseFacts({}), ...named, id: image };
}

interface Watched {
  alive: ReadonlyMap<string, ReadonlySet<number>>;
  lost: ReadonlyMap<string, ReadonlySet<number>>;
}

function watch({ model, replicas, dimensions, isOwn }: Recorded, most: number, { alive, lost }: Watched): number {
  let left = most;
  const told = isOwn ? SENSED : [...dimensions];
  for (const [name, { reporter, image, first, last, promised }] of replicas) {
    const source = reporter.slice(0, reporter.indexOf('@'));
    const end = Date.parse(last);
    for (let time = Math.floor(Date.parse(first) / MINUTE) * MINUTE; time <= end && left > 0; time += MINUTE, left--) {
      const hour = Math.floor(time / HOUR);
      if (alive.get(reporter)?.has(hour) !== true) continue;
      const partial = lost.get(reporter)?.has(hour) === true || lost.get(source)?.has(hour) === true;
      model.watched(name, new Date(time).toISOString(), {
        partial,
        ...(image !== '' && { release: image }),
        dimensions: promised ?? told,
      });
    }
  }
  return left;
}
