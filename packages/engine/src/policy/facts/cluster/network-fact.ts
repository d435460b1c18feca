import type { Exposure } from '@breakwater/model';
import { membersOf } from '../../../network/bits.ts';
import type { ConnectionSet, Connections, Direction } from '../../../network/connectivity/index.ts';
import { type Borders, type Callers, holdsOther, type Listener, type Tenancy } from '../../../tenancy/index.ts';
import { CelUnknown } from '../../cel/index.ts';
import { type Certain, inEveryCase } from './certain.ts';

/** Who may open a connection, by network policies. */
interface CallersFact {
  /** Whatever pod anybody may create in the cluster. */
  anyone: boolean;
  /** Workloads of another namespace, those that are not there yet included. */
  otherNamespaces: boolean;
  /** Workloads of another tenant, those that are not there yet included. */
  otherTenants: boolean;
  /** Names of the other namespaces in view, the first ten. */
  namespaces: readonly string[];
  /** Addresses of the Internet, as far as policies go: whether a way in leads here is `exposure`. */
  outside: boolean;
}

/** What a workload may open connections to, by network policies. */
interface ReachesFact {
  /** Some address of the Internet, on some port. */
  internet: boolean;
  /** The ports of it: `TCP 443`, or `every port`. */
  internetPorts: string;
  /** Every port of every address outside of the cluster. */
  everywhere: boolean;
  /** The address at which clouds tell a machine its credentials, 169.254.169.254. */
  metadata: boolean;
  otherNamespaces: boolean;
  otherTenants: boolean;
}

const MOST_NAMES = 10;

/** What is not in view, and keeps parts of the fact unknown. */
export interface NetworkGaps {
  /** Policies that may close what is open, and open what is closed. */
  policies: CelUnknown | undefined;
  /** Services that may lead to more ports. */
  services: CelUnknown | undefined;
}

/** Ways in from outside; unknown where none was found and not all are in view. */
type Ways = () => readonly Exposure[] | CelUnknown;

/**
 * The fact `network` of a workload, by every network policy that is evaluated:
 *
 * - `isolated`: whether some policy restricts `ingress` and `egress`
 * - `callers`: who may open connections to it, on any port
 * - `ports`: ports at which it is known to listen, each with who may open connections to it and what it speaks
 * - `reaches`: what it may open connections to
 * - `mesh`: the service mesh that encrypts for it, empty for none; `meshStrict` where callers outside of it are refused
 */
export class NetworkFact {
  readonly #tenancy: Tenancy;
  readonly #position: number;
  readonly #ways: Ways;
  readonly #gaps: NetworkGaps;
  #ports: readonly PortFact[] | undefined;
  #callers: Certain<CallersFact> | undefined;
  #reaches: Certain<ReachesFact> | undefined;

  constructor(tenancy: Tenancy, position: number, ways: Ways, gaps: NetworkGaps) {
    this.#tenancy = tenancy;
    this.#position = position;
    this.#ways = ways;
    this.#gaps = gaps;
  }

  get isolated(): Certain<Record<Direction, boolean>> | CelUnknown {
    if (this.#gaps.policies !== undefined) return this.#gaps.policies;
    return inEveryCase(this.#tenancy, (borders) => ({
      ingress: borders.isRestricted(this.#position, 'ingress'),
      egress: borders.isRestricted(this.#position, 'egress'),
    }));
  }

  get callers(): Certain<CallersFact> | CelUnknown {
    if (this.#gaps.policies !== undefined) return this.#gaps.policies;
    this.#callers ??= inEveryCase(this.#tenancy, (borders) =>
      callersOf(this.#tenancy, borders, this.#position, undefined),
    );
    return this.#callers;
  }

  get ports(): readonly PortFact[] | CelUnknown {
    this.#ports ??= (this.#tenancy.listeners[this.#position] ?? []).map(
      (listener) => new PortFact(this.#tenancy, this.#position, listener, this.#ways, this.#gaps.policies),
    );
    return this.#ports.length === 0 ? (this.#gaps.services ?? this.#ports) : this.#ports;
  }

  get reaches(): Certain<ReachesFact> | CelUnknown {
    if (this.#gaps.policies !== undefined) return this.#gaps.policies;
    this.#reaches ??= inEveryCase(this.#tenancy, (borders) => this.#readReaches(borders));
    return this.#reaches;
  }

  get mesh(): string | CelUnknown {
    return this.#gaps.policies ?? this.#tenancy.memberships[this.#position]?.mesh ?? '';
  }

  get meshStrict(): boolean | CelUnknown {
    return this.#gaps.policies ?? this.#tenancy.memberships[this.#position]?.strict ?? false;
  }

  #readReaches(borders: Borders): ReachesFact {
    const { connections } = borders;
    const { internet, everywhere, metadata } = borders.outgoing(this.#position);
    const others = borders.reachesOthers(this.#position);
    return {
      internet: internet !== connections.none,
      internetPorts: spellConnections(connections, internet),
      everywhere,
      metadata,
      otherNamespaces: others.namespaces,
      otherTenants: others.tenants,
    };
  }
}

/** A port of `network.ports`. */
class PortFact {
  readonly port: number;
  readonly protocol: string;
  readonly names: readonly string[];
  /** `http`, `postgres`; empty where nothing tells. */
  readonly speaks: string;
  /** Unknown where nothing tells. */
  readonly encrypted: boolean | CelUnknown;
  /** A database, a cache, a queue, a directory. */
  readonly data: boolean;
  readonly #tenancy: Tenancy;
  readonly #position: number;
  readonly #ways: Ways;
  readonly #gap: CelUnknown | undefined;
  #from: Certain<CallersFact> | undefined;

  constructor(tenancy: Tenancy, position: number, listener: Listener, ways: Ways, gap: CelUnknown | undefined) {
    this.port = listener.port;
    this.protocol = listener.transport;
    this.names = listener.names;
    this.speaks = listener.protocol;
    this.encrypted =
      (listener.encrypted === false ? gap : undefined) ??
      listener.encrypted ??
      new CelUnknown([`whether port ${listener.port} is encrypted`]);
    this.data = listener.data;
    this.#tenancy = tenancy;
    this.#position = position;
    this.#ways = ways;
    this.#gap = gap;
  }

  get from(): Certain<CallersFact> | CelUnknown {
    if (this.#gap !== undefined) return this.#gap;
    const range = { protocol: this.protocol, from: this.port, to: this.port };
    this.#from ??= inEveryCase(this.#tenancy, (borders) =>
      callersOf(this.#tenancy, borders, this.#position, borders.connections.of([range])),
    );
    return this.#from;
  }

  /** Ways in from outside to this port, as in `exposure`. */
  get exposure(): readonly Exposure[] | CelUnknown {
    const ways = this.#ways();
    if (ways instanceof CelUnknown) return ways;
    return ways.filter(({ port, protocol }) => port === 0 || (port === this.port && protocol === this.protocol));
  }
}

function callersOf(
  { tenants, workloads }: Tenancy,
  borders: Borders,
  position: number,
  wanted: ConnectionSet | undefined,
): CallersFact {
  const { connections } = borders;
  const own = borders.numberOf(workloads[position]!.namespace);
  const callers = borders
    .into(position)
    .filter((each) => wanted === undefined || connections.intersect(each.connections, wanted) !== connections.none);
  const some = (holds: (source: Callers['source']) => boolean): boolean => callers.some(({ source }) => holds(source));
  const anyone = some((source) => source.anyone);
  return {
    anyone,
    otherNamespaces: anyone || some(({ namespaces }) => holdsOther(namespaces, own)),
    otherTenants: anyone || some((source) => holdsOther(source.tenants, tenants.ofWorkload[position]!)),
    namespaces: firstNames(borders.namespaces, callers, own),
    outside: some((source) => source.outside),
  };
}

function firstNames(names: readonly string[], callers: readonly Callers[], own: number): string[] {
  const found = new Set<number>();
  for (const { source } of callers)
    for (const number of membersOf(source.namespaces)) {
      if (number !== own) found.add(number);
      if (found.size === MOST_NAMES) return [...found].map((one) => names[one]!);
    }
  return [...found].map((number) => names[number]!);
}

function spellConnections(connections: Connections, set: ConnectionSet): string {
  if (connections.subtract(connections.numbers, set) === connections.none) return 'every port';
  return connections
    .ranges(set)
    .map(({ protocol, from, to }) => `${protocol} ${from === to ? from : `${from}-${to}`}`)
    .join(', ');
}

/** Names of the workloads of a namespace that are open. */
type OpenFact = Record<Direction, readonly string[]>;

/**
 * The fact `network` of a Namespace: `workloads` in it, and those that policies leave `open`: to whatever pod anybody may
 * create in the cluster (`ingress`), and to every address outside of it (`egress`), by name.
 */
export class NamespaceNetworkFact {
  readonly workloads: number;
  readonly #tenancy: Tenancy;
  readonly #own: readonly number[];
  readonly #gap: CelUnknown | undefined;
  #open: Certain<OpenFact> | undefined;

  constructor(tenancy: Tenancy, own: readonly number[], gap: CelUnknown | undefined) {
    this.workloads = own.length;
    this.#tenancy = tenancy;
    this.#own = own;
    this.#gap = gap;
  }

  get open(): Certain<OpenFact> | CelUnknown {
    if (this.#gap !== undefined) return this.#gap;
    this.#open ??= inEveryCase(this.#tenancy, (borders) => this.#readOpen(borders));
    return this.#open;
  }

  #readOpen(borders: Borders): OpenFact {
    const named = (isOpen: (position: number) => boolean): string[] =>
      this.#own.filter(isOpen).map((position) => this.#tenancy.workloads[position]!.name);
    return {
      ingress: named((position) => borders.into(position).some(({ source }) => source.anyone)),
      egress: named((position) => borders.outgoing(position).everywhere),
    };
  }
}
