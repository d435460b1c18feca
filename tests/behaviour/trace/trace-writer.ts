import { appendFileSync } from 'node:fs';
import type { RuntimeEvent } from '@breakwater/model';
import { shapeOf, withoutInstance } from './event-shape.ts';
import type { TraceLine } from './trace.ts';

const MINUTE = 60_000;
/** Milliseconds after which nothing of a minute is still on its way. */
const LATE = 5000;
/** Events that are no behaviours, and few: they are told whole. */
const WHOLE: ReadonlySet<RuntimeEvent['type']> = new Set(['loss', 'resource']);
/** Those that only say that something has ended. */
const ENDS: ReadonlySet<RuntimeEvent['type']> = new Set(['exit']);

interface Minute {
  counts: Map<number, number>;
  firsts: number[];
}

/** What is told of a container that begins. */
export type ReplicaStart = Omit<Extract<TraceLine, { line: 'replica' }>, 'line' | 'id'>;

/** Writes a recording: whatever happened until a minute ago is in the file, however it ends. */
export class TraceWriter {
  readonly #path: string;
  readonly #shapes = new Map<string, number>();
  readonly #seen: Set<number>[] = [];
  /** By replica and minute. */
  readonly #open = new Map<number, Map<number, Minute>>();
  /** Replicas of which everything is told whole. */
  readonly #whole = new Set<number>();
  #waiting: string[] = [];

  constructor(path: string, seed: number, started: string) {
    this.#path = path;
    this.write({ line: 'recording', version: 1, seed, started });
  }

  /** The number of a replica that begins. */
  begin(start: ReplicaStart): number {
    const id = this.#seen.push(new Set()) - 1;
    this.write({ line: 'replica', id, ...start });
    return id;
  }

  end(replica: number, time: string): void {
    this.#close(replica, Number.POSITIVE_INFINITY);
    this.write({ line: 'end', id: replica, time });
  }

  /** From now on every event of a replica is told whole. */
  tellWhole(replica: number): void {
    this.#whole.add(replica);
  }

  write(line: TraceLine): void {
    this.#waiting.push(JSON.stringify(line));
  }

  take(replica: number, event: RuntimeEvent): void {
    if (this.#whole.has(replica) || WHOLE.has(event.type)) {
      this.write({ line: 'whole', replica, event });
      return;
    }
    if (ENDS.has(event.type)) return;
    const at = Date.parse(event.time);
    const id = this.#idOf(event);
    const minute = this.#minuteOf(replica, Math.floor(at / MINUTE));
    minute.counts.set(id, (minute.counts.get(id) ?? 0) + (event.count ?? 1));
    const seen = this.#seen[replica]!;
    if (seen.has(id)) return;
    seen.add(id);
    minute.firsts.push(id, at % MINUTE, event.process?.pid ?? 0, event.parent?.pid ?? 0);
  }

  #idOf(event: RuntimeEvent): number {
    const shape = shapeOf(event);
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    const id = this.#shapes.size;
    this.#shapes.set(shape, id);
    this.write({ line: 'event', id, event: withoutInstance(event) });
    return id;
  }

  #minuteOf(replica: number, number: number): Minute {
    const minutes = this.#open.get(replica) ?? new Map<number, Minute>();
    this.#open.set(replica, minutes);
    const minute = minutes.get(number) ?? { counts: new Map(), firsts: [] };
    minutes.set(number, minute);
    return minute;
  }

  /** Writes out what is whole by now. @param now milliseconds since 1970 */
  flush(now: number): void {
    for (const replica of this.#open.keys()) this.#close(replica, Math.floor((now - LATE) / MINUTE));
    if (this.#waiting.length === 0) return;
    appendFileSync(this.#path, `${this.#waiting.join('\n')}\n`);
    this.#waiting = [];
  }

  #close(replica: number, before: number): void {
    const minutes = this.#open.get(replica);
    for (const [minute, { counts, firsts }] of [...(minutes ?? [])].sort(([a], [b]) => a - b)) {
      if (minute >= before) continue;
      this.write({ line: 'minute', replica, minute, counts: [...counts].flat(), firsts });
      minutes?.delete(minute);
    }
  }

  close(): void {
    this.flush(Number.POSITIVE_INFINITY);
  }
}
