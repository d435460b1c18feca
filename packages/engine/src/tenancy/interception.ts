import type { Workload } from '@breakwater/model';
import type { Isolation } from './isolation.ts';
import type { Listener } from './listeners.ts';
import { type MeshMembership, meshEncrypts } from './mesh.ts';
import type { Neighbours } from './neighbours.ts';
import type { Segment } from './segment.ts';

/** How a workload could read or divert what its neighbours send. */
export interface Listening {
  /** `node`: on the network of the node, where all of it passes. `segment`: by answering in the name of others. */
  from: 'node' | 'segment';
  /** Undefined where the plug-in of the network is not known: a bridge lets it, a router does not. */
  certain: true | undefined;
  /** The containers that may forge packets. */
  containers: readonly string[];
}

/** Plaintext traffic of one tenant that passes where a class of pods stands. */
export interface PlaintextNear {
  /** Workloads with ports that speak plain. */
  workloads: number;
  /** The first of them, as an example: position, and its port. */
  workload: number;
  listener: Listener;
}

/** Undefined where it can read nothing but what is sent to itself. */
export function listeningOf({ rawSockets, onNodeNetwork }: Isolation, { shared }: Segment): Listening | undefined {
  if (rawSockets.length === 0) return undefined;
  if (onNodeNetwork) return { from: 'node', certain: true, containers: rawSockets };
  return shared === false ? undefined : { from: 'segment', certain: shared, containers: rawSockets };
}

/**
 * A port as it is on the wire: what the mesh encrypts is encrypted, and of a member that lets others in too it cannot be
 * told.
 */
export function onTheWire(listener: Listener, membership: MeshMembership | undefined): Listener {
  if (membership === undefined || listener.encrypted === true || listener.transport !== 'TCP') return listener;
  return { ...listener, encrypted: meshEncrypts(membership, listener.port, false) ? true : undefined };
}

/** Plaintext by tenant, for each class of placement. */
export class Plaintext {
  readonly #neighbours: Neighbours;
  readonly #listeners: readonly (readonly Listener[])[];
  readonly #tenantOf: readonly number[];
  readonly #near = new Map<number, ReadonlyMap<number, PlaintextNear>>();

  /** `listeners` are those on the wire, by workload. */
  constructor(neighbours: Neighbours, listeners: readonly (readonly Listener[])[], tenantOf: readonly number[]) {
    this.#neighbours = neighbours;
    this.#listeners = listeners;
    this.#tenantOf = tenantOf;
  }

  /** What passes where pods of a class stand, by tenant. */
  near(placement: number): ReadonlyMap<number, PlaintextNear> {
    let found = this.#near.get(placement);
    if (found === undefined) {
      found = this.#read(placement);
      this.#near.set(placement, found);
    }
    return found;
  }

  #read(placement: number): ReadonlyMap<number, PlaintextNear> {
    const found = new Map<number, PlaintextNear>();
    for (const other of this.#neighbours.classesNear(placement))
      for (const workload of this.#neighbours.membersOf(other)) {
        const listener = this.plainPortOf(workload);
        if (listener === undefined) continue;
        const tenant = this.#tenantOf[workload]!;
        const known = found.get(tenant);
        if (known === undefined) found.set(tenant, { workloads: 1, workload, listener });
        else known.workloads += 1;
      }
    return found;
  }

  /** The port of a workload that gives away most: one with data before any other. */
  plainPortOf(workload: number): Listener | undefined {
    const plain = this.#listeners[workload]!.filter(({ encrypted }) => encrypted === false);
    return plain.find(({ data }) => data) ?? plain[0];
  }
}

/** `pay/db at port 5432 (postgres)`. */
export function spellPort({ namespace, name }: Workload, { port, protocol }: Listener): string {
  return `${namespace}/${name} at port ${port}${protocol === '' ? '' : ` (${protocol})`}`;
}
