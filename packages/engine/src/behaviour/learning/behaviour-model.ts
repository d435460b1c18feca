import {
  type AlertBudget,
  type BehaviourJudgement,
  type BehaviourModelState,
  type BehaviourProfile,
  DIMENSIONS,
  type DimensionState,
  type LearnedProfile,
  type ReleaseDifference,
  type ReleaseFacts,
  type ResourceJudgement,
} from '@breakwater/model';
import { describeModel, profileOfModel } from './describe.ts';
import { type Entry, isAmongFew, isCounted } from './entry.ts';
import { forgetAfterHour } from './forget.ts';
import { Judge } from './judge.ts';
import type { Peers, Prior } from './known-before.ts';
import { emptyModel, type Model } from './model.ts';
import { minuteOf } from './moment.ts';
import { packModel } from './pack-model.ts';
import { noteReplica } from './releases.ts';
import { isStarting, type Replica, SUSPECT_MINUTES } from './replicas.ts';
import { restoreModel } from './restore-model.ts';
import { seed } from './seed.ts';
import { settlednessOf } from './settled-now.ts';
import type { Acceptance, ResourceSample, Taken, Watch } from './taken.ts';
import { accept, hold, letGo, quarantine, quarantinedBefore } from './witnesses.ts';

/** Whose behaviour a model follows, and how many false alerts are borne. */
export interface BehaviourModelOptions {
  /** `namespace/Kind/name` of the workload, else the image. */
  subject: string;
  container?: string | undefined;
  /** One in 720 hours of a replica, unless told otherwise. */
  budget?: AlertBudget | undefined;
  peers?: Peers | undefined;
}

const MONTHLY: AlertBudget = { alerts: 1, hours: 720 };
/** What a sensor tells of every time, so that where it tells nothing, nothing was done. */
const TOLD_ALWAYS: readonly string[] = ['exec', 'open', 'connect', 'listen', 'privilege'];

/**
 * What one container of a workload does, learned as it is seen: judges from the first moment, follows releases, and says how
 * sure it is. It has no clock and no chance: the same calls give the same judgements, and so do those after `restore`.
 */
export class BehaviourModel {
  readonly #model: Model;
  readonly #judge: Judge;

  constructor({ subject, container, budget = MONTHLY, peers }: BehaviourModelOptions, model?: Model) {
    this.#model = model ?? emptyModel(subject, container, budget);
    this.#judge = new Judge(this.#model, peers);
  }

  /** A model that judges from now on as the one did whose state this is. */
  static restore(state: BehaviourModelState, peers?: Peers): BehaviourModel {
    const model = restoreModel(state);
    return new BehaviourModel(
      { subject: model.subject, container: model.container, budget: model.budget, peers },
      model,
    );
  }

  /** What is known before the first event. Told again, with a release, it stands in place of what was told before. */
  seed(prior: Prior): void {
    seed(this.#model, prior);
  }

  /**
   * A release runs from now on, beside others or not. What differs from the one before; nothing for the first, and for one
   * that ran before, to which somebody went back. Where it ran already while nobody had read what is in it, or how it was
   * started, `unread` is the id that it had then, or those that it may have had.
   */
  begin(facts: ReleaseFacts, time: string, unread: string | readonly string[] = []): ReleaseDifference | undefined {
    return this.#model.releases.begin(facts, this.#minute(time), ...[unread].flat());
  }

  /** Id of the release that a replica is known to be of. */
  releaseOf(name: string): string | undefined {
    const number = this.#model.replicas.known(name)?.release ?? -1;
    return this.#model.releases.numbered(number)?.facts.id;
  }

  /**
   * Judges what a replica did, and learns from it; a judgement of each, in their order. Of what was stopped, or would have
   * been, nothing is learned. Where something grave is among them, judgements follow of what was new on the replica just
   * before and is told with it.
   */
  take({ behaviours, replica: name, release: id, time, event }: Taken): BehaviourJudgement[] {
    const { table, replicas } = this.#model;
    const minute = this.#minute(time);
    const replica = replicas.of(name, minute);
    const release = this.#releaseOf(replica, id, minute);
    const isPrevented = event?.prevention !== undefined;
    const judged: BehaviourJudgement[] = [];
    const before: BehaviourJudgement[] = [];
    for (const { key, behaviour } of behaviours) {
      const entry = table.get(key);
      const isSame = entry?.said !== undefined && isCounted(entry, replica.number, minute);
      if (isSame && minute < entry.until && (release < 0 || entry.releases.at(-1) === release)) {
        judged.push(entry.said!);
        continue;
      }
      if (behaviour.dimension === 'exec' && behaviour.actor === '') this.#noteStart(replica, minute);
      const isStart = isStarting(replica, minute);
      const isSuspect = minute < replica.suspect;
      const isTold = minute < replica.told;
      const sighting = { replica: replica.number, release, minute, isStart, isSuspect, isTold };
      const isOfFew = entry === undefined || isAmongFew(entry, replica.number);
      const said = this.#judge.judge(entry, { key, behaviour }, sighting, isPrevented);
      if (isOfFew && said.isGrave && said.verdict === 'deviation') {
        const doubted = isTold ? [] : quarantinedBefore(this.#model, replica.number, minute);
        doubted.push(...this.#suspect(replica, minute));
        replica.told = replica.suspect;
        before.push(...this.#judge.before(doubted, { ...sighting, isSuspect: true, isTold: true }));
      }
      judged.push(said);
    }
    return before.length === 0 ? judged : [...judged, ...before];
  }

  /** A replica was watched in this minute; with losses, what was not seen in it says nothing. */
  watched(name: string, time: string, { partial = false, started, dimensions, release: id }: Watch = {}): void {
    const { replicas, releases } = this.#model;
    const minute = this.#minute(time);
    const replica = replicas.of(name, minute);
    if (started !== undefined && Math.abs(minuteOf(started) - replica.born) <= 1) this.#start(replica);
    const release = releases.numbered(this.#releaseOf(replica, id, minute));
    const { whole, partial: lossy } = replicas.watch(replica, minute, partial);
    if (whole === 0 && lossy === 0) return;
    const told = dimensions ?? TOLD_ALWAYS;
    for (const [index, dimension] of DIMENSIONS.entries()) {
      if (!told.includes(dimension)) continue;
      this.#model.minutes[index] = Math.max(0, this.#model.minutes[index]! + whole);
      this.#model.partialMinutes[index]! += lossy;
    }
    if (release !== undefined) release.minutes = Math.max(0, release.minutes + whole);
    if (whole <= 0) return;
    const { count } = this.#model.hours;
    this.#model.hours.note(minute);
    forgetAfterHour(this.#model, count, minute);
  }

  /** Judges what a replica used of resources, and learns from it; nothing of what is usual. */
  use({ replica, since, time, usage }: ResourceSample): ResourceJudgement[] {
    const seconds = (Date.parse(time) - Date.parse(since)) / 1000;
    return this.#model.resources.take(usage, seconds, this.#model.replicas.of(replica, this.#minute(time)));
  }

  /**
   * An alert was raised about a replica: what was new on it just before, and what will be within an hour, is not learned
   * until another replica or another time shows it. What is grave does so by itself. `about` is the same text for alerts of
   * the same rule about the same thing: what is raised about one replica after another is what this workload does, and casts
   * no doubt but on the first few of a day. Without it, each alert does.
   */
  suspect(name: string, time: string, about = ''): void {
    const minute = this.#minute(time);
    const replica = this.#model.replicas.of(name, minute);
    if (about === '' || this.#model.alerts.note(about, replica.number, minute)) this.#suspect(replica, minute);
  }

  /** Keeps behaviours from being learned, seen or not, while an incident is open. */
  hold(keys: string | readonly string[], incident: string): void {
    hold(this.#model, typeof keys === 'string' ? [keys] : keys, incident);
  }

  /** Ends what an incident held; false where it held nothing. What was new with it waits for witnesses from then on. */
  letGo(incident: string): boolean {
    return letGo(this.#model, incident);
  }

  /** Somebody answers for a behaviour until a day. False where it was not seen yet. `now` is ISO 8601. */
  accept(key: string, acceptance: Acceptance, now: string): boolean {
    return accept(this.#model, key, acceptance, minuteOf(now));
  }

  /** How sure each dimension is, and what is missing. */
  settled(): DimensionState[] {
    return settlednessOf(this.#model).map(({ isSteady: _steady, isCalm: _calm, ...state }) => state);
  }

  /** What is known, as a set: what policies and guards are made of. `settledOnly` leaves dimensions out that are not. */
  profile({ settledOnly = false }: { settledOnly?: boolean } = {}): BehaviourProfile {
    return profileOfModel(this.#model, this.settled(), settledOnly);
  }

  /** All that is known and how, for people. `now` is ISO 8601. */
  describe(now: string): LearnedProfile {
    return describeModel(this.#model, this.settled(), minuteOf(now));
  }

  /** Everything that judgements depend on. */
  state(): BehaviourModelState {
    return packModel(this.#model);
  }

  /** The newest minute there was, for what has no time. */
  #minute(time: string): number {
    const minute = minuteOf(time);
    if (minute > this.#model.latest) this.#model.latest = minute;
    return minute < 0 ? Math.max(0, this.#model.latest) : minute;
  }

  /** Number of the release that a replica is of; -1 where none was begun. */
  #releaseOf(replica: Replica, id: string | undefined, minute: number): number {
    const { releases } = this.#model;
    if (replica.release >= 0 && (id === undefined || releases.numbered(replica.release)?.facts.id === id)) {
      const release = releases.numbered(replica.release);
      if (release !== undefined && minute > release.last) release.last = minute;
      return replica.release;
    }
    const release = releases.named(id);
    if (release === undefined) return -1;
    replica.release = release.number;
    if (minute > release.last) release.last = minute;
    noteReplica(release, replica.number);
    return release.number;
  }

  /** The first program of a container that is seen in its first minute: it was watched from its beginning. */
  #noteStart(replica: Replica, minute: number): void {
    if (minute - replica.born <= 1) this.#start(replica);
  }

  /** What was new on it just before is not known any more: that is given. */
  #suspect(replica: Replica, minute: number): Entry[] {
    replica.suspect = minute + SUSPECT_MINUTES;
    return quarantine(this.#model, replica.number, minute);
  }

  #start(replica: Replica): void {
    if (replica.isStart) return;
    replica.isStart = true;
    this.#model.starts += 1;
    const release = this.#model.releases.numbered(replica.release);
    if (release !== undefined) release.starts += 1;
  }
}
