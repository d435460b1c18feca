import {
  type AlikeEvents,
  alertOf,
  type Detection,
  Detector,
  RepeatLimiter,
  type Repeats,
} from '@breakwater/engine/policy/events';
import type { RuntimeEvent, Unknown } from '@breakwater/model';
import type { AssessPathsOptions } from '../estate/assess-paths.ts';
import { openPolicySet } from '../estate/policy-set.ts';
import type { Surroundings } from './estate-surroundings.ts';
import { tellStory } from './tell-story.ts';

/** What detection judges by. */
export interface DetectionOptions extends Omit<AssessPathsOptions, 'onGathered'> {
  /** Manifests, images and clusters that tell what runs; none where alerts tell of events alone. */
  estate?: string[] | undefined;
  /** What is known of an event's container, where that is known without reading an estate. */
  surroundingsOf?: ((event: RuntimeEvent) => Surroundings) | undefined;
}

/** What a policy could not decide, and how often. */
export interface Undecided {
  policy: string;
  reason: string;
  count: number;
}

/** Judges events as they come and gives alerts: what repeats is one alert with a count. */
export interface OpenDetection {
  /** How many policies events are judged by. */
  policies: number;
  /** Policies that cannot be used, and what of the estate could not be read. */
  unknowns: Unknown[];
  /** Alerts that an event gives now, each an event of its own; `alike` stands for those that are like it. */
  take(event: RuntimeEvent, alike?: AlikeEvents): RuntimeEvent[];
  /** Alerts that were held back as repetitions. */
  rest(): RuntimeEvent[];
  undecided(): Undecided[];
  /** Has nothing told yet: what was told before is told again. */
  forget(): void;
  /** What a policy says of how it is mended. */
  fixOf(policy: string): string | undefined;
  /** Events of hosts themselves, which are not judged: policies are about containers. */
  ofHosts(): number;
}

/** Opens policies on events, and reads what tells of the containers that they happen in. */
export async function openDetection(options: DetectionOptions): Promise<OpenDetection> {
  const { estate = [], policies = [], now, packs, kubernetesVersion } = options;
  const opened = await openPolicySet(policies, now, undefined, undefined, { packs, kubernetesVersion });
  const { surroundingsOf, unknowns } = await readSurroundings(estate, options);
  const { policySet } = opened;
  const undecided = new UndecidedPolicies();
  const { policies: all, exceptions } = policySet;
  const detector = new Detector(all, exceptions, surroundingsOf, (...what) => undecided.of(...what));
  const detection = new RunningDetection(detector, surroundingsOf, undecided);
  const fixes = new Map(policySet.policies.map(({ policy: { metadata, spec } }) => [metadata.name, spec.fix]));
  return Object.assign(detection, {
    policies: detector.size,
    unknowns: [...opened.unknowns, ...unknowns],
    fixOf: (policy: string) => fixes.get(policy),
  });
}

type SurroundingsOf = (event: RuntimeEvent) => Surroundings;

/** Reading an estate takes much of what most detection never needs: loaded where one is named. */
async function readSurroundings(
  paths: string[],
  options: DetectionOptions,
): Promise<{ surroundingsOf: SurroundingsOf; unknowns: Unknown[] }> {
  if (paths.length === 0) return { surroundingsOf: options.surroundingsOf ?? (() => ({})), unknowns: [] };
  const [{ gatherPaths }, { estateSurroundings }] = await Promise.all([
    import('../estate/assess-paths.ts'),
    import('./estate-surroundings.ts'),
  ]);
  return gatherPaths(paths, options, ({ gathered, reading, unknowns }) => ({
    surroundingsOf: estateSurroundings(gathered.facts, reading.images),
    unknowns,
  }));
}

class RunningDetection implements Omit<OpenDetection, 'policies' | 'unknowns' | 'fixOf'> {
  readonly #detector: Detector;
  readonly #surroundingsOf: SurroundingsOf;
  #limiter = new RepeatLimiter();
  readonly #undecided: UndecidedPolicies;
  #ofHosts = 0;

  constructor(detector: Detector, surroundingsOf: SurroundingsOf, undecided: UndecidedPolicies) {
    this.#detector = detector;
    this.#surroundingsOf = surroundingsOf;
    this.#undecided = undecided;
  }

  take(event: RuntimeEvent, alike?: AlikeEvents): RuntimeEvent[] {
    if (isOfHost(event)) {
      this.#ofHosts++;
      return NONE;
    }
    const found = this.#detector.judge(event, alike);
    if (found.length === 0) return NONE;
    return found.flatMap((detection) => this.#tell(detection));
  }

  rest(): RuntimeEvent[] {
    return this.#limiter.rest().map((repeats) => this.#alert(repeats));
  }

  forget(): void {
    this.#limiter = new RepeatLimiter();
  }

  undecided(): Undecided[] {
    return this.#undecided.all();
  }

  ofHosts(): number {
    return this.#ofHosts;
  }

  #tell(detection: Detection): RuntimeEvent[] {
    const { result } = detection;
    if (result.verdict === 'fail') return this.#limiter.take(detection).map((repeats) => this.#alert(repeats));
    this.#undecided.of(result.policy, result.message).count += 1;
    return NONE;
  }

  #alert({ detection, count }: Repeats): RuntimeEvent {
    const alert = alertOf(detection);
    const story = tellStory(detection, this.#surroundingsOf(detection.event));
    return { ...alert, ...(count > 1 && { count }), ...(alert.alert && { alert: { ...alert.alert, story } }) };
  }
}

/** Counts what policies could not decide, by the reason. */
class UndecidedPolicies {
  readonly #byReason = new Map<string, Undecided>();

  of(policy: string, reason: string): Undecided {
    const key = `${policy}\0${reason}`;
    let known = this.#byReason.get(key);
    if (known === undefined) {
      known = { policy, reason, count: 0 };
      this.#byReason.set(key, known);
    }
    return known;
  }

  all(): Undecided[] {
    return [...this.#byReason.values()].filter(({ count }) => count > 0);
  }
}

const NONE: RuntimeEvent[] = [];

/** Sources that know containers name them. */
const KNOW_CONTAINERS: ReadonlySet<RuntimeEvent['source']> = new Set([
  'sensor',
  'tetragon',
  'falco',
  'tracee',
  'kubearmor',
]);

const isOfHost = ({ source, container, pod, type }: RuntimeEvent): boolean =>
  container === undefined && pod === undefined && type !== 'loss' && KNOW_CONTAINERS.has(source);
