import type { Attack, Choice } from './attack.ts';
import { attacks } from './attacks.ts';
import { namesFor } from './needs.ts';
import type { Grant, PermissionRule, RoleLookup } from './types.ts';

/** Grants that follow from others are looked for no further: each names a role of its own. */
const MOST_FOLLOWING = 1_000;

/** Where the rest of an attack's needs may be held. */
const ANYWHERE = '*';

/**
 * What one identity holds: its own grants, those that it may give itself because it may bind roles by name, and those of
 * its groups, which count for what takes several permissions.
 */
export class Holding {
  readonly grants: readonly Grant[];
  readonly #shared: readonly Grant[];
  /** Lists of rules by the namespace of their grants, each list once. */
  readonly #own: Map<string, Set<PermissionRule[]>>;
  readonly #all: Map<string, Set<PermissionRule[]>>;
  readonly #met = new Map<string, boolean>();
  readonly #choices = new Map<Choice, number>();
  readonly #reasons = new Map<Grant, string>();

  constructor(own: readonly Grant[], shared: readonly Grant[], roleOf: RoleLookup) {
    this.#shared = shared;
    this.#own = new Map();
    this.#all = new Map();
    for (const grant of own) this.#add(grant);
    for (const grant of shared) addTo(this.#all, grant);
    this.grants = [...own, ...this.#following(own, roleOf)];
  }

  /** "ClusterRoleBinding ops gives ClusterRole view". */
  reasonOf(grant: Grant): string {
    return this.#reasons.get(grant) ?? `${grant.binding} gives ${grant.role}`;
  }

  #add(grant: Grant): void {
    addTo(this.#own, grant);
    addTo(this.#all, grant);
  }

  /**
   * Names for which a grant makes an attack, the rest of its needs being held in the same place; undefined where it does
   * not. Where a group gives the first need, the grant counts that adds one of the others.
   */
  meets({ needs, restAnywhere }: Attack, { namespace, rules }: Grant): readonly string[] | undefined {
    const [first, ...others] = needs;
    const place = restAnywhere === true ? ANYWHERE : namespace;
    const names = namesFor(rules, first) ?? this.#fromGroup(first, others, namespace, rules);
    if (names === undefined) return undefined;
    return others.every((choice) => this.#holds(choice, place)) ? names : undefined;
  }

  #fromGroup(
    first: Choice,
    others: readonly Choice[],
    namespace: string,
    rules: PermissionRule[],
  ): readonly string[] | undefined {
    if (this.#shared.length === 0 || !others.some((choice) => namesFor(rules, choice) !== undefined)) return undefined;
    if (some(this.#own, namespace, first)) return undefined;
    const found = this.#shared.flatMap((grant) =>
      grant.namespace === '' || grant.namespace === namespace ? [namesFor(grant.rules, first)] : [],
    );
    if (found.some((names) => names?.length === 0)) return [];
    const names = found.flatMap((each) => each ?? []);
    return names.length === 0 ? undefined : [...new Set(names)].sort();
  }

  /** Whether one of the roles is given to it where a grant of this namespace holds. */
  isBoundTo(roles: readonly string[], namespace: string): boolean {
    return [...this.grants, ...this.#shared].some(
      (grant) => roles.includes(grant.role) && (grant.namespace === '' || grant.namespace === namespace),
    );
  }

  #holds(choice: Choice, place: string): boolean {
    const position = this.#choices.get(choice) ?? this.#choices.size;
    this.#choices.set(choice, position);
    const key = `${position} ${place}`;
    let met = this.#met.get(key);
    if (met === undefined) {
      met = some(this.#all, place, choice);
      this.#met.set(key, met);
    }
    return met;
  }

  /** Grants of roles that it may bind by their names, and what those let it bind in turn. */
  #following(own: readonly Grant[], roleOf: RoleLookup): Grant[] {
    const following = new Map<string, Grant>();
    const queue = [...own];
    for (const grant of queue) {
      if (following.size >= MOST_FOLLOWING) break;
      for (const attack of attacks) {
        if (attack.roles !== 'bind' || (attack.clusterOnly === true && grant.namespace !== '')) continue;
        for (const name of this.meets(attack, grant) ?? [])
          for (const role of attack.clusterOnly ? [`ClusterRole ${name}`] : rolesNamed(name, grant.namespace)) {
            const rules = roleOf(grant.cluster, role);
            const key = `${grant.namespace} ${role}`;
            if (rules === undefined || following.has(key)) continue;
            const given = { ...grant, id: `${grant.id}|bind ${role}`, role, rules };
            this.#reasons.set(given, `${this.reasonOf(grant)}, by which it may give itself ${role}`);
            this.#add(given);
            following.set(key, given);
            queue.push(given);
          }
      }
    }
    return [...following.values()];
  }
}

const rolesNamed = (name: string, namespace: string): string[] => [`ClusterRole ${name}`, `Role ${namespace}/${name}`];

function addTo(places: Map<string, Set<PermissionRule[]>>, { namespace, rules }: Grant): void {
  const known = places.get(namespace);
  if (known === undefined) places.set(namespace, new Set([rules]));
  else known.add(rules);
}

function some(places: ReadonlyMap<string, ReadonlySet<PermissionRule[]>>, place: string, choice: Choice): boolean {
  const lists =
    place === ANYWHERE ? [...places.values()] : [places.get(''), place === '' ? undefined : places.get(place)];
  return lists.some((list) => list?.values().some((rules) => namesFor(rules, choice) !== undefined));
}
