import type { RuntimeEvent } from '@breakwater/model';
import type { ToldLoss, ToldMinute, ToldReplica } from './kept/index.ts';

/** Replicas, minutes of each, and samples of what each used, of one batch: beyond, what is told is told as lost. */
const MOST_REPLICAS = 2_000;
const MOST_MINUTES = 240;
const MOST_USES = 120;
const MOST_LOSSES = 1_000;
/** Characters of a time that name its minute. */
const MINUTE = '2026-11-20T10:31'.length;

interface Open {
  told: ToldReplica;
  minute: string;
  did: Set<number>;
  byMinute: Map<string, Set<number>>;
}

/**
 * Folds events into the minutes of replicas: what each did in each, however often. Most events come from where the last
 * one came from, in the same minute, and cost a look at a set.
 */
export class MinuteFolder {
  readonly #replicas = new Map<string, Open>();
  readonly #losses: ToldLoss[] = [];
  #dropped = 0;
  #last: Open | undefined;
  #lastId: string | undefined;
  #lastSubject = '';

  /** A behaviour of a place in the batch's list. */
  did(event: RuntimeEvent, subject: string, container: string, place: number): void {
    const open = this.#replicaOf(event, subject, container);
    if (open === undefined) return;
    if (!event.time.startsWith(open.minute)) turn(open, event.time);
    open.did.add(place);
  }

  /** What a replica used, which also tells that it was watched all the while. */
  used(event: RuntimeEvent, subject: string, container: string): void {
    const open = event.usage === undefined ? undefined : this.#replicaOf(event, subject, container);
    if (open === undefined || event.usage === undefined) return;
    const { time, since = time, usage } = event;
    if (open.told.uses.length < MOST_USES) open.told.uses.push({ since, time, usage });
    else this.#dropped += 1;
  }

  /** Something was lost, of one container or of any. */
  lost(event: RuntimeEvent): void {
    const { time, since = time, container } = event;
    const loss = { reporter: reporterOf(event), replica: container?.id ?? '', since, time };
    if (this.#losses.length < MOST_LOSSES) this.#losses.push(loss);
    else this.#losses[MOST_LOSSES - 1] = { ...loss, replica: '' };
  }

  end(): { replicas: ToldReplica[]; losses: ToldLoss[]; dropped: number } {
    const replicas = Array.from(this.#replicas.values(), ({ told, byMinute }) => ({
      ...told,
      minutes: Array.from(byMinute, ([minute, did]): ToldMinute => ({ minute, did: [...did] })).sort((a, b) =>
        a.minute < b.minute ? -1 : 1,
      ),
    }));
    return { replicas, losses: this.#losses, dropped: this.#dropped };
  }

  #replicaOf(event: RuntimeEvent, subject: string, container: string): Open | undefined {
    const id = event.container?.id ?? event.pod?.name;
    if (this.#last !== undefined && id !== undefined && id === this.#lastId && subject === this.#lastSubject) {
      return this.#last;
    }
    const replica = id ?? subject;
    const name = `${subject}\0${container}\0${replica}`;
    let open = this.#replicas.get(name);
    if (open === undefined) {
      if (this.#replicas.size >= MOST_REPLICAS) {
        this.#dropped += 1;
        return undefined;
      }
      const image = event.container?.imageDigest ?? event.container?.image ?? '';
      const told = { subject, container, replica, image, reporter: reporterOf(event), minutes: [], uses: [] };
      open = { told, minute: '\0', did: new Set(), byMinute: new Map() };
      this.#replicas.set(name, open);
    }
    [this.#last, this.#lastId, this.#lastSubject] = [open, id, subject];
    return open;
  }
}

function turn(open: Open, time: string): void {
  const minute = time.slice(0, MINUTE);
  let did = open.byMinute.get(minute);
  if (did === undefined) {
    // Minutes that come from everywhere are those of a clock that nobody set: they are told as the last one.
    did = open.byMinute.size < MOST_MINUTES ? new Set() : open.did;
    if (open.byMinute.size < MOST_MINUTES) open.byMinute.set(minute, did);
  }
  [open.minute, open.did] = [minute, did];
}

/** `sensor@node`. */
const reporterOf = ({ source, node }: RuntimeEvent): string => `${source}@${node ?? ''}`;
