import { BehaviourModel, behaviourKey } from '@breakwater/engine/behaviour';
import { type Behaviour, type BehaviourJudgement, type DimensionState, ReleaseFacts } from '@breakwater/model';

const START = Date.parse('2026-03-02T08:00:00.000Z');
const MINUTE = 60_000;

export const SHELL = '/bin/sh';
export const SERVER = '/usr/sbin/server';

/** What a server does each minute. */
export const USUAL: readonly Behaviour[] = [
  { dimension: 'exec', actor: '', parent: '', object: SERVER, inImage: true },
  { dimension: 'open', actor: SERVER, parent: '', access: 'read', object: '/etc/server/server.conf' },
  { dimension: 'open', actor: SERVER, parent: '', access: 'write', object: '/var/log/server/*' },
  { dimension: 'listen', actor: SERVER, parent: '', object: '8080/TCP' },
  { dimension: 'connect', actor: SERVER, parent: '', object: 'db:5432/TCP' },
  { dimension: 'privilege', actor: SERVER, parent: '', object: 'setuid user' },
];

/** A release that has a server, a shell, and what else is named. */
export const release = (id: string, ...more: readonly string[]): ReleaseFacts =>
  ReleaseFacts.parse({
    id,
    filesKnown: true,
    files: [SERVER, SHELL, ...more].map((path) => ({ path, kind: 'executable', digest: `sha256:${path}` })),
    entrypoint: [SERVER],
    ports: ['8080/TCP'],
  });

/** A workload whose replicas do what a test says, minute by minute. */
export class Workload {
  readonly model: BehaviourModel;
  #minute = 0;

  constructor(hours = 6, first?: ReleaseFacts) {
    this.model = new BehaviourModel({ subject: 'harbour/Deployment/server', budget: { alerts: 1, hours } });
    if (first !== undefined) this.model.begin(first, this.time);
  }

  get time(): string {
    return new Date(START + this.#minute * MINUTE).toISOString();
  }

  begin(facts: ReleaseFacts): void {
    this.model.begin(facts, this.time);
  }

  /** One replica does something now. */
  do(replica: string, behaviours: readonly Behaviour[], id?: string): BehaviourJudgement[] {
    const told = behaviours.map((behaviour) => ({ key: behaviourKey(behaviour), behaviour }));
    return this.model.take({ behaviours: told, replica, release: id, time: this.time });
  }

  /** So many minutes in which all replicas do what is usual, and `also` what else happens in each. */
  live(minutes: number, replicas: readonly string[], also?: (minute: number) => void): void {
    for (let passed = 0; passed < minutes; passed++) {
      for (const replica of replicas) this.do(replica, USUAL);
      also?.(this.#minute);
      for (const replica of replicas) this.model.watched(replica, this.time);
      this.#minute += 1;
    }
  }

  /** The clock goes on, or back, and nobody watches. */
  skip(minutes: number): void {
    this.#minute += minutes;
  }

  settled(dimension: Behaviour['dimension']): DimensionState {
    return this.model.settled().find((one) => one.dimension === dimension)!;
  }

  /** Bytes of all that judgements depend on. */
  size(): number {
    return Buffer.byteLength(JSON.stringify(this.model.state()));
  }
}

export const replicas = (count: number): string[] => Array.from({ length: count }, (_, index) => `server-${index}`);

export const opens = (object: string): Behaviour => ({
  dimension: 'open',
  actor: SERVER,
  parent: '',
  access: 'read',
  object,
});

export const starts = (object: string, inImage = true, actor = SERVER): Behaviour => ({
  dimension: 'exec',
  actor,
  parent: '',
  object,
  inImage,
});

export const connects = (object: string, actor = SERVER): Behaviour => ({
  dimension: 'connect',
  actor,
  parent: '',
  object,
});
