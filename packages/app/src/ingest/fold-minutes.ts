import type { RuntimeEvent } from '@breakwater/model';
import type { ToldLoss, ToldMinute, ToldReplica } from './kept/index.ts';

/** Replicas, minutes of each, and samples of what each used, of one batch: beyond, what is told is told as lost. */
const MOST_REPLICAS = 2_000;
const MOST_MINUTES = 240;
const MOST_USES = 120;
const MOST_LOSSES = 1_000;
/** What alerts of one minute were about: beyond, nobody can say. */
const MOST_TOPICS = 64;
/** Characters of a time that name its minute. */
const MINUTE = '2026-11-20T10:31'.length;

/** A replica whose minutes are told. */
export interface OpenReplica {
  told: ToldReplica;
  minute: string;
  did: Set<number>;
  byMinute: Map<string, Set<number>>;
  /** What alerts were about, by minute. */
  alerts: Map<string, Set<string>>;
}

/** Folds events into the minutes of replicas: what each did in each, however often. */
export class MinuteFolder {
  readonly #replicas = new Map<string, OpenReplica>();
  readonly #losses: ToldLoss[] = [];
  #dropped = 0;

  /** The replica that an event is of; undefined, and counted, beyond those that are told apart. */
  replicaOf(event: RuntimeEvent, subject: string, container: string): OpenReplica | undefined {
    const replica = event.container?.id ?? event.pod?.name ?? subject;
    const name = `${subject}\0${container}\0${replica}`;
    const known = this.#replicas.get(name);
    if (known !== undefined) return known;
    if (this.#replicas.size >= MOST_REPLICAS) {
      this.#dropped += 1;
      return undefined;
    }
    const image = event.container?.imageDigest ?? event.container?.image ?? '';
    const imageName = event.container?.image ?? '';
    const told = { subject, container, replica, image, imageName, reporter: reporterOf(event), minutes: [], uses: [] };
    const open = { told, minute: '\0', did: new Set<number>(), byMinute: new Map(), alerts: new Map() };
    this.#replicas.set(name, open);
    return open;
  }

  /** A behaviour, by its place in the batch's list. */
  did(replica: OpenReplica, time: string, place: number): void {
    if (!time.startsWith(replica.minute)) turn(replica, time);
    replica.did.add(place);
  }

  /** What a replica used, which also tells that it was watched all the while. */
  used(replica: OpenReplica, { time, since = time, usage }: RuntimeEvent): void {
    if (usage === undefined) return;
    if (replica.told.uses.length < MOST_USES) replica.told.uses.push({ since, time, usage });
    else this.#dropped += 1;
  }

  /** Its source begins to tell of it; of several beginnings, that counts which all of them tell of. */
  begun({ told }: OpenReplica, { watch }: RuntimeEvent): void {
    if (watch === undefined) return;
    told.dimensions = watch.dimensions.filter((one) => told.dimensions?.includes(one) !== false);
    if (watch.settings !== undefined) told.settings = watch.settings;
  }

  /** An alert casts doubt on what is new in this minute and after it. */
  alerted({ alerts }: OpenReplica, time: string, about: string): void {
    const minute = minuteOf(time);
    const topics = alerts.get(minute) ?? new Set();
    if (alerts.size < MOST_MINUTES) alerts.set(minute, topics);
    topics.add(topics.size < MOST_TOPICS ? about : '');
  }

  /** Something was lost, of one container or of any. */
  lost(event: RuntimeEvent): void {
    const { time, since = time, container } = event;
    const loss = { reporter: reporterOf(event), replica: container?.id ?? '', since, time };
    if (this.#losses.length < MOST_LOSSES) this.#losses.push(loss);
    else this.#losses[MOST_LOSSES - 1] = { ...loss, replica: '' };
  }

  end(): { replicas: ToldReplica[]; losses: ToldLoss[]; dropped: number } {
    const replicas = Array.from(this.#replicas.values(), ({ told, byMinute, alerts }) => ({
      ...told,
      ...(alerts.size > 0 && { alerts: inOrder(alerts, (minute, about) => ({ minute, about: [...about] })) }),
      minutes: inOrder(byMinute, (minute, did): ToldMinute => ({ minute, did: [...did] })),
    }));
    return { replicas, losses: this.#losses, dropped: this.#dropped };
  }
}

/** What is told of each minute, the earliest first. */
const inOrder = <Of, Told>(byMinute: ReadonlyMap<string, Of>, tell: (minute: string, of: Of) => Told): Told[] =>
  [...byMinute].sort(([a], [b]) => (a < b ? -1 : 1)).map(([minute, of]) => tell(minute, of));

function turn(open: OpenReplica, time: string): void {
  const minute = minuteOf(time);
  let did = open.byMinute.get(minute);
  if (did === undefined) {
    // Minutes that come from everywhere are those of a clock that nobody set: they are told as the last one.
    did = open.byMinute.size < MOST_MINUTES ? new Set() : open.did;
    if (open.byMinute.size < MOST_MINUTES) open.byMinute.set(minute, did);
  }
  [open.minute, open.did] = [minute, did];
}

/** `2026-11-20T10:31` of a time. */
export const minuteOf = (time: string): string => time.slice(0, MINUTE);

/** `sensor@node`. */
const reporterOf = ({ source, node }: RuntimeEvent): string => `${source}@${node ?? ''}`;
