import type { ConnectionSet, Connections } from './connections.ts';
import { KindSet } from './kind-set.ts';
import { type PeerKinds, UNSEEN_PORTS } from './peer-kinds.ts';
import { type Action, type Direction, type Policy, type Rule, type RulePort, rulesOf } from './policy.ts';
import { policiesInOrder, type WorkloadClass } from './workload-classes.ts';

/** Peers for which one direction of a workload is decided alike. */
export interface Cell {
  /** Kinds of peers, as the rules of this direction tell them apart. */
  peers: KindSet;
  allowed: ConnectionSet;
}

/** Peers and ports that a rule is about. */
interface Matter {
  peers: KindSet;
  ports: ConnectionSet;
}

/** Cells while policies are asked: what is allowed, what nobody decided yet, and what an earlier rule has passed on. */
interface Draft {
  peers: KindSet;
  allowed: ConnectionSet;
  open: ConnectionSet;
  passed: ConnectionSet;
}

/** Decides each direction of each class: which kinds of peers may use which connections. */
export class DirectionCells {
  readonly #kinds: Readonly<Record<Direction, PeerKinds>>;
  readonly #policies: readonly Policy[];
  readonly #connections: Connections;
  readonly #known = new Map<string, readonly Cell[]>();
  /** By rule and what the names of its ports are: what it is about. */
  readonly #matters = new Map<Rule, Map<string, Matter[]>>();

  constructor(kinds: Readonly<Record<Direction, PeerKinds>>, policies: readonly Policy[], connections: Connections) {
    this.#kinds = kinds;
    this.#policies = policies;
    this.#connections = connections;
  }

  /** The policies that say something about one direction of a class, as they are asked. */
  policiesOn(one: WorkloadClass, direction: Direction): Policy[] {
    const positions = one.policies.filter((position) => this.#policies[position]![direction] !== undefined);
    return policiesInOrder(this.#policies, positions);
  }

  /**
   * Who may reach a class, or whom it may reach, without those who may not at all; undefined where no policy says
   * anything. Classes under the same policies share one list.
   */
  of(one: WorkloadClass, direction: Direction): readonly Cell[] | undefined {
    const positions = one.policies.filter((position) => this.#policies[position]![direction] !== undefined);
    if (positions.length === 0) return undefined;
    const key = `${direction} ${positions.join()} ${direction === 'ingress' ? one.ports : ''}`;
    let cells = this.#known.get(key);
    if (cells === undefined) {
      cells = this.#decide(policiesInOrder(this.#policies, positions), direction, one.ports);
      this.#known.set(key, cells);
    }
    return cells;
  }

  /** What a rule is about; named ports mean what the destination calls so, which is `own` for connections coming in. */
  mattersOf(rule: Rule, policy: Policy, direction: Direction, own: string): readonly Matter[] {
    let known = this.#matters.get(rule);
    if (known === undefined) {
      known = new Map();
      this.#matters.set(rule, known);
    }
    const named = direction === 'ingress' && rule.ports?.some((port) => 'name' in port) === true ? own : '';
    let matters = known.get(named);
    if (matters === undefined) {
      matters = this.#matter(rule, policy.namespace, direction, named);
      known.set(named, matters);
    }
    return matters;
  }

  #matter(rule: Rule, namespace: string, direction: Direction, own: string): Matter[] {
    const peers = this.#peersOf(rule, namespace, direction);
    const { ports } = rule;
    if (ports === undefined) return [{ peers, ports: this.#connections.everything }];
    if (direction === 'ingress' || !ports.some((port) => 'name' in port))
      return [{ peers, ports: this.#resolve(ports, own) }];
    return [...this.#kinds.egress.byPorts].flatMap(([there, kinds]) => {
      const some = peers.intersect(kinds);
      return some.isEmpty ? [] : [{ peers: some, ports: this.#resolve(ports, there) }];
    });
  }

  #peersOf({ peers }: Rule, namespace: string, direction: Direction): KindSet {
    const kinds = this.#kinds[direction];
    return peers === undefined ? kinds.everyone : kinds.ofPeers(peers, namespace);
  }

  #resolve(ports: readonly RulePort[], there: string): ConnectionSet {
    const declared = there.split(',').flatMap((text) => {
      const [, name, protocol, number] = /^(.*)=(.*)\/(.*)$/.exec(text) ?? [];
      return number === undefined ? [] : [{ name, protocol: protocol!, from: Number(number), to: Number(number) }];
    });
    const ranges = ports.flatMap((port) => {
      if (!('name' in port)) return [port];
      const { name, protocol } = port;
      return declared.filter((one) => one.name === name && (protocol === undefined || protocol === one.protocol));
    });
    const names = there !== UNSEEN_PORTS ? [] : ports.flatMap((port) => ('name' in port ? [port] : []));
    const unseen = names.map(({ protocol, name }) => this.#connections.named(protocol ?? 'TCP', name));
    return this.#connections.unionOf([this.#connections.of(ranges), ...unseen]);
  }

  #decide(policies: readonly Policy[], direction: Direction, own: string): Cell[] {
    const { everything, none } = this.#connections;
    const start: Draft = { peers: this.#kinds[direction].everyone, allowed: none, open: everything, passed: none };
    const of = (tier: Policy['tier']): (Matter & { action: Action })[] =>
      this.#inOrder(
        policies.filter((policy) => policy.tier === tier),
        direction,
        own,
      );
    const ask = (drafts: Draft[], tier: Policy['tier']): Draft[] => {
      const decided = of(tier).reduce((all, matter) => this.#joinMany(this.#apply(all, matter, matter.action)), drafts);
      return this.#merge(decided.map((draft) => this.#nextTier(draft)));
    };
    let drafts = ask([start], 'admin');
    if (policies.some(({ tier }) => tier === 'network'))
      drafts = this.#merge(this.#allow(drafts, this.#united(of('network'), this.#kinds[direction])));
    else drafts = ask(drafts, 'baseline');
    const decided = drafts.map(({ peers, allowed, open }) => ({
      peers,
      allowed: this.#connections.union(allowed, open),
      open: none,
      passed: none,
    }));
    const cells = this.#withHosts(this.#merge(decided), this.#kinds[direction]);
    return cells.filter(({ allowed }) => allowed !== none);
  }

  /** A workload on the network of its node may do what any address may that its node can have. */
  #withHosts(cells: readonly Cell[], { hosts, neighbours }: PeerKinds): Cell[] {
    const plain = cells.map(({ peers, allowed }) => ({ peers, allowed }));
    if (hosts.isEmpty) return plain;
    const asNode = plain
      .filter(({ peers }) => !peers.intersect(neighbours).isEmpty)
      .reduce((all, { allowed }) => this.#connections.union(all, allowed), this.#connections.none);
    return [
      ...plain.map((cell) => ({ ...cell, peers: cell.peers.subtract(hosts) })),
      { peers: hosts, allowed: asNode },
    ];
  }

  #inOrder(policies: readonly Policy[], direction: Direction, own: string): (Matter & { action: Action })[] {
    return policies.flatMap((policy) =>
      rulesOf(policy, direction).flatMap((rule) =>
        this.mattersOf(rule, policy, direction, own).map((matter) => ({ ...matter, action: rule.action })),
      ),
    );
  }

  /**
   * NetworkPolicies only add to each other: ports are united by peers, then peers by ports, of which there are few. Many are
   * united kind by kind, so that the work grows with what they name, not with their pairs.
   */
  #united(matters: readonly Matter[], { size }: PeerKinds): Matter[] {
    const byPorts = new Map<ConnectionSet, KindSet>();
    for (const [peers, own] of Map.groupBy(matters, (matter) => matter.peers)) {
      const ports = this.#connections.unionOf(own.map((matter) => matter.ports));
      byPorts.set(ports, byPorts.get(ports)?.union(peers) ?? peers);
    }
    if (byPorts.size <= MANY) return this.#apart([...byPorts].map(([ports, peers]) => ({ ports, peers })));
    const ofKind = new Map<number, ConnectionSet[]>();
    for (const [ports, peers] of byPorts)
      for (const kind of peers.members()) {
        const known = ofKind.get(kind);
        if (known === undefined) ofKind.set(kind, [ports]);
        else known.push(ports);
      }
    const alike = Map.groupBy(ofKind, ([, ports]) => this.#connections.unionOf(ports));
    return [...alike].map(([ports, kinds]) => ({
      ports,
      peers: KindSet.of(
        size,
        kinds.map(([kind]) => kind),
      ),
    }));
  }

  /** The same without peers that are in two matters. */
  #apart(matters: readonly Matter[]): Matter[] {
    return matters.reduce<Matter[]>((apart, { peers, ports }) => {
      let rest = peers;
      const cut = apart.flatMap((one) => {
        const both = one.peers.intersect(peers);
        if (both.isEmpty) return [one];
        rest = rest.subtract(one.peers);
        const alone = { ...one, peers: one.peers.subtract(peers) };
        const shared = { peers: both, ports: this.#connections.union(one.ports, ports) };
        return alone.peers.isEmpty ? [shared] : [alone, shared];
      });
      return rest.isEmpty ? cut : [...cut, { peers: rest, ports }];
    }, []);
  }

  /** Allows what is open by matters that share no peers, and closes the rest. */
  #allow(drafts: readonly Draft[], matters: readonly Matter[]): Draft[] {
    const { none } = this.#connections;
    return drafts.flatMap(({ peers, allowed, open }) => {
      const found = matters.flatMap((matter): Draft[] => {
        const both = peers.intersect(matter.peers);
        const more = this.#connections.intersect(open, matter.ports);
        if (both.isEmpty) return [];
        return [{ peers: both, allowed: this.#connections.union(allowed, more), open: none, passed: none }];
      });
      const rest = found.reduce((all, draft) => all.subtract(draft.peers), peers);
      return rest.isEmpty ? found : [...found, { peers: rest, allowed, open: none, passed: none }];
    });
  }

  #apply(drafts: readonly Draft[], { peers, ports }: Matter, action: Action): Draft[] {
    const { union, intersect: both, subtract, none } = bound(this.#connections);
    return drafts.flatMap((draft) => {
      const decided = both(draft.open, ports);
      const inside = decided === none ? undefined : draft.peers.intersect(peers);
      if (inside === undefined || inside.isEmpty) return [draft];
      const outside = draft.peers.subtract(peers);
      const changed: Draft = { ...draft, peers: inside, open: subtract(draft.open, decided) };
      if (action === 'allow') changed.allowed = union(draft.allowed, decided);
      if (action === 'pass') changed.passed = union(draft.passed, decided);
      return outside.isEmpty ? [changed] : [changed, { ...draft, peers: outside }];
    });
  }

  #nextTier({ peers, allowed, open, passed }: Draft): Draft {
    return { peers, allowed, open: this.#connections.union(open, passed), passed: this.#connections.none };
  }

  #joinMany(drafts: Draft[]): Draft[] {
    return drafts.length > MANY ? this.#merge(drafts) : drafts;
  }

  /** Joins drafts of one state. */
  #merge(drafts: readonly Draft[]): Draft[] {
    const states = new Map<string, Draft>();
    for (const draft of drafts) {
      const key = `${draft.allowed} ${draft.open} ${draft.passed}`;
      const known = states.get(key);
      states.set(key, known === undefined ? draft : { ...known, peers: known.peers.union(draft.peers) });
    }
    return [...states.values()];
  }
}

/** From here on it pays to join drafts between two rules. */
const MANY = 12;

/** What a list of cells allows a kind of peer; undefined for nothing. */
export function allowedOf(cells: readonly Cell[], kind: number): ConnectionSet | undefined {
  return cells.find(({ peers }) => peers.has(kind))?.allowed;
}

function bound(connections: Connections): Pick<Connections, 'union' | 'intersect' | 'subtract' | 'none'> {
  return {
    union: (a, b) => connections.union(a, b),
    intersect: (a, b) => connections.intersect(a, b),
    subtract: (a, b) => connections.subtract(a, b),
    none: connections.none,
  };
}
