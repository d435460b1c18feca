import { Health } from './health.ts';

/** How far guards go: told, told as an alert, stopped. */
export const RUNGS = ['audit', 'warn', 'block'] as const;
export type Rung = (typeof RUNGS)[number];

/** When guards go further, and when they go back. Times are milliseconds. */
export interface LadderSettings {
  /** Where they begin, and how far they may go. */
  start: Rung;
  goal: Rung;
  /** How long a rung lasts without trouble before the next. */
  hold: number;
  /** Containers that are blocked in at most, over all workloads, until a whole hold passed without trouble. */
  firstContainers: number;
  /** The same as a share of each workload's containers; at least one. */
  firstShare: number;
  /** What is trouble: more decisions, or more failed ends of containers of a workload, than these within `window`. */
  window: number;
  mostDecisions: number;
  mostFailures: number;
  /** Trouble too: more than this share of the containers in which it stops do not serve any more. */
  mostUnready: number;
}

/** Ten minutes a rung, one replica of five first, and back when decisions or failures of a minute rise above these. */
export const DEFAULT_LADDER: LadderSettings = {
  start: 'audit',
  goal: 'block',
  hold: 600_000,
  firstContainers: 5,
  firstShare: 0.2,
  window: 60_000,
  mostDecisions: 20,
  mostFailures: 2,
  mostUnready: 1 / 3,
};

/** What a ladder is told. Times are milliseconds since anything, and do not go back. */
export type LadderSign =
  | { type: 'start'; time: number; workload: string; container: string }
  | { type: 'end'; time: number; container: string; hasFailed: boolean }
  /** A guard decided: stopped something, or would have. */
  | { type: 'decision'; time: number; container: string }
  /** What probes say of a container, those of Kubernetes or of its runtime: whether it serves. */
  | { type: 'health'; time: number; container: string; isReady: boolean }
  | { type: 'time'; time: number };

/** A workload's guards go further, or back. */
export interface LadderStep {
  workload: string;
  from: Rung;
  to: Rung;
  /** Containers in which they block now. */
  blocking: string[];
  isBack: boolean;
  reason: string;
}

interface Climb {
  rung: Rung;
  since: number;
  /** Whether the first containers have been without trouble for a whole hold. */
  isWide: boolean;
  /** How often it went back: each time it waits twice as long. */
  falls: number;
  containers: string[];
  decisions: number[];
  failures: number[];
  health: Health;
}

const MOST_DOUBLINGS = 10;

/**
 * Decides how far guards go in each container: from telling to stopping, a few replicas first, and back to telling by
 * itself when more is refused than expected, or containers fail. It knows no clock: the same signs give the same steps.
 */
export class Ladder {
  readonly #settings: LadderSettings;
  readonly #climbs = new Map<string, Climb>();
  readonly #workloads = new Map<string, string>();
  #blocking = new Set<string>();

  constructor(settings: LadderSettings = DEFAULT_LADDER) {
    this.#settings = settings;
  }

  /** How far guards go in a container: of one that nobody told of, where all begin. */
  rungOf(container: string): Rung {
    const rung = this.#climbs.get(this.#workloads.get(container) ?? '')?.rung ?? this.#settings.start;
    return rung === 'block' && !this.#blocking.has(container) ? 'warn' : rung;
  }

  /** Steps that follow from a sign; containers may change their rung without one, where replicas come and go. */
  take(sign: LadderSign): LadderStep[] {
    if (sign.type === 'start') this.#start(sign);
    const steps = sign.type === 'time' ? [] : this.#note(sign);
    for (const [workload, climb] of this.#climbs) steps.push(...this.#move(workload, climb, sign.time));
    this.#chooseBlocking();
    return steps.map((step) => ({ ...step, blocking: this.#blockingOf(step.workload) }));
  }

  #start({ workload, container, time }: LadderSign & { type: 'start' }): void {
    const climb = this.#climbs.get(workload) ?? {
      ...{ rung: this.#settings.start, since: time, isWide: false, falls: 0 },
      ...{ containers: [], decisions: [], failures: [], health: new Health() },
    };
    if (!climb.containers.includes(container)) climb.containers.push(container);
    this.#climbs.set(workload, climb);
    this.#workloads.set(container, workload);
  }

  #note(sign: Exclude<LadderSign, { type: 'time' }>): LadderStep[] {
    const workload = this.#workloads.get(sign.container);
    const climb = workload === undefined ? undefined : this.#climbs.get(workload);
    if (workload === undefined || climb === undefined || sign.type === 'start') return [];
    if (sign.type === 'decision') {
      climb.decisions.push(sign.time);
      if (this.#blocking.has(sign.container)) climb.health.refuse(sign.container);
    } else if (sign.type === 'health') climb.health.take(sign.container, sign.isReady);
    else {
      climb.health.forget(sign.container);
      if (sign.hasFailed) climb.failures.push(sign.time);
      climb.containers = climb.containers.filter((one) => one !== sign.container);
      this.#workloads.delete(sign.container);
    }
    return this.#fall(workload, climb, sign.time);
  }

  /** Back to telling, where there is trouble. What would be stopped is none, while nothing is. */
  #fall(workload: string, climb: Climb, time: number): LadderStep[] {
    this.#forget(climb, time);
    const reason = climb.rung === 'block' ? this.#troubleOf(climb) : undefined;
    if (reason === undefined) return [];
    Object.assign(climb, {
      rung: 'audit',
      since: time,
      isWide: false,
      falls: climb.falls + 1,
      decisions: [],
      failures: [],
    });
    return [{ workload, from: 'block', to: 'audit', blocking: [], isBack: true, reason }];
  }

  /** What is too much of it, in words. */
  #troubleOf({ decisions, failures, health, containers }: Climb): string | undefined {
    const { mostDecisions, mostFailures, mostUnready, window } = this.#settings;
    const within = `within ${Math.round(window / 1000)} s`;
    if (decisions.length > mostDecisions) return `${decisions.length} refusals ${within}: more than ${mostDecisions}`;
    if (failures.length > mostFailures)
      return `${failures.length} containers failed ${within}: more than ${mostFailures}`;
    const blocking = containers.filter((container) => this.#blocking.has(container));
    const unready = blocking.filter((container) => health.isFallen(container)).length;
    if (unready === 0 || unready <= blocking.length * mostUnready) return undefined;
    return `${unready} of ${blocking.length} containers in which it stops are not ready any more`;
  }

  #forget(climb: Climb, time: number): void {
    const from = time - this.#settings.window;
    climb.decisions = climb.decisions.filter((one) => one > from);
    climb.failures = climb.failures.filter((one) => one > from);
  }

  /** A rung further, where this one lasted long enough and what would be refused stays within bounds. */
  #move(workload: string, climb: Climb, time: number): LadderStep[] {
    this.#forget(climb, time);
    const hold = this.#settings.hold * 2 ** Math.min(climb.falls, MOST_DOUBLINGS);
    const isQuiet =
      climb.decisions.length <= this.#settings.mostDecisions && climb.failures.length === 0 && !climb.health.anyFallen;
    if (time - climb.since < hold || !isQuiet || climb.containers.length === 0) return [];
    const from = climb.rung;
    const next = RUNGS[RUNGS.indexOf(from) + 1];
    const reason = `${Math.round(hold / 1000)} s without trouble`;
    if (from === 'block') {
      if (climb.isWide) return [];
      Object.assign(climb, { isWide: true, since: time });
      return [{ workload, from, to: from, blocking: [], isBack: false, reason: `${reason}: in all containers now` }];
    }
    if (next === undefined || RUNGS.indexOf(next) > RUNGS.indexOf(this.#settings.goal)) return [];
    Object.assign(climb, { rung: next, since: time });
    return [{ workload, from, to: next, blocking: [], isBack: false, reason }];
  }

  /** The oldest containers of each workload first: a replica that starts anew is not the one that is tried on. */
  #chooseBlocking(): void {
    const chosen = new Set<string>();
    const { firstContainers, firstShare } = this.#settings;
    for (const { rung, isWide, containers } of this.#climbs.values())
      if (rung === 'block' && isWide) for (const container of containers) chosen.add(container);
    let left = firstContainers;
    for (const { rung, isWide, containers } of this.#climbs.values()) {
      if (rung !== 'block' || isWide) continue;
      const count = Math.min(left, Math.max(1, Math.floor(containers.length * firstShare)), containers.length);
      for (const container of containers.slice(0, count)) chosen.add(container);
      left -= count;
    }
    this.#blocking = chosen;
  }

  #blockingOf(workload: string): string[] {
    return (this.#climbs.get(workload)?.containers ?? []).filter((container) => this.#blocking.has(container));
  }
}
