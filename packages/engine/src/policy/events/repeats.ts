import type { Detection } from './detector.ts';

/** How long the same is not told again, by the clock of the events. */
const WINDOW = 60_000;
/** Detections of which it is known when they were told. */
const MOST_KNOWN = 10_000;
/** What one policy tells of one container in that time, whatever it says each time. */
const MOST_IN_WINDOW = 20;

/** A detection with how many it stands for. */
export interface Repeats {
  detection: Detection;
  count: number;
}

interface Told {
  at: number;
  last: Detection;
  heldBack: number;
}

/**
 * Tells the same thing once a minute: what one program does to one thing again and again is one alert with a count, and so
 * is what a policy finds in a container beyond the first twenty. Nothing gets lost: what was held back is counted in the
 * next one that is told, and in `rest`.
 */
export class RepeatLimiter {
  readonly #told = new Map<string, Told>();
  readonly #groups = new Map<string, { at: number; told: number }>();

  /** What is to be told now: the detection with what it stands for, and what was held back of others long ago. */
  take(detection: Detection): Repeats[] {
    const at = Date.parse(detection.event.time);
    const key = this.#keyFor(detection, at);
    const known = this.#told.get(key);
    if (known !== undefined && Math.abs(at - known.at) < WINDOW) {
      known.heldBack++;
      known.last = detection;
      return NONE;
    }
    this.#told.delete(key);
    this.#told.set(key, { at, last: detection, heldBack: 0 });
    return [{ detection, count: (known?.heldBack ?? 0) + 1 }, ...this.#forgotten()];
  }

  /** What was held back and not told by the end. */
  rest(): Repeats[] {
    const left = [...this.#told.values()].filter(({ heldBack }) => heldBack > 0);
    this.#told.clear();
    this.#groups.clear();
    return left.map(({ last, heldBack }) => ({ detection: last, count: heldBack }));
  }

  /** One program saying the same, whatever pids and ports are in it; where a container has told enough, all of it together. */
  #keyFor({ event, result }: Detection, at: number): string {
    const { node, container, process: actor } = event;
    const group = [result.policy, result.verdict, node, container?.id ?? container?.name].join('\0');
    const own = [group, actor?.path, actor?.applet, result.message.replace(NUMBERS, '0')].join('\0');
    const told = this.#groups.get(group);
    if (told === undefined || Math.abs(at - told.at) >= WINDOW) {
      this.#groups.delete(group);
      this.#groups.set(group, { at, told: 1 });
      dropOldest(this.#groups);
      return own;
    }
    if (this.#told.has(own) || told.told < MOST_IN_WINDOW) {
      told.told += this.#told.has(own) ? 0 : 1;
      return own;
    }
    return group;
  }

  #forgotten(): Repeats[] {
    const found: Repeats[] = [];
    for (const [key, { last, heldBack }] of this.#told) {
      if (this.#told.size <= MOST_KNOWN) break;
      this.#told.delete(key);
      if (heldBack > 0) found.push({ detection: last, count: heldBack });
    }
    return found;
  }
}

const NONE: Repeats[] = [];
const NUMBERS = /\d+/g;

function dropOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > MOST_KNOWN && oldest !== undefined) map.delete(oldest);
}
