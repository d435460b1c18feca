import type { TraceReplica } from '../trace/read-trace.ts';
import { type Alarm, type Deed, NO_ALARM, textOf, type Watcher } from './watcher.ts';

interface Learning {
  until: number;
  tag: string;
  known: Set<string>;
}

/** What others do: learn for some time, then alert on everything that is new; with `restarts` again from nothing with each release. */
export class AllowList implements Watcher {
  readonly name: string;
  readonly #minutes: number;
  readonly #restarts: boolean;
  readonly #workloads = new Map<string, Learning>();

  constructor(minutes: number, restarts: boolean) {
    this.#minutes = minutes;
    this.#restarts = restarts;
    this.name = `allow-list after ${minutes} minutes${restarts ? ', anew with each release' : ''}`;
  }

  begin({ workload, tag }: TraceReplica, time: number): void {
    const known = this.#workloads.get(workload);
    if (known !== undefined && (!this.#restarts || known.tag === tag)) return;
    this.#workloads.set(workload, { until: time + this.#minutes * 60_000, tag, known: new Set() });
  }

  take({ replica, time, behaviours }: Deed): readonly Alarm[] {
    const learning = this.#workloads.get(replica.workload);
    if (learning === undefined) return NO_ALARM;
    const alarms: Alarm[] = [];
    for (const { key, behaviour } of behaviours) {
      if (learning.known.has(key)) continue;
      if (time < learning.until) learning.known.add(key);
      else alarms.push({ about: key, isSure: true, text: textOf(behaviour) });
    }
    return alarms;
  }

  watched(): void {}
}
