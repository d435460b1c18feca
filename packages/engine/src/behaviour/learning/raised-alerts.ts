import { isAmongFew } from './entry.ts';
import { cutTo } from './json-bytes.ts';

/** What alerts were about, told apart: beyond, the oldest is forgotten, and casts doubt again. */
const MOST = 512;
const LONGEST_TOPIC = 200;

/** What alerts of a workload were about, and the replicas they were raised about, by their numbers. */
export class RaisedAlerts {
  readonly #topics: Map<string, { replicas: number[] }>;

  constructor(topics: readonly (readonly [string, readonly number[]])[] = []) {
    this.#topics = new Map(topics.map(([topic, replicas]) => [topic, { replicas: [...replicas] }]));
  }

  /** Notes an alert; whether its replica is one of the first few about which it is raised. */
  note(about: string, replica: number): boolean {
    const topic = cutTo(about, LONGEST_TOPIC);
    const known = this.#topics.get(topic);
    if (known === undefined) {
      if (this.#topics.size >= MOST) this.#forgetOldest();
      this.#topics.set(topic, { replicas: [replica] });
      return true;
    }
    const isFew = isAmongFew(known, replica);
    if (isFew) known.replicas.push(replica);
    return isFew;
  }

  #forgetOldest(): void {
    for (const topic of this.#topics.keys()) {
      this.#topics.delete(topic);
      return;
    }
  }

  /** For keeping: the oldest first. */
  all(): [string, number[]][] {
    return Array.from(this.#topics, ([topic, { replicas }]) => [topic, [...replicas]]);
  }
}
