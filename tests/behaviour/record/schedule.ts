import { setTimeout as pause } from 'node:timers/promises';
import type { Application, Release } from '../applications/application.ts';
import { imageName } from '../images/build-images.ts';
import type { TraceWriter } from '../trace/trace-writer.ts';
import { ADMINISTRATION, PROBES } from '../traffic/administration.ts';
import { PREPARATIONS, REQUESTS } from '../traffic/requests.ts';
import type { Chance } from './chance.ts';
import { podman, within } from './containers.ts';
import type { Fleet, RecordedReplica } from './fleet.ts';

const MINUTE = 60_000;
/** Milliseconds between two requests to a replica, at usual load. */
const THINK = 8000;
/** The same of administrators' work on a workload, of probes from inside a replica. */
/** Between the starts of two replicas. */
const START = 4000;
const WORK = 100_000;
const PROBE = 120_000;
/** Load goes up and down with time, once in so long. */
const WAVE = 17 * MINUTE;

/** All that happens to one application while it is recorded, by chance and by a plan of releases. */
export class Course {
  readonly application: Application;
  readonly #fleet: Fleet;
  readonly #writer: TraceWriter;
  readonly #chance: Chance;
  #release: Release;
  readonly #phase: number;
  /** Asked for and not answered, by what was said. */
  readonly failures = new Map<string, number>();

  constructor(application: Application, fleet: Fleet, writer: TraceWriter, chance: Chance) {
    this.application = application;
    this.#fleet = fleet;
    this.#writer = writer;
    this.#chance = chance;
    this.#release = application.releases[0]!;
    this.#phase = chance.next();
  }

  get release(): Release {
    return this.#release;
  }

  /** Starts its replicas, one after another. */
  async begin(replicas: number): Promise<void> {
    for (let place = 0; place < replicas; place++) {
      await this.add(place, 'first');
      await pause(START);
    }
  }

  async add(place: number, reason: string): Promise<RecordedReplica> {
    const replica = await this.#fleet.start(this.application, this.#release, place, reason);
    this.#serve(replica);
    return replica;
  }

  /** Asks a replica for things until it is no more. */
  #serve(replica: RecordedReplica): void {
    const requests = REQUESTS[this.application.name];
    const probe = PROBES[this.application.name];
    if (requests !== undefined)
      void this.#repeat(
        replica,
        () => this.#think(),
        () => this.#chance.weighted(requests)(replica, this.#chance),
      );
    if (probe !== undefined)
      void this.#repeat(
        replica,
        () => this.#chance.exponential(PROBE),
        () => within(replica, probe),
      );
  }

  #think(): number {
    const load = 1 + 0.8 * Math.sin(2 * Math.PI * (this.#phase + Date.now() / WAVE));
    return this.#chance.exponential(THINK / load);
  }

  async #repeat(replica: RecordedReplica, wait: () => number, ask: () => Promise<unknown>): Promise<void> {
    await pause(4000 + this.#chance.below(3000));
    await this.#prepare(replica);
    while (this.#fleet.isRunning(replica)) {
      await ask().catch((error: Error) => this.#fail(error));
      await pause(Math.min(wait(), 10 * MINUTE));
    }
  }

  /** Tries until it answers. */
  async #prepare(replica: RecordedReplica): Promise<void> {
    const prepare = PREPARATIONS[this.application.name];
    for (let done = prepare === undefined; !done && this.#fleet.isRunning(replica); ) {
      done = await prepare!(replica, this.#chance).then(
        () => true,
        () => false,
      );
      if (!done) await pause(3000);
    }
  }

  #fail(error: Error): void {
    const what = error.message.replace(/[\d.]+:\d+/, '*').split('\n')[0] ?? '';
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
  }

  /** Administrators' work, until nothing runs any more. */
  async administrate(until: number): Promise<void> {
    const work = ADMINISTRATION[this.application.name] ?? [];
    while (Date.now() < until) {
      await pause(this.#chance.exponential(WORK));
      const replicas = this.#fleet.of(this.application);
      if (replicas.length === 0 || work.length === 0) continue;
      const { name, do: run } = this.#chance.weighted(work);
      this.#note(name);
      await run(this.#chance.pick(replicas), this.#chance).catch((error: Error) => this.#fail(error));
    }
  }

  /** One replica first; all others after a while, one after another. */
  async roll(release: Release, reason: string, canary: number): Promise<void> {
    this.#note(`${reason} ${release.tag}`);
    await imageOf(this.application, release);
    this.#release = release;
    const before = this.#fleet.of(this.application);
    for (const [place, replica] of before.entries()) {
      if (place === 1) await pause(canary);
      await this.#replace(replica, place, reason);
      await pause(1000 + this.#chance.below(4000));
    }
  }

  async #replace(replica: RecordedReplica, place: number, reason: string): Promise<void> {
    if (this.application.kind === 'StatefulSet') {
      await this.#fleet.stop(replica);
      await this.add(Number(replica.pod.slice(replica.pod.lastIndexOf('-') + 1)), reason);
    } else {
      await this.add(place, reason);
      await this.#fleet.stop(replica);
    }
  }

  /** A replica ends by chance and comes again, or one more comes for a while. */
  async disturb(): Promise<void> {
    const replicas = this.#fleet.of(this.application).filter(({ isAttacked }) => !isAttacked);
    if (replicas.length === 0) return;
    if (this.#chance.next() < 0.5) {
      this.#note('restart');
      await this.#fleet.restart(this.#chance.pick(replicas));
      for (const replica of this.#fleet.of(this.application)) if (!replicas.includes(replica)) this.#serve(replica);
    } else {
      this.#note('scale up');
      const added = await this.add(100 + this.#chance.below(1000), 'scale');
      await pause(3 * MINUTE + this.#chance.below(4 * MINUTE));
      this.#note('scale down');
      await this.#fleet.stop(added);
    }
  }

  #note(what: string): void {
    this.#writer.write({ line: 'work', workload: this.application.name, what, time: new Date().toISOString() });
  }
}

/** Waits until a release is built. */
async function imageOf(application: Application, release: Release): Promise<void> {
  const exists = podman.bind(undefined, 'image', 'exists', imageName(application, release));
  while (
    !(await exists().then(
      () => true,
      () => false,
    ))
  )
    await pause(MINUTE / 4);
}
