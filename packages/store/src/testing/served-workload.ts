import { openIngest } from '@breakwater/app/ingest';
import { type Deviation, openLearner } from '@breakwater/app/profiles';
import { type LearnedProfile, ReleaseFacts, type RuntimeEvent } from '@breakwater/model';
import type { EstateStore } from '../open-store.ts';

const START = Date.parse('2026-02-02T08:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SERVER = '/usr/sbin/server';
const SHELL = '/bin/sh';
/** Minutes between two times that a replica does what is usual. */
const USUAL_EVERY = 5;

/** A workload whose sensor sends what a test says to a server, hour by hour. */
export class ServedWorkload {
  static readonly subject = 'shop/Deployment/server';
  readonly store: EstateStore;
  readonly deviations: Deviation[] = [];
  readonly #ingest: ReturnType<typeof openIngest>;
  readonly #learner: ReturnType<typeof openLearner>;
  readonly #born = new Set<string>();
  /** Milliseconds since 1970, of the server and of the sensor. */
  #time = START;
  #skew = 0;

  constructor(store: EstateStore) {
    this.store = store;
    const now = () => this.#time;
    this.#learner = openLearner({
      ...{ store: store.behaviour, now, budget: { alerts: 1, hours: 6 } },
      report: (line) => {
        throw new Error(line);
      },
      onDeviations: async (found) => void this.deviations.push(...found),
    });
    this.#ingest = openIngest(
      store.ingest,
      now,
      (line) => {
        throw new Error(line);
      },
      undefined,
      this.#learner.knows,
    );
  }

  /** What is built, by the name under which it runs: a server and a shell, and what else is named. */
  async build(image: string, ...more: readonly string[]): Promise<void> {
    const facts = ReleaseFacts.parse({
      ...{ id: image, image, filesKnown: true, entrypoint: [SERVER], ports: ['8080/TCP'] },
      files: [SERVER, SHELL, ...more].map((path) => ({ path, kind: 'executable', digest: `sha256:${path}` })),
    });
    await this.store.behaviour.writeFacts(
      [{ subject: '', container: '', images: [image], facts }],
      new Date(this.#time).toISOString(),
    );
  }

  /** The sensor's clock is ahead by so many minutes from now on. */
  setClock(minutes: number): void {
    this.#skew = minutes * MINUTE;
  }

  /** Sends what happens in so many minutes: what is usual, and what a test makes of each minute. */
  async live(
    minutes: number,
    replicas: readonly string[],
    image: string,
    also: (minute: number) => RuntimeEvent[] = () => [],
  ): Promise<void> {
    for (let done = 0; done < minutes; done += 60) {
      const some = Math.min(60, minutes - done);
      const events: RuntimeEvent[] = [];
      const begin = this.#time;
      for (let minute = 0; minute < some; minute++) {
        this.#time = begin + minute * MINUTE;
        if (minute % USUAL_EVERY === 0) for (const one of replicas) events.push(...this.usual(one, image));
        events.push(...also(done + minute));
      }
      this.#time = begin + some * MINUTE;
      for (const one of replicas)
        events.push(this.at(one, image, { type: 'resource', since: this.#iso(begin), usage: { cpu: 1 } }));
      await this.send(events);
    }
  }

  async send(events: readonly RuntimeEvent[]): Promise<void> {
    this.#time += 1;
    const text = events.map((one) => JSON.stringify(one)).join('\n');
    await this.#ingest.take({ key: '', sender: 'node', sensor: 'n1', text });
    await this.#learner.turn();
  }

  /** Something that a replica does now. */
  at(replica: string, image: string, more: Partial<RuntimeEvent>): RuntimeEvent {
    return {
      ...{ source: 'sensor', node: 'n1', time: this.#iso(this.#time), type: 'exec' },
      pod: { namespace: 'shop', name: 'server-5d4f8b7c9d-x2lkp', labels: {} },
      container: { id: replica, name: 'server', image },
      process: { path: SERVER, arguments: '', inImage: true },
      ...more,
    };
  }

  usual(replica: string, image: string): RuntimeEvent[] {
    const isNew = !this.#born.has(replica);
    this.#born.add(replica);
    const first = this.at(replica, image, {
      type: 'watch',
      watch: { dimensions: ['exec', 'open', 'connect', 'listen', 'privilege'], isWhole: true },
    });
    return [
      ...(isNew ? [first, this.at(replica, image, {}), this.listens(replica, image)] : []),
      this.opens(replica, image, '/etc/server/server.conf'),
      this.connects(replica, image, 'db', 5432),
    ];
  }

  starts(replica: string, image: string, path: string, parent = SERVER, inImage = true): RuntimeEvent {
    return this.at(replica, image, {
      process: { path, arguments: '', inImage },
      parent: { path: parent, arguments: '' },
    });
  }

  opens(replica: string, image: string, path: string, actor = SERVER): RuntimeEvent {
    const acting = { path: actor, arguments: '', inImage: true };
    return this.at(replica, image, { type: 'open', process: acting, file: { path, access: 'read' } });
  }

  connects(replica: string, image: string, name: string, port: number, actor = SERVER): RuntimeEvent {
    const peer = { address: '203.0.113.9', name, port, protocol: 'TCP' };
    return this.at(replica, image, { type: 'connect', process: { path: actor, arguments: '', inImage: true }, peer });
  }

  listens(replica: string, image: string): RuntimeEvent {
    return this.at(replica, image, { type: 'listen', local: { address: '0.0.0.0', port: 8080 } });
  }

  lost(minutes: number): RuntimeEvent {
    const time = this.#iso(this.#time);
    return {
      source: 'sensor',
      node: 'n1',
      time,
      since: this.#iso(this.#time - minutes * MINUTE),
      type: 'loss',
      lost: 9,
    };
  }

  /** Nothing is sent for so many hours. */
  pause(hours: number): void {
    this.#time += hours * HOUR;
  }

  /** What is kept of it now. */
  async profile(): Promise<LearnedProfile> {
    this.#time += 61_000;
    await this.#learner.turn();
    const found = await this.store.behaviour.describe(ServedWorkload.subject, 'server');
    if (found === undefined) throw new Error('nothing was learned');
    return found;
  }

  /** Bytes of what is kept of the model. */
  async size(): Promise<number> {
    await this.profile();
    const kept = await this.store.behaviour.model(ServedWorkload.subject, 'server');
    return JSON.stringify(kept?.state).length;
  }

  async end(): Promise<void> {
    await this.#ingest.close();
    await this.#learner.close();
    await this.store.close();
  }

  #iso(time: number): string {
    return new Date(time + this.#skew).toISOString();
  }
}
