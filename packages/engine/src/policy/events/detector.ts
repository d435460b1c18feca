import type {
  EventProcess,
  Exception,
  Exposure,
  Image,
  JsonObject,
  PolicyResult,
  RuntimeEvent,
} from '@breakwater/model';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { outcomesOf } from '../evaluate.ts';
import { Facts, type PolicySubject } from '../facts/facts.ts';
import { matches } from '../match.ts';
import { POLICY_COST_LIMIT } from '../policy-expression.ts';
import { resultOf } from '../result.ts';
import { type SubjectTraits, traitsOf } from '../traits.ts';
import type { Look } from './event-fields.ts';
import { EventIndex, type Opening } from './event-index.ts';
import { EventView, type OwnersOf } from './event-view.ts';
import { ancestorsOf, ProcessTree, type TreeProcess } from './process-tree.ts';

/** What build and deploy know of what an event is about; what is left out is unknown. */
export interface EventSurroundings {
  /** Workload id. */
  workload?: string;
  /** The object that defines the workload. */
  object?: JsonObject;
  image?: Image;
  /** Names of the packages that own a file of the image. */
  ownersOf?: OwnersOf;
  exposure?: readonly Exposure[];
  /** Further facts by name, such as `estate`. */
  facts?: Readonly<Record<string, unknown>>;
}

/** A policy that an event is against, or that cannot be decided on it. */
export interface Detection {
  event: RuntimeEvent;
  /** `fail`, or `unknown` with what was missing. */
  result: PolicyResult;
  policy: CompiledPolicy['policy'];
  /** The processes above the one that acted, the closest first. */
  ancestors: EventProcess[];
}

/** Counts something. */
export interface Counter {
  count: number;
}

/**
 * Stands for all events that are alike: of one type, source, program (path, applet, user, where its file is from), with the
 * same file, call, its arguments and failure; and with the same peer, where it is a connection. Time, place, parent, pid and
 * arguments may be others. What a detector finds out of all of them together it keeps here.
 */
export interface AlikeEvents {
  judged?: JudgedAlike;
}

export interface JudgedAlike extends Opening {
  index: EventIndex;
  /** Of policies that cannot be decided on any of them. */
  undecided: readonly Counter[];
}

/** Gives what counts how often a policy could not be decided, and why. */
export type Undecided = (policy: string, reason: string) => Counter;

const NOTHING: readonly Detection[] = [];
const NOBODY_KNOWS: OwnersOf = () => undefined;

/**
 * Judges events, in the order in which they happened, by policies on events. Nearly all events cost a look-up: policies are
 * found by what they ask for, and only those that may have something to say are evaluated.
 */
export class Detector {
  readonly #policies: readonly CompiledPolicy[];
  readonly #exceptions: readonly Exception[];
  readonly #surroundingsOf: (event: RuntimeEvent) => EventSurroundings | undefined;
  readonly #index: EventIndex;
  readonly #undecided: Undecided | undefined;
  readonly #tree = new ProcessTree();

  /**
   * @param policies of which those are used that name events and the run phase.
   * @param surroundingsOf what build and deploy know of an event's container; asked only where a policy may apply.
   * @param undecided counts what cannot be decided on events that are alike: those come as counts, and not as detections.
   */
  constructor(
    policies: readonly CompiledPolicy[],
    exceptions: readonly Exception[] = [],
    surroundingsOf: (event: RuntimeEvent) => EventSurroundings | undefined = () => undefined,
    undecided?: Undecided,
  ) {
    this.#policies = policies.filter(
      ({ policy: { spec } }) => spec.match.events !== undefined && spec.phases.includes('run'),
    );
    this.#exceptions = exceptions;
    this.#surroundingsOf = surroundingsOf;
    this.#index = new EventIndex(this.#policies);
    this.#undecided = undecided;
  }

  /** How many policies it judges by. */
  get size(): number {
    return this.#policies.length;
  }

  /**
   * What policies have against an event, and what they cannot decide; `alike` stands for those that are like it. Never throws
   * for anything in the event.
   */
  judge(event: RuntimeEvent, alike?: AlikeEvents): readonly Detection[] {
    const started = this.#tree.add(event);
    if (!this.#index.isAbout(event.type)) return NOTHING;
    const look = new EventLook(event, started, this.#tree);
    const candidates = alike === undefined ? this.#index.candidates(look) : this.#candidatesOf(look, alike);
    if (candidates.length === 0) return NOTHING;
    return this.#judgeBy(candidates, event);
  }

  #candidatesOf(look: EventLook, alike: AlikeEvents): readonly number[] {
    let known = alike.judged;
    if (known?.index !== this.#index) {
      known = this.#judgeAlike(look);
      alike.judged = known;
    }
    for (const counter of known.undecided) counter.count += 1;
    const candidates = this.#index.candidatesAfter(known, look);
    // In the order in which they are told of any event.
    return candidates.length < 2 ? candidates : this.#index.candidates(look).filter((one) => candidates.includes(one));
  }

  /** What is decided alike on all of them, other than by a failure, need not be judged again. */
  #judgeAlike(look: EventLook): JudgedAlike {
    const { event } = look;
    const opening = this.#index.open(look);
    const undecided: Counter[] = [];
    const found = opening.found.filter((position) => {
      if (this.#undecided === undefined || !this.#index.decidesAlike(position, event.type)) return true;
      const results = this.#judgeBy([position], event).map(({ result }) => result);
      if (results.some(({ verdict }) => verdict !== 'unknown')) return true;
      for (const { policy, message } of results) undecided.push(this.#undecided(policy, message));
      return false;
    });
    return { ...opening, found, index: this.#index, undecided };
  }

  #judgeBy(candidates: readonly number[], event: RuntimeEvent): readonly Detection[] {
    const tree = this.#tree.of(event);
    const surroundings = this.#surroundingsOf(event) ?? {};
    const view = new EventView(event, tree, surroundings.ownersOf ?? NOBODY_KNOWS);
    const subject = subjectOf(event, view, surroundings);
    const judging = {
      subject,
      traits: traitsOfEvent(event, subject),
      facts: new Facts(subject, event.time),
      phase: 'run' as const,
      exceptions: this.#exceptions,
      now: event.time,
      keepsPasses: false,
    };
    const found: Detection[] = [];
    for (const position of candidates) {
      const compiled = this.#policies[position] as CompiledPolicy;
      if (!matches(compiled, judging.traits)) continue;
      for (const outcome of outcomesOf(compiled, judging, { remaining: POLICY_COST_LIMIT })) {
        if (outcome.verdict === 'pass') continue;
        const result = resultOf(compiled, outcome, judging);
        found.push({ event, result, policy: compiled.policy, ancestors: ancestorsOf(tree) });
      }
    }
    return found;
  }
}

/** The tree is asked where a policy asks for a parent. */
class EventLook implements Look {
  readonly event: RuntimeEvent;
  readonly #started: TreeProcess | undefined;
  readonly #tree: ProcessTree;

  constructor(event: RuntimeEvent, started: TreeProcess | undefined, tree: ProcessTree) {
    this.event = event;
    this.#started = started;
    this.#tree = tree;
  }

  get above(): EventProcess | undefined {
    return (this.#started ?? this.#tree.of(this.event))?.above?.actor;
  }
}

/** Where no object is at hand, the workload is what the source says of the pod. */
function traitsOfEvent({ pod, container }: RuntimeEvent, subject: PolicySubject): SubjectTraits {
  const traits = traitsOf(subject);
  const name = pod?.workload ?? pod?.name ?? container?.name ?? '';
  const labels = subject.object === undefined ? (pod?.labels ?? {}) : traits.labels;
  return { ...traits, labels, name: traits.name || name };
}

/** Who did it: the workload where it is known, else the pod, the container, the node. */
function subjectOf(event: RuntimeEvent, view: EventView, surroundings: EventSurroundings): PolicySubject {
  const { workload, object, image, exposure, facts } = surroundings;
  const { pod, container } = event;
  return {
    id: workload ?? (pod ? `${pod.namespace}/${pod.name}` : (container?.name ?? container?.id ?? event.node ?? '')),
    ...(pod && { namespace: pod.namespace }),
    ...(object && { object }),
    ...(image && { image }),
    ...(exposure && { exposure }),
    facts: { ...facts, event: view, process: view.process },
  };
}
