import type { BehaviourModelState } from '@breakwater/model';
import { FEW } from './entry.ts';
import { cutTo } from './json-bytes.ts';
import { MINUTES_PER_DAY } from './moment.ts';

/** What alerts were about, told apart: beyond, the oldest is forgotten, and casts doubt again. */
const MOST = 512;
const LONGEST_TOPIC = 200;
/** What was not raised for so long is as good as new. */
const LONGEST_KNOWN = 30 * MINUTES_PER_DAY;

interface Topic {
  /** When it was raised last about any replica, in minutes. */
  raised: number;
  /** The first few replicas about which it was raised, by their numbers, and when it cast doubt on each last. */
  doubted: Map<number, number>;
}

/** What alerts of a workload were about, and when. */
export class RaisedAlerts {
  readonly #topics: Map<string, Topic>;

  constructor(alerts: BehaviourModelState['alerts'] = []) {
    this.#topics = new Map(alerts.map(({ about, raised, doubted }) => [about, { raised, doubted: new Map(doubted) }]));
  }

  /**
   * Notes an alert; whether it casts doubt on its replica. It does on the first few about which it is raised, and on those
   * again after a day: what somebody does there then is another matter, and what a workload does each minute costs it an
   * hour of learning a day.
   */
  note(about: string, replica: number, minute: number): boolean {
    const topic = cutTo(about, LONGEST_TOPIC);
    const before = this.#topics.get(topic);
    const known = before === undefined || minute - before.raised >= LONGEST_KNOWN ? this.#begin(topic) : before;
    known.raised = Math.max(known.raised, minute);
    const last = known.doubted.get(replica);
    const castsDoubt = last === undefined ? known.doubted.size < FEW : minute - last >= MINUTES_PER_DAY;
    if (castsDoubt) known.doubted.set(replica, minute);
    return castsDoubt;
  }

  #begin(name: string): Topic {
    this.#topics.delete(name);
    const [oldest] = this.#topics.keys();
    if (oldest !== undefined && this.#topics.size >= MOST) this.#topics.delete(oldest);
    const topic = { raised: -1, doubted: new Map() };
    this.#topics.set(name, topic);
    return topic;
  }

  /** For keeping: the oldest first. */
  all(): BehaviourModelState['alerts'] {
    return Array.from(this.#topics, ([about, { raised, doubted }]) => ({ about, raised, doubted: [...doubted] }));
  }
}
