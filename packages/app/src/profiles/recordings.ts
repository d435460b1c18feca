import { behavioursOf, behaviourText, profileOf } from '@breakwater/engine/behaviour';
import type { Observed } from '@breakwater/engine/compile';
import type { BehaviourProfile, RuntimeEvent } from '@breakwater/model';
import { subjectOf } from '../ingest/subject-of.ts';

/** Workloads and behaviours of each that are kept; what is beyond makes a profile partial. */
const MOST_SUBJECTS = 1_000;
const MOST_BEHAVIOURS = 100_000;

/** Of a pod whose workload its source does not tell, `namespace/Kind/name`. */
export type OwnerOf = (namespace: string, pod: string) => string | undefined;

/** What events tell of one container, and how often each behaviour was seen. */
export interface Recorded {
  profile: BehaviourProfile;
  recorded: Observed[];
}

/**
 * Folds events into one profile for each container of each workload. Only events that tell of something new are kept, all are
 * counted. What was lost may be of anybody, also of a container of which nothing was told yet; what is of no container is of
 * nobody here.
 */
export class Recordings {
  readonly #byContainer = new Map<string, Recording>();
  readonly #ownerOf: OwnerOf | undefined;
  #loss: RuntimeEvent | undefined;
  #kept = 0;

  constructor(ownerOf?: OwnerOf) {
    this.#ownerOf = ownerOf;
  }

  /** Events that are kept. */
  get kept(): number {
    return this.#kept;
  }

  take(event: RuntimeEvent): void {
    const subject = this.#subjectOf(event);
    if (event.type === 'loss' && subject === undefined) {
      this.#loss = event;
      for (const recording of this.#byContainer.values()) recording.take(event);
      return;
    }
    if (subject === undefined) return;
    const key = `${subject}\n${event.container?.name ?? ''}`;
    let recording = this.#byContainer.get(key);
    if (recording === undefined) {
      if (this.#byContainer.size >= MOST_SUBJECTS) return;
      recording = new Recording(subject);
      if (this.#loss !== undefined) recording.take(this.#loss);
      this.#byContainer.set(key, recording);
    }
    if (recording.take(event)) this.#kept += 1;
  }

  finish(): Recorded[] {
    return Array.from(this.#byContainer.values(), (recording) => recording.finish());
  }

  /** As it is learned, so that what is recorded and what is learned of one workload go by one name. */
  #subjectOf(event: RuntimeEvent): string | undefined {
    const { pod } = event;
    const owner =
      pod === undefined || pod.workload !== undefined ? undefined : this.#ownerOf?.(pod.namespace, pod.name);
    return owner ?? subjectOf(event);
  }
}

class Recording {
  readonly #subject: string;
  readonly #telling: RuntimeEvent[] = [];
  readonly #seen = new Map<string, Observed>();
  #first: RuntimeEvent | undefined;
  #last: RuntimeEvent | undefined;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Whether it tells of something new. */
  take(event: RuntimeEvent): boolean {
    this.#first ??= event;
    this.#last = event;
    if (event.prevention !== undefined) return false;
    let isTelling = event.type === 'loss';
    for (const behaviour of behavioursOf(event)) {
      const text = behaviourText(behaviour);
      const known = this.#seen.get(text);
      if (known !== undefined) known.count += 1;
      else {
        isTelling = true;
        if (this.#seen.size < MOST_BEHAVIOURS) this.#seen.set(text, { behaviour, count: 1 });
      }
    }
    if (isTelling && this.#telling.length <= MOST_BEHAVIOURS) this.#telling.push(event);
    return isTelling;
  }

  finish(): Recorded {
    const ends = [this.#first, this.#last].filter((event) => event !== undefined);
    return {
      profile: profileOf([...this.#telling, ...ends], this.#subject),
      recorded: [...this.#seen.values()],
    };
  }
}
