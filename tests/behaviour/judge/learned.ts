import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenDetection, openDetection } from '@breakwater/app/detection';
import { BehaviourMemory, raisesSuspicion, topicOf } from '@breakwater/app/ingest';
import { BehaviourModel, declaredPrior } from '@breakwater/engine/behaviour';
import { armingOf } from '@breakwater/engine/compile/issue';
import type { AlertBudget, DimensionState, ReleaseFacts, RuntimeEvent } from '@breakwater/model';
import type { Trace, TraceReplica } from '../trace/read-trace.ts';
import { type Alarm, type Deed, isoOf, NO_ALARM, textOf, type Watcher } from './watcher.ts';

/** Minutes between two looks at what is settled, and in what a guard would be armed. */
const LOOK = 1;

/** The time, in milliseconds after the recording began, at which a dimension of a workload was settled first. */
export interface Settling {
  workload: string;
  dimension: string;
  after: number | undefined;
  state: DimensionState;
}

/** The model of behaviour: one of each workload, as the server keeps them, and the alerts that cast doubt on what is new. */
export class Learned implements Watcher {
  readonly name = 'model of behaviour';
  readonly #budget: AlertBudget;
  readonly #facts = new Map<string, ReleaseFacts>();
  readonly #models = new Map<string, BehaviourModel>();
  /** Release that began last, of each workload. */
  readonly #running = new Map<string, string>();
  readonly #settled = new Map<string, number>();
  /** Of each workload, in what a guard made of its profile would stop what is not in it. */
  readonly #armed = new Map<string, ReadonlySet<string>>();
  /** What is told of each workload every time, as its source says when it begins. */
  readonly #promised = new Map<string, NonNullable<RuntimeEvent['watch']>['dimensions']>();
  /** Replicas whose beginning nobody saw. */
  readonly #late = new Set<number>();
  readonly #started: number;
  /** When a replica did last what is new there and was not told: the model knows it to the minute. */
  readonly #learning = new Map<string, number>();
  readonly #detection: OpenDetection;
  readonly #remembered = new BehaviourMemory();
  #looked = 0;

  private constructor({ releases, started }: Trace, budget: AlertBudget, detection: OpenDetection) {
    this.#budget = budget;
    this.#detection = detection;
    this.#started = Date.parse(started);
    for (const { workload, tag, facts } of releases) this.#facts.set(`${workload} ${tag}`, facts);
  }

  static async open(trace: Trace, budget: AlertBudget): Promise<Learned> {
    const state = mkdtempSync(join(tmpdir(), 'behaviour-learned-'));
    return new Learned(trace, budget, await openDetection({ state, now: trace.started }));
  }

  #modelOf({ workload, kind, container }: TraceReplica): BehaviourModel {
    let model = this.#models.get(workload);
    if (model === undefined) {
      model = new BehaviourModel({ subject: `harbour/${kind}/${workload}`, container, budget: this.#budget });
      this.#models.set(workload, model);
    }
    return model;
  }

  #factsOf({ workload, tag }: TraceReplica): ReleaseFacts | undefined {
    return this.#facts.get(`${workload} ${tag}`);
  }

  begin(replica: TraceReplica, time: number): void {
    const facts = this.#factsOf(replica);
    if (facts === undefined || this.#running.get(replica.workload) === facts.id) return;
    this.#running.set(replica.workload, facts.id);
    const model = this.#modelOf(replica);
    model.begin(facts, isoOf(time));
    model.seed(declaredPrior(facts));
  }

  take({ replica, event, time, behaviours }: Deed): readonly Alarm[] {
    if (event.watch !== undefined) this.#hear(replica, event.watch);
    this.#suspect(replica, event, time);
    if (behaviours.length === 0) return NO_ALARM;
    const judgements = this.#modelOf(replica).take({
      behaviours,
      replica: nameOf(replica),
      release: this.#factsOf(replica)?.id,
      time: isoOf(time),
      event,
    });
    const alarms: Alarm[] = [];
    for (const { verdict, key, behaviour, isGrave, reasons, seen } of judgements) {
      if (verdict === 'learning') this.#learning.set(`${replica.id} ${key}`, time);
      if (verdict !== 'deviation') continue;
      const text = `${isGrave ? 'grave: ' : ''}${textOf(behaviour)} (${reasons.join('; ')})`;
      const at = seen === undefined ? undefined : this.#learning.get(`${replica.id} ${key}`);
      const isSure = this.#armed.get(replica.workload)?.has(behaviour.dimension) === true;
      alarms.push({ about: key, isSure, text, ...(at !== undefined && { seen: at }) });
    }
    if (alarms.length > 0) this.#hold(replica, alarms);
    return alarms;
  }

  /** What our policies say of it casts doubt, as it does in the server. */
  #suspect(replica: TraceReplica, event: RuntimeEvent, time: number): void {
    for (const alert of this.#detection.take(event)) {
      if (!raisesSuspicion(alert)) continue;
      const about = topicOf(alert, (of) => this.#remembered.behavioursOf(of));
      this.#modelOf(replica).suspect(nameOf(replica), isoOf(time), about);
    }
  }

  /** What is told is in an incident, as the server opens them; nobody closes one while it is recorded. */
  #hold(replica: TraceReplica, alarms: readonly Alarm[]): void {
    const keys = alarms.map(({ about }) => about);
    this.#modelOf(replica).hold(keys, `incident of ${replica.workload}`);
  }

  #hear({ workload, id }: TraceReplica, { dimensions, isWhole }: NonNullable<RuntimeEvent['watch']>): void {
    this.#promised.set(workload, dimensions);
    if (!isWhole) this.#late.add(id);
  }

  watched(replica: TraceReplica, time: number, partial: boolean): void {
    const release = this.#factsOf(replica)?.id;
    this.#modelOf(replica).watched(nameOf(replica), isoOf(time), {
      partial,
      started: this.#late.has(replica.id) ? undefined : replica.time,
      dimensions: this.#promised.get(replica.workload),
      release,
    });
    if (time - this.#looked < LOOK * 60_000) return;
    this.#looked = time;
    for (const [workload, model] of this.#models) this.#look(workload, model, time);
  }

  #look(workload: string, model: BehaviourModel, time: number): void {
    const profile = model.describe(isoOf(time));
    const armed = armingOf(profile).filter(({ isArmed }) => isArmed);
    this.#armed.set(workload, new Set(armed.map(({ dimension }) => dimension)));
    for (const { dimension, isSettled } of profile.dimensions) {
      const name = `${workload} ${dimension}`;
      if (isSettled && !this.#settled.has(name)) this.#settled.set(name, time - this.#started);
    }
  }

  /** Dimensions that were seen, and when they settled. */
  settling(): Settling[] {
    return [...this.#models].flatMap(([workload, model]) =>
      model
        .settled()
        .filter(({ isSeen }) => isSeen)
        .map((state) => ({
          workload,
          dimension: state.dimension,
          after: this.#settled.get(`${workload} ${state.dimension}`),
          state,
        })),
    );
  }

  /** Bytes of the largest state. */
  largestState(): number {
    return Math.max(0, ...[...this.#models.values()].map((model) => JSON.stringify(model.state()).length));
  }
}

const nameOf = ({ pod, id }: TraceReplica): string => `${pod}/${id}`;
