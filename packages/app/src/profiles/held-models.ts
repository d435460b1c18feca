import {
  BehaviourModel,
  declaredPrior,
  isStartOf,
  joinPriors,
  recordedPrior,
  releaseFacts,
  startedWith,
} from '@breakwater/engine/behaviour';
import {
  type AlertBudget,
  type Behaviour,
  type ReleaseFacts,
  type RuntimeEvent,
  subjectWithoutCluster,
  workloadOfSubject,
} from '@breakwater/model';
import type { ToldReplica } from '../ingest/kept/index.ts';
import type { BehaviourStore, KeptModel } from './kept/index.ts';

/** A model in memory, and what was looked up for it. */
export interface HeldModel {
  subject: string;
  /** Empty where it is of none. */
  container: string;
  version: number;
  model: BehaviourModel;
  isChanged: boolean;
  /** Keys of what was known when it was judged last. */
  known: Set<string>;
  usedAt: number;
  /** By image, and how it was started: id of the release, and when it was looked up. */
  releases: Map<string, { id: string; at: number; isRecorded: boolean }>;
  /** By reporter, what it tells of every time; undefined where it never said. */
  promised: Map<string, Dimensions | undefined>;
}

type Dimensions = Behaviour['dimension'][];

/** An image, as those who run it name it: by digest or reference, and by name. */
export interface RunningImage {
  image: string;
  imageName: string;
}

/** A container that runs an image, and how it was started where that is told. */
export interface RunningReplica extends RunningImage {
  replica: string;
  settings?: ToldReplica['settings'];
}

/** What models are read from, and made with. */
export interface HeldModelsOptions {
  store: BehaviourStore;
  now(): number;
  budget?: AlertBudget | undefined;
  lookUp?(image: RunningImage): Promise<ReleaseFacts | undefined>;
}

/** Milliseconds after which what is known of a release is looked up again: manifests change without the image. */
const FACTS_KEPT = 60_000;
/** Models in memory, and milliseconds for which one that nobody needs stays there. */
export const MOST_MODELS = 2_000;
const UNUSED = 30 * 60_000;

/** Models that are learned with: each is read from the store once. */
export class HeldModels {
  readonly #store: BehaviourStore;
  readonly #now: () => number;
  readonly #options: HeldModelsOptions;
  readonly #held = new Map<string, HeldModel>();

  constructor(options: HeldModelsOptions) {
    this.#store = options.store;
    this.#now = options.now;
    this.#options = options;
  }

  async get(subject: string, container: string): Promise<HeldModel> {
    const place = placeOf(subject, container);
    let held = this.#held.get(place);
    if (held === undefined) {
      const kept = (await this.#store.model(subject, container)) ?? (await this.#former(subject, container));
      const { budget } = this.#options;
      const asked = budget === undefined ? {} : { budget };
      const model =
        kept === undefined
          ? new BehaviourModel({ subject, ...(container !== '' && { container }), ...asked })
          : BehaviourModel.restore({ ...kept.state, ...asked });
      held = {
        subject,
        container,
        version: kept?.version ?? 0,
        model,
        isChanged: false,
        known: new Set(),
        usedAt: 0,
        releases: new Map(),
        promised: new Map(),
      };
      this.#held.set(place, held);
    }
    held.usedAt = this.#now();
    return held;
  }

  /** Of a time when clusters were not told apart: what events of this cluster taught the workload without one. */
  async #former(subject: string, container: string): Promise<KeptModel | undefined> {
    const cluster = workloadOfSubject(subject)?.cluster;
    if (cluster === undefined) return undefined;
    const former = subjectWithoutCluster(subject);
    const kept = await this.#store.model(former, container);
    if (kept === undefined || !(await this.#store.isTaughtBy(former, container, cluster))) return undefined;
    return { ...kept, version: 0, state: { ...kept.state, subject } };
  }

  /** Whether a behaviour was known when it was judged last; of a model that is not in memory nobody says so. */
  isKnown(subject: string, container: string, key: string): boolean {
    return this.#held.get(placeOf(subject, container))?.known.has(key) === true;
  }

  /** An event that showed a behaviour before. */
  async example({ subject, container }: HeldModel, key: string): Promise<RuntimeEvent | undefined> {
    const own = await this.#store.example(subject, container, key);
    const former = subjectWithoutCluster(subject);
    return own ?? (former === subject ? undefined : await this.#store.example(former, container, key));
  }

  /** Those of a subject: of one container, or of each that is known. */
  async of(subject: string, container: string | undefined): Promise<HeldModel[]> {
    const held = [...this.#held.values()].flatMap((one) => (one.subject === subject ? [one.container] : []));
    const names = container === undefined ? [...(await this.#store.containers(subject)), ...held] : [container];
    return await Promise.all([...new Set(names)].map((name) => this.get(subject, name)));
  }

  /** Those that may hold something for an incident: what nothing is held in is not read. */
  async holding(incident: string): Promise<HeldModel[]> {
    for (const { subject, container } of await this.#store.holding(incident)) await this.get(subject, container);
    return [...this.#held.values()];
  }

  get size(): number {
    return this.#held.size;
  }

  /** The release that runs an image: begun in the model where it is new; undefined where no image is told. */
  async release(held: HeldModel, running: RunningReplica, time: string): Promise<string | undefined> {
    const { image, replica, settings } = running;
    if (image === '') return undefined;
    const own = settings === undefined ? held.model.releaseOf(replica) : undefined;
    const place = settings === undefined ? `${image}\0${own ?? ''}` : `${image}\0${JSON.stringify(settings)}`;
    const known = held.releases.get(place);
    // A clock that was set back keeps nothing for longer.
    if (known !== undefined && Math.abs(this.#now() - known.at) < FACTS_KEPT) return known.id;
    const found = (await this.#factsOf(held, running)) ?? factsOf(image);
    // A manifest says more than a runtime, and the same of each replica. How it was started is told once.
    const isDeclared = found.serviceAccount !== undefined;
    if (!isDeclared && own !== undefined && (isStartOf(own, found.id) || isStartOf(own, image))) return own;
    const asStarted = isDeclared ? undefined : settings;
    const facts = asStarted === undefined ? found : startedWith(found, asStarted);
    const recorded = (await this.#store.recorded(image)) ?? (await this.#recordedOf(facts));
    const isRecorded = recorded !== undefined;
    const declared = declaredPrior(facts);
    if (known?.id !== facts.id || known.isRecorded !== isRecorded)
      held.model.seed(isRecorded ? joinPriors(declared, recordedPrior(recorded)) : declared);
    if (known?.id !== facts.id) {
      const unread = asStarted === undefined ? [] : [found.id, startedWith(factsOf(image), asStarted).id];
      held.model.begin(facts, time, [image, ...unread]);
    }
    held.releases.set(place, { id: facts.id, at: this.#now(), isRecorded });
    return facts.id;
  }

  /** What a reporter tells of a container every time: `said` now, or before. */
  async promised(held: HeldModel, reporter: string, said: Dimensions | undefined): Promise<Dimensions | undefined> {
    const { subject, container, promised } = held;
    if (said !== undefined) promised.set(reporter, said);
    else if (!promised.has(reporter)) promised.set(reporter, await this.#store.promised(subject, container, reporter));
    return promised.get(reporter);
  }

  /** Of an image that events name otherwise than by its digest. */
  async #recordedOf({ imageDigest }: ReleaseFacts): ReturnType<BehaviourStore['recorded']> {
    return imageDigest === undefined ? undefined : await this.#store.recorded(imageDigest);
  }

  async #factsOf({ subject, container }: HeldModel, running: RunningImage): Promise<ReleaseFacts | undefined> {
    const { image, imageName } = running;
    const known = await this.#store.facts(subject, container, image);
    if (known !== undefined) return known;
    const facts = await this.#options.lookUp?.(running);
    if (facts === undefined) return undefined;
    const images = [image, imageName].filter((name) => name !== '');
    await this.#store.writeFacts([{ subject: '', container: '', images, facts }], new Date(this.#now()).toISOString());
    return facts;
  }

  changed(): HeldModel[] {
    return [...this.#held.values()].filter(({ isChanged }) => isChanged);
  }

  /** What was changed is kept now: those that nobody needs may go. */
  kept(): void {
    const byUse = [...this.#held].sort(([, a], [, b]) => b.usedAt - a.usedAt);
    for (const [index, [place, held]] of byUse.entries()) {
      if (held.isChanged) held.version += 1;
      held.isChanged = false;
      if (index >= MOST_MODELS || this.#now() - held.usedAt > UNUSED) this.#held.delete(place);
    }
  }

  clear(): void {
    this.#held.clear();
  }
}

const placeOf = (subject: string, container: string): string => `${subject}\0${container}`;

/** All that is known of an image that nobody read. */
function factsOf(image: string): ReleaseFacts {
  const named = image.startsWith('sha256:') ? { imageDigest: image } : { image };
  return { ...releaseFacts({}), ...named, id: image };
}
