import type { RuntimeEvent } from '@breakwater/model';
import type { KernelWatch, Loss } from '../kernel/index.ts';
import type { KnownDeeds } from './known-deeds.ts';
import type { WatchedContainers } from './watched-containers.ts';

export interface ReportOptions {
  take(event: RuntimeEvent): void;
  /** Milliseconds; where one is left out, that is not told. */
  repeatsEvery?: number;
  usageEvery?: number;
}

const MOST_DECLINED = 10_000;

/** What is told from time to time: what was lost and when, how often known things happened, what containers use. */
export class Reports {
  readonly #options: ReportOptions;
  readonly #kernel: KernelWatch;
  readonly #containers: WatchedContainers;
  readonly #known: KnownDeeds;
  /** Losses that were told, by container and kind. */
  readonly #told = new Map<string, number>();
  /** Those of our own, beside the kernel's. */
  readonly #own = new Map<string, Loss>();
  readonly #declined = new Set<number>();
  #lastAt = Date.now();
  #lastRepeats = Date.now();
  #lastUsage = Date.now();

  constructor(options: ReportOptions, kernel: KernelWatch, containers: WatchedContainers, known: KnownDeeds) {
    this.#options = options;
    this.#kernel = kernel;
    this.#containers = containers;
    this.#known = known;
  }

  /** What a container that is not watched lost is nothing to anybody. */
  decline(container: number): void {
    if (this.#declined.size >= MOST_DECLINED) this.#declined.clear();
    this.#declined.add(container);
  }

  /** An event that found no room after it had crossed. */
  countLoss(container: number, kind: Loss['kind']): void {
    const name = `${container} ${kind}`;
    const loss = this.#own.get(name) ?? { container, kind, count: 0 };
    loss.count++;
    this.#own.set(name, loss);
  }

  /** From now on the kernel counts it. What makes room for it is told for the last time. */
  know(key: Buffer, event: RuntimeEvent): void {
    this.#kernel.markKnown(key);
    const rest = this.#known.add(key, event);
    if (rest !== undefined && this.#options.repeatsEvery !== undefined) this.#options.take(rest);
  }

  /** What is due. `now` is in milliseconds since 1970; a clock that was set back makes all due. */
  tell(now: number): void {
    this.#tellLosses(now, () => true);
    this.#lastAt = now;
    const { repeatsEvery, usageEvery } = this.#options;
    if (repeatsEvery !== undefined && Math.abs(now - this.#lastRepeats) >= repeatsEvery) this.#tellRepeats(now);
    if (usageEvery !== undefined && Math.abs(now - this.#lastUsage) >= usageEvery) this.#tellUsage(now);
  }

  /** The last of a container. */
  tellLast(cgroup: number, now: number): void {
    this.#tellLosses(now, ({ container }) => container === cgroup);
    for (const loss of this.#kernel.losses()) if (loss.container === cgroup) this.#kernel.forgetLoss(loss);
    for (const name of this.#own.keys()) if (name.startsWith(`${cgroup} `)) this.#own.delete(name);
    for (const name of this.#told.keys()) if (name.startsWith(`${cgroup} `)) this.#told.delete(name);
  }

  tellAll(now: number): void {
    this.#tellLosses(now, () => true);
    if (this.#options.repeatsEvery !== undefined) this.#tellRepeats(now);
  }

  /** With the span of time in which it happened: what is missing there may have happened. */
  #tellLosses(now: number, isAsked: (loss: Loss) => boolean): void {
    const since = new Date(this.#lastAt).toISOString();
    const time = new Date(now).toISOString();
    const own = [...this.#own.values()].map((loss) => ({ ...loss, by: 'us' }));
    const all = [...this.#kernel.losses().map((loss) => ({ ...loss, by: 'kernel' })), ...own];
    for (const loss of all.filter((one) => isAsked(one) && !this.#declined.has(one.container))) {
      const name = `${loss.container} ${loss.kind} ${loss.by}`;
      const lost = loss.count - (this.#told.get(name) ?? 0);
      this.#told.set(name, loss.count);
      const facts = this.#containers.get(loss.container)?.facts ?? {};
      if (lost > 0)
        this.#options.take({ source: 'sensor', time, type: 'loss', ...facts, call: loss.kind, lost, since });
    }
  }

  #tellRepeats(now: number): void {
    this.#lastRepeats = now;
    const time = new Date(now).toISOString();
    for (const event of this.#known.repeats(time)) this.#options.take(event);
  }

  #tellUsage(now: number): void {
    this.#lastUsage = now;
    const time = new Date(now).toISOString();
    for (const [, { facts, meter }] of this.#containers) {
      const used = meter.take(now);
      if (used === undefined) continue;
      const since = new Date(used.since).toISOString();
      this.#options.take({ source: 'sensor', time, type: 'resource', ...facts, since, usage: used.usage });
    }
  }
}
