import { createHash } from 'node:crypto';
import { type Unknown, UserError } from '@breakwater/model';
import { EventShapes, parseEventParts } from '@breakwater/sources/events';
import type { EventJudge, JudgedEvents } from '../incidents/judge-events.ts';
import { EventFolder } from './fold-events.ts';
import type { IngestDelta, IngestStore, Reporter, ToldLoss } from './kept/index.ts';
import { SequenceGaps, type SequenceRange } from './kept/index.ts';
import { BehaviourMemory } from './known-deeds.ts';
import { type Knows, leaveOutKnown } from './leave-out-known.ts';
import { openNews } from './news.ts';

/** Events as they came, and who sent them. */
export interface SentEvents {
  /** Id of the key. */
  key: string;
  /** Who sends, for people: name of the key. */
  sender: string;
  /** Name of the cluster that the key is of: pods of these events are of it, whatever they say. */
  cluster?: string | undefined;
  /** Name that the sensor gives itself; empty for sources that give none. */
  sensor: string;
  /** Number of the batch, and of the oldest that the sensor still has; where it counts them. */
  sequence?: number | undefined;
  oldest?: number | undefined;
  /** When it was sent by the sender's clock, ISO 8601. */
  sentAt?: string | undefined;
  /** As it came, in UTF-8 where it is bytes. */
  text: string | Uint8Array;
}

/** What was taken of events that were sent, said only once it is stored. */
export interface IngestReceipt {
  accepted: number;
  /** What could not be read: how much, and the first few. */
  unknown: number;
  unknowns: Unknown[];
  /** Events whose time was minutes ahead of ours. */
  ahead: number;
  /** Whether it was stored before: then it was not counted again. */
  duplicate: boolean;
  /** Numbers of batches of this sensor that are stored and need not be sent again. */
  stored: SequenceRange[];
  /** Seconds by which the sender's clock is ahead of ours; only where it is off by a minute or more. */
  skew?: number;
}

/** Takes runtime events, and keeps what they come to: counts, deviations and their processes, not the events. */
export interface Ingest {
  /** Resolves when it is stored. @throws {UserError} for what a sender can mend */
  take(sent: SentEvents): Promise<IngestReceipt>;
  /** Joins what is still to be joined, and ends. */
  close(): Promise<void>;
}

/** Characters of one event: lists of an API server's audit come as one. */
const LONGEST_EVENT = 32 * 1024 * 1024;
const MOST_UNKNOWNS = 20;
const MOST_SENSORS = 10_000;
/** Clusters whose lines are known at once. */
const MOST_CLUSTERS = 16;
/** Seconds by which clocks may differ without a word. */
const SKEW = 60;
/** Batches after which they are joined, and milliseconds after which at the latest. */
const JOINED_AFTER = 500;
const JOINED_EVERY = 30_000;

/**
 * Ingest into a store. `now` gives milliseconds; `report` takes what the operator should read. `judge` raises alerts on
 * what comes in, which are stored with it; absent where nobody judges. Of what those who learn know, as `knows` says, no
 * example is stored again: nearly all of what batches tell is known.
 */
export function openIngest(
  store: IngestStore,
  now: () => number,
  report: (line: string) => void,
  judge?: EventJudge,
  knows: Knows = () => false,
): Ingest {
  const remembered = new BehaviourMemory();
  const news = openNews();
  const sensors = new Set<string>();
  let waiting = 0;
  let joining: Promise<void> = Promise.resolve();
  const join = (): Promise<void> => {
    if (waiting === 0) return joining;
    waiting = 0;
    joining = joining.then(async () => {
      await store.compact().catch((error: Error) => report(`What came in could not be joined: ${error.message}`));
    });
    return joining;
  };
  const timer = setInterval(() => void join(), JOINED_EVERY);
  timer.unref();
  const inTurn = takeInTurn();
  const shapesOf = openShapes();
  const opened: Ingest = {
    async take(sent) {
      await admitSensor(store, sensors, sent);
      const receivedAt = new Date(now()).toISOString();
      const folder = new EventFolder(receivedAt, remembered);
      const shapes = shapesOf(sent.cluster);
      const limits = { longestEvent: LONGEST_EVENT, mostUnknowns: MOST_UNKNOWNS, shapes };
      const judged: JudgedEvents = { alerts: [], signs: [] };
      const unknowns: Unknown[] = [];
      let count = 0;
      for (const { events, unknowns: unread } of parseEventParts(sent.text, sent.sender, limits)) {
        count += events.length;
        unknowns.push(...unread);
        if (sent.cluster !== undefined) for (const { pod } of events) if (pod !== undefined) pod.cluster = sent.cluster;
        const alike = events.map((event) => folder.add(event));
        const prepared = judge?.prepare(events);
        if (prepared !== undefined) await prepared;
        judge?.judge(events, judged, alike);
      }
      for (const alert of judged.alerts) folder.add(alert);
      for (const { event, expected } of judged.signs) if (expected !== undefined) folder.expect(event);
      const { delta, lost, ahead, dropped } = folder.end();
      const unknown = countUnknowns(unknowns);
      const skew = skewOf(sent.sentAt, now());
      const { key, sensor, sequence, oldest } = sent;
      const { isNew, stored } = await store
        .commit({
          key,
          sensor,
          ...(sequence !== undefined && { sequence }),
          ...(oldest !== undefined && { oldest }),
          receivedAt,
          skew,
          events: count,
          unknowns: unknown,
          lost: lost + dropped,
          isNews: news.isNews(delta),
          signs: judged.signs,
          delta: {
            ...delta,
            behaviours: leaveOutKnown(delta.behaviours, knows),
            ...(dropped > 0 && { reporters: delta.reporters.map(lossyOf), losses: allLost(delta) }),
          },
        })
        .catch((error: unknown) => {
          news.forget();
          judge?.forget();
          return refuseGaps(error);
        });
      if (isNew && judged.signs.length > 0) judge?.stored();
      waiting += 1;
      if (waiting >= JOINED_AFTER) void join();
      return {
        accepted: isNew ? count : 0,
        unknown,
        unknowns: unknowns.slice(0, MOST_UNKNOWNS),
        ahead,
        duplicate: !isNew,
        stored,
        ...(Math.abs(skew) >= SKEW && { skew }),
      };
    },
    async close() {
      clearInterval(timer);
      await join();
    },
  };
  return { ...opened, take: (sent) => inTurn(sent, () => opened.take(sent)) };
}

/** What lines are like, for each cluster: events share pods, and pods of one cluster are not those of another. */
function openShapes(): (cluster: string | undefined) => EventShapes {
  const known = new Map<string | undefined, EventShapes>();
  return (cluster) => {
    const found = known.get(cluster);
    if (found !== undefined) return found;
    if (known.size >= MOST_CLUSTERS) known.clear();
    const shapes = new EventShapes();
    known.set(cluster, shapes);
    return shapes;
  };
}

/** A batch that is sent again while it is being stored waits for that: only then is it known whether it was told. */
function takeInTurn(): <T>(sent: SentEvents, take: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<unknown>>();
  return async ({ key, sensor, sequence, text }, take) => {
    const name = JSON.stringify([key, sensor, sequence ?? createHash('sha256').update(text).digest('hex')]);
    const before = underWay.get(name);
    const taken = before === undefined ? take() : before.then(take, take);
    underWay.set(name, taken);
    return await taken.finally(() => underWay.get(name) === taken && underWay.delete(name));
  };
}

/** The last unknown counts those beyond the ones that are listed. */
function countUnknowns(unknowns: readonly Unknown[]): number {
  const more = unknowns.find(({ code }) => code === 'events-unreadable');
  const count = Number(/^\d+/.exec(more?.message ?? '')?.[0] ?? 0);
  return more === undefined ? unknowns.length : unknowns.length - 1 + count;
}

/** Of a reporter that told more than is kept of one batch, not all that happened is known. */
const lossyOf = (reporter: Reporter): Reporter => ({ ...reporter, lossy: true });

/** Of every minute that it tells of, something may be missing. */
function allLost({ replicas, losses }: IngestDelta): ToldLoss[] {
  const times = replicas.flatMap(({ minutes }) => minutes.map(({ minute }) => `${minute}:00.000Z`)).sort();
  const [since, time] = [times[0], times.at(-1)];
  if (since === undefined || time === undefined) return losses;
  const reporters = [...new Set(replicas.map(({ reporter }) => reporter))];
  return [...losses, ...reporters.map((reporter) => ({ reporter, replica: '', since, time }))];
}

function skewOf(sentAt: string | undefined, now: number): number {
  const sent = Date.parse(sentAt ?? '');
  return Number.isNaN(sent) ? 0 : Math.round((sent - now) / 1000);
}

/** Whoever has a key could fill the store with sensors that there are not. */
async function admitSensor(store: IngestStore, known: Set<string>, { key, sensor }: SentEvents): Promise<void> {
  const name = `${key}/${sensor}`;
  if (known.has(name)) return;
  if (known.size >= MOST_SENSORS) known.clear();
  if ((await store.countOtherSensors(key, sensor)) >= MOST_SENSORS) {
    throw new UserError(`More than ${MOST_SENSORS} sensors send with this key.`, {
      code: 'sensors-too-many',
      hint: 'Give others a key of their own: breakwater ingest key NAME',
    });
  }
  known.add(name);
}

function refuseGaps(error: unknown): never {
  if (!(error instanceof SequenceGaps)) throw error;
  throw new UserError(`The batch leaves too much out: ${error.message}.`, {
    code: 'sequence-gaps',
    hint: 'Send older batches first.',
    cause: error,
  });
}
