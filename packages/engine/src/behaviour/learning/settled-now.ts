import type { Model } from './model.ts';
import { type Settledness, settledness } from './settledness.ts';

/** By how much, in parts, the minutes have to grow before it is counted again. */
const MINUTES_PART = 256;

/**
 * Which dimensions are settled, counted again as minutes grow: what is new where nothing is settled only makes it later, and
 * where it is settled it is told, not counted.
 */
export class SettledNow {
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  isSettled = (dimension: number): boolean => this.#model.settled.flags[dimension]!;
  isSteady = (dimension: number): boolean => this.#model.settled.steady[dimension]!;
  isCalm = (dimension: number): boolean => this.#model.settled.calm[dimension]!;
  once = (dimension: number): number => this.#model.settled.once[dimension]!;

  refresh(): void {
    const { settled, changes, table } = this.#model;
    const minutes = Math.max(...this.#model.minutes);
    const isDue =
      minutes < settled.minutes ||
      minutes - settled.minutes > settled.minutes / MINUTES_PART ||
      changes !== settled.changes;
    if (!isDue) return;
    const states = settlednessOf(this.#model);
    const flags = states.map(({ isSettled }) => isSettled);
    const isOther = flags.some((flag, index) => flag !== settled.flags[index]);
    this.#model.settled = {
      flags,
      steady: states.map(({ isSteady }) => isSteady),
      calm: states.map(({ isCalm }) => isCalm),
      once: states.map(({ once }) => once),
      minutes,
      changes,
    };
    // What was said of each holds whether it was settled.
    if (isOther) for (const entry of table.values()) entry.said = undefined;
  }
}

/** How sure each dimension is by now. */
export function settlednessOf(model: Model): Settledness[] {
  const { budget, table, known, minutes, partialMinutes, hours, replicas, releases, starts } = model;
  return settledness({
    budget,
    entries: table.values(),
    known,
    minutes,
    partialMinutes,
    hours: hours.count,
    replicas: replicas.longWatched,
    starts,
    startsOf: (release) => releases.numbered(release)?.starts ?? starts,
    dropped: table.dropped,
  });
}
