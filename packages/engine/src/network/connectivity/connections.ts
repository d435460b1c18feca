import type { PortRange } from '../ports.ts';

/** A set of connections by its number in `Connections`: equal sets have equal numbers. */
export type ConnectionSet = number;

/** Protocols in the order of the number line, 65,536 places each. */
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const WIDTH = 65_536;
/* One place is left free, so that the last protocol and the first name never become one range. */
const FIRST_NAME = PROTOCOLS.length * WIDTH + 1;
/** Operations on two sets are remembered under one number. */
const MOST_SETS = 2 ** 26;

/** A port that a rule names and that nobody declares yet. */
export interface NamedPort {
  protocol: string;
  name: string;
}

/**
 * Sets of (protocol, port) as ranges on one number line, each kept once, so that comparing two is comparing numbers and
 * every operation on the same two sets is done once. Names of ports that are not resolved yet are places of their own
 * behind the protocols.
 */
export class Connections {
  /** Nothing. */
  readonly none: ConnectionSet;
  /** Every port of every protocol. */
  readonly numbers: ConnectionSet;
  /** Every port and every name. */
  readonly everything: ConnectionSet;
  readonly #names: readonly NamedPort[];
  readonly #sets: (readonly number[])[] = [];
  readonly #byKey = new Map<string, ConnectionSet>();
  readonly #unions = new Map<number, ConnectionSet>();
  readonly #intersections = new Map<number, ConnectionSet>();
  readonly #differences = new Map<number, ConnectionSet>();

  constructor(names: readonly NamedPort[] = []) {
    this.#names = names;
    const numbers = PROTOCOLS.flatMap((_, at) => [at * WIDTH + 1, at * WIDTH + WIDTH - 1]);
    this.none = this.#intern([]);
    this.numbers = this.#intern(numbers);
    this.everything = this.#intern(
      names.length === 0 ? numbers : [...numbers, FIRST_NAME, FIRST_NAME + names.length - 1],
    );
  }

  /** The set of some ranges; a protocol that is none of the three holds nothing. */
  of(ranges: readonly PortRange[]): ConnectionSet {
    const pairs = ranges.flatMap(({ protocol, from, to }): [number, number][] => {
      const at = PROTOCOLS.indexOf(protocol as 'TCP');
      return at < 0 ? [] : [[at * WIDTH + from, at * WIDTH + to]];
    });
    return this.#intern(joined(pairs));
  }

  /** The set of one name; nothing where the name was not announced. */
  named(protocol: string, name: string): ConnectionSet {
    const at = this.#names.findIndex((known) => known.protocol === protocol && known.name === name);
    return at < 0 ? this.none : this.#intern([FIRST_NAME + at, FIRST_NAME + at]);
  }

  /** The union of many sets, by halves: one after the other they would be copied as often as there are sets. */
  unionOf(sets: readonly ConnectionSet[]): ConnectionSet {
    if (sets.length <= 2) return this.union(sets[0] ?? this.none, sets[1] ?? this.none);
    const half = sets.length >>> 1;
    return this.union(this.unionOf(sets.slice(0, half)), this.unionOf(sets.slice(half)));
  }

  union(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
    if (a === b || b === this.none) return a;
    if (a === this.none) return b;
    return this.#remember(this.#unions, Math.min(a, b), Math.max(a, b), unite);
  }

  intersect(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
    if (a === b || b === this.everything) return a;
    if (a === this.everything) return b;
    if (a === this.none || b === this.none) return this.none;
    return this.#remember(this.#intersections, Math.min(a, b), Math.max(a, b), overlap);
  }

  subtract(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
    if (a === b || a === this.none) return this.none;
    if (b === this.none) return a;
    return this.#remember(this.#differences, a, b, remove);
  }

  /** Whether a port is in a set. */
  holds(set: ConnectionSet, protocol: string, port: number): boolean {
    const at = PROTOCOLS.indexOf(protocol as 'TCP') * WIDTH + port;
    return at >= 0 && port < WIDTH && pairsOf(this.#sets[set]!).some(([from, to]) => from <= at && at <= to);
  }

  /** The ranges of a set, by protocol and number; names are left out. */
  ranges(set: ConnectionSet): PortRange[] {
    return pairsOf(this.#sets[set]!).flatMap(([from, to]) => {
      const protocol = PROTOCOLS[Math.floor(from / WIDTH)];
      return protocol === undefined ? [] : [{ protocol, from: from % WIDTH, to: to % WIDTH }];
    });
  }

  /** The names in a set whose protocol is not open as a whole anyway. */
  names(set: ConnectionSet): NamedPort[] {
    const open = new Set(
      this.ranges(set).flatMap(({ protocol, from, to }) => (from === 1 && to === WIDTH - 1 ? [protocol] : [])),
    );
    return pairsOf(this.#sets[set]!)
      .filter(([from]) => from >= FIRST_NAME)
      .flatMap(([from, to]) => this.#names.slice(from - FIRST_NAME, to - FIRST_NAME + 1))
      .filter(({ protocol }) => !open.has(protocol));
  }

  #intern(ranges: readonly number[]): ConnectionSet {
    const key = ranges.join();
    let set = this.#byKey.get(key);
    if (set === undefined) {
      set = this.#sets.length;
      this.#sets.push(ranges);
      this.#byKey.set(key, set);
    }
    return set;
  }

  #remember(
    known: Map<number, ConnectionSet>,
    a: ConnectionSet,
    b: ConnectionSet,
    work: (a: readonly number[], b: readonly number[]) => number[],
  ): ConnectionSet {
    const key = a * MOST_SETS + b;
    let set = known.get(key);
    if (set === undefined) {
      set = this.#intern(work(this.#sets[a]!, this.#sets[b]!));
      known.set(key, set);
    }
    return set;
  }
}

function pairsOf(ranges: readonly number[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
  return pairs;
}

function unite(a: readonly number[], b: readonly number[]): number[] {
  return joined([...pairsOf(a), ...pairsOf(b)]);
}

/** Ranges in ascending order, those that touch as one. */
function joined(pairs: [number, number][]): number[] {
  const united: number[] = [];
  for (const [from, to] of pairs.sort((x, y) => x[0] - y[0])) {
    const last = united.at(-1);
    if (last !== undefined && from <= last + 1) united[united.length - 1] = Math.max(last, to);
    else united.push(from, to);
  }
  return united;
}

function overlap(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i]!, b[j]!);
    const to = Math.min(a[i + 1]!, b[j + 1]!);
    if (from <= to) both.push(from, to);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return both;
}

function remove(a: readonly number[], b: readonly number[]): number[] {
  const left: number[] = [];
  for (const [from, to] of pairsOf(a)) {
    let next = from;
    for (const [start, end] of pairsOf(b)) {
      if (end < next || start > to) continue;
      if (start > next) left.push(next, start - 1);
      next = end + 1;
    }
    if (next <= to) left.push(next, to);
  }
  return left;
}
