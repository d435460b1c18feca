import { Sensor } from '@breakwater/sensor/sensor';
import type { Application, Release } from '../applications/application.ts';
import type { TraceWriter } from '../trace/trace-writer.ts';
import type { Chance } from './chance.ts';
import { NAMESPACE, type Replica, restartReplica, startReplica, stopReplica } from './containers.ts';

const FLUSH = 10_000;
const USAGE = 60_000;
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A replica of which a recording knows. */
export interface RecordedReplica extends Replica {
  /** Its number in the recording. */
  number: number;
  /** Whether attackers are let in: it is left to them. */
  isAttacked: boolean;
}

/** The containers of a recording, watched by a sensor from the first program of each. */
export class Fleet {
  readonly #writer: TraceWriter;
  readonly #chance: Chance;
  readonly #running = new Map<string, RecordedReplica>();
  /** Of pods, by the pod: what they do before it is known which container they are is told of the last. */
  readonly #numbers = new Map<string, number>();
  #sensor: Sensor | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(writer: TraceWriter, chance: Chance) {
    this.#writer = writer;
    this.#chance = chance;
  }

  /** Begins to watch: before the first container starts. */
  async watch(): Promise<void> {
    this.#sensor = await Sensor.open({
      chooses: ({ pod }) => pod?.namespace === NAMESPACE,
      isKnown: () => false,
      usageEvery: USAGE,
      bufferSize: 16 * 1024 * 1024,
      take: (event) => {
        const number = this.#numbers.get(event.pod?.name ?? '');
        if (number !== undefined) this.#writer.take(number, event);
      },
    });
    this.#timer = setInterval(() => this.#writer.flush(Date.now()), FLUSH);
  }

  of(application: Application): RecordedReplica[] {
    return [...this.#running.values()].filter((replica) => replica.application === application);
  }

  isRunning(replica: RecordedReplica): boolean {
    return this.#running.get(replica.pod)?.id === replica.id;
  }

  /** Starts a replica in a place: that of a StatefulSet keeps its pod's name and its data. */
  async start(application: Application, release: Release, place: number, reason: string): Promise<RecordedReplica> {
    const pod =
      application.kind === 'StatefulSet' ? `${application.name}-${place}` : this.#podName(application, release);
    const number = this.#announce(application, release, pod, reason);
    try {
      const replica = { ...(await startReplica(application, release, pod)), number, isAttacked: reason === 'attack' };
      this.#running.set(pod, replica);
      return replica;
    } catch (error) {
      this.#writer.end(number, new Date().toISOString());
      throw error;
    }
  }

  async stop(replica: RecordedReplica): Promise<void> {
    if (this.isRunning(replica)) this.#running.delete(replica.pod);
    await stopReplica(replica);
    this.#writer.end(replica.number, new Date().toISOString());
  }

  async restart(replica: RecordedReplica): Promise<void> {
    this.#writer.end(replica.number, new Date().toISOString());
    const number = this.#announce(replica.application, replica.release, replica.pod, 'restart');
    this.#running.set(replica.pod, { ...(await restartReplica(replica)), number, isAttacked: replica.isAttacked });
  }

  #announce(application: Application, release: Release, pod: string, reason: string): number {
    const number = this.#writer.begin({
      workload: application.name,
      kind: application.kind,
      pod,
      container: application.name,
      tag: release.tag,
      time: new Date().toISOString(),
      reason,
    });
    this.#numbers.set(pod, number);
    return number;
  }

  #podName(application: Application, release: Release): string {
    const letters = (count: number): string =>
      Array.from({ length: count }, () => LETTERS[this.#chance.below(LETTERS.length)]).join('');
    return `${application.name}-${release.tag}${letters(6)}-${letters(5)}`;
  }

  async #stopAll(replicas: readonly RecordedReplica[]): Promise<void> {
    for (const replica of replicas) await this.stop(replica);
  }

  /** Stops all containers, and the sensor after them. */
  async close(): Promise<void> {
    const stopping = Map.groupBy(this.#running.values(), ({ application }) => application);
    await Promise.all([...stopping.values()].map((replicas) => this.#stopAll(replicas)));
    await this.#sensor?.close();
    clearInterval(this.#timer);
    this.#writer.close();
  }
}
