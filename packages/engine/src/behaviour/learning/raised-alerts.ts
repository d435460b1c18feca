import type { BehaviourModelState } from '@breakwater/model';
import { FEW } from './entry.ts';
import { cutTo } from './json-bytes.ts';
import { MINUTES_PER_DAY } from './moment.ts';

/** What alerts were about, told apart: beyond, the one that cast no doubt for longest is forgotten, and casts it again. */
const MOST = 512;
const LONGEST_TOPIC = 200;

/** What alerts of a workload were about, and on which replicas, by their numbers, each cast doubt within a day, and when. */
export class RaisedAlerts {
  readonly #topics: Map<string, Map<number, number>>;

  constructor(alerts: BehaviourModelState['alerts'] = []) {
    this.#topics = new Map(alerts.map(({ about, doubted }) => [about, new Map(doubted)]));
  }

  /**
   * Notes an alert; whether it casts doubt on its replica. It does on the first few about which it is raised in a day: what
   * all of a workload do costs it an hour of learning a day on those, and what somebody does there another day is another
   * matter.
   */
  note(about: string, replica: number, minute: number): boolean {
    const topic = cutTo(about, LONGEST_TOPIC);
    const doubted = this.#topics.get(topic) ?? new Map<number, number>();
    // Also of a clock that was ahead: what is a day away, before or after, is not of this day.
    for (const [other, at] of doubted) if (Math.abs(minute - at) >= MINUTES_PER_DAY) doubted.delete(other);
    if (doubted.size >= FEW || doubted.has(replica)) return false;
    doubted.set(replica, minute);
    this.#keep(topic, doubted);
    return true;
  }

  #keep(topic: string, doubted: Map<number, number>): void {
    this.#topics.delete(topic);
    const [oldest] = this.#topics.keys();
    if (oldest !== undefined && this.#topics.size >= MOST) this.#topics.delete(oldest);
    this.#topics.set(topic, doubted);
  }

  /** For keeping: the oldest first. */
  all(): BehaviourModelState['alerts'] {
    return Array.from(this.#topics, ([about, doubted]) => ({ about, doubted: [...doubted] }));
  }
}
