import {
  type Behaviour,
  DIMENSIONS,
  type DimensionState,
  isSubjectOf,
  type LearnedProfile,
  type PendingBehaviour,
  type ResourceUse,
  subjectOfWorkload,
  subjectWithoutCluster,
  type Workload,
} from '@breakwater/model';

type Dimension = Behaviour['dimension'];

/** What was seen of one container of a workload, and how far it follows that it does nothing else. */
export interface ContainerUse {
  /** Workload id. */
  workload: string;
  /** Name of the container. */
  container: string;
  from?: string;
  until?: string;
  replicas: number;
  /** Everything that was seen or declared, also what is held as suspicious: a use is a use. */
  behaviours: readonly Behaviour[];
  /** Those of them that were seen, in production or in tests: without what is only declared. */
  acted: readonly Behaviour[];
  /** Whether a replica was watched from its first program on: what it does once, it does then. */
  isStartSeen: boolean;
  /** What its replicas used of the machine. */
  resources: readonly ResourceUse[];
  states: ReadonlyMap<Dimension, DimensionState>;
  /** Whether behaviours found no room: then nothing follows from an absence. */
  isFull: boolean;
}

/** That something was not seen, as far as it goes. */
export interface Absence {
  /** Whether more of the same is hardly to be expected: only then a change that rests on it is ranked with others. */
  isSettled: boolean;
  /** Hours of replicas that were watched whole. */
  hours: number;
  /** "in 120 hours of 3 replicas until 2026-11-20 14:05 UTC". */
  words: string;
  /** What is missing, as a sentence; absent where nothing is. */
  caveat?: string;
}

/** Less than this says nothing: a program has hardly started. */
const FEWEST_MINUTES = 60;

/**
 * What learned profiles say of the containers of workloads, by workload id. Profiles of images, and of workloads that are not
 * among these, say nothing of any. Several of one container are one: what any of them saw, was seen.
 */
export function usesOf(
  learned: readonly LearnedProfile[],
  workloads: readonly Workload[],
): ReadonlyMap<string, readonly ContainerUse[]> {
  const byName = Map.groupBy(workloads, ({ namespace, kind, name }) => subjectOfWorkload({ namespace, kind, name }));
  const uses = new Map<string, ContainerUse[]>();
  for (const profile of learned) {
    for (const workload of byName.get(subjectWithoutCluster(profile.subject)) ?? []) {
      if (!isSubjectOf(profile.subject, workload)) continue;
      const container = containerOf(profile, workload);
      if (container === undefined) continue;
      const known = uses.get(workload.id) ?? [];
      const at = known.findIndex((use) => use.container === container);
      const use = useOf(profile, workload.id, container);
      if (at < 0) known.push(use);
      else known[at] = joined(known[at]!, use);
      uses.set(workload.id, known);
    }
  }
  return uses;
}

function containerOf({ container }: LearnedProfile, { containers }: Workload): string | undefined {
  const running = containers.filter(({ role }) => role !== 'ephemeral');
  if (container === undefined) return running.length === 1 ? running[0]?.name : undefined;
  return running.find(({ name }) => name === container)?.name;
}

function useOf(profile: LearnedProfile, workload: string, container: string): ContainerUse {
  const { from, until, releases, behaviours, pending, resources } = profile;
  const acted = [...behaviours.filter(({ origin, incidences }) => origin !== 'declared' || incidences > 0), ...pending];
  const seen: readonly Pick<PendingBehaviour, 'behaviour'>[] = [...behaviours, ...pending];
  return {
    workload,
    container,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    replicas: Math.max(1, ...releases.map(({ replicas }) => replicas), ...behaviours.map(({ replicas }) => replicas)),
    behaviours: seen.map(({ behaviour }) => behaviour),
    acted: acted.map(({ behaviour }) => behaviour),
    isStartSeen: acted.some(
      ({ behaviour: { dimension, actor }, incidences }) => dimension === 'exec' && actor === '' && incidences > 0,
    ),
    resources,
    states: new Map(profile.dimensions.map((state) => [state.dimension, state])),
    isFull: profile.dropped > 0,
  };
}

/** Of each dimension what is surer of the two, as both saw what is in either. */
function joined(a: ContainerUse, b: ContainerUse): ContainerUse {
  const states = DIMENSIONS.flatMap((dimension) => {
    const both = [a.states.get(dimension), b.states.get(dimension)].filter((state) => state !== undefined);
    const [best] = both.sort(
      (left, right) => Number(right.isSettled) - Number(left.isSettled) || right.minutes - left.minutes,
    );
    return best === undefined ? [] : [[dimension, best] as const];
  });
  const [until] = [a.until, b.until]
    .filter((time) => time !== undefined)
    .sort()
    .reverse();
  return {
    ...a,
    ...(until !== undefined && { until }),
    replicas: Math.max(a.replicas, b.replicas),
    behaviours: [...a.behaviours, ...b.behaviours],
    acted: [...a.acted, ...b.acted],
    isStartSeen: a.isStartSeen || b.isStartSeen,
    resources: joinedResources(a.resources, b.resources),
    states: new Map(states),
    isFull: a.isFull || b.isFull,
  };
}

/** Of each resource the higher use: sketches of both are not at hand. */
function joinedResources(a: readonly ResourceUse[], b: readonly ResourceUse[]): ResourceUse[] {
  return [...Map.groupBy([...a, ...b], ({ resource }) => resource).values()].map((both) => {
    const most = (field: 'median' | 'p95' | 'p99' | 'highest'): number => Math.max(...both.map((one) => one[field]));
    const samples = both.reduce((sum, one) => sum + one.samples, 0);
    const { resource } = both[0]!;
    return { resource, samples, median: most('median'), p95: most('p95'), p99: most('p99'), highest: most('highest') };
  });
}

/** How far nothing of a kind was seen of all containers of a pod: undefined where one of them was not watched. */
export function absenceInAll(
  { containers }: Workload,
  uses: readonly ContainerUse[],
  dimension: Dimension,
): Absence | undefined {
  const all = containers
    .filter(({ role }) => role !== 'ephemeral')
    .map(({ name }) => uses.find(({ container }) => container === name))
    .map((use) => use && absenceIn(use, dimension));
  return all.every((one) => one !== undefined) ? weakest(all) : undefined;
}

/**
 * How far it follows from what was seen that nothing else of a kind is done; undefined where nothing follows: nobody tells of
 * it, hardly anything was watched, or not all that was seen was kept. With events lost it is never said that there was none.
 */
export function absenceIn(
  { states, isFull, replicas, until }: ContainerUse,
  dimension: Dimension,
): Absence | undefined {
  const state = states.get(dimension);
  if (state === undefined || !state.isSeen || isFull || state.minutes < FEWEST_MINUTES) return undefined;
  const hours = Math.floor(state.minutes / 60);
  const lost = state.partialMinutes;
  const caveats = [
    ...(state.isSettled ? [] : [`not settled: ${state.note}`]),
    ...(lost > 0 ? [`in ${lost.toLocaleString('en')} more minutes events were lost`] : []),
  ];
  return {
    isSettled: state.isSettled,
    hours,
    words: [
      `in ${count(hours, 'hour')} of ${count(replicas, 'replica')}`,
      ...(lost > 0 ? ['that were watched whole'] : []),
      ...(until === undefined ? [] : [`until ${until.slice(0, 16).replace('T', ' ')} UTC`]),
    ].join(' '),
    ...(caveats.length > 0 && { caveat: caveats.join('; ') }),
  };
}

/** What several absences say together: no more than the weakest of them. */
export function weakest(absences: readonly Absence[]): Absence | undefined {
  return absences.toSorted((a, b) => Number(a.isSettled) - Number(b.isSettled) || a.hours - b.hours)[0];
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
