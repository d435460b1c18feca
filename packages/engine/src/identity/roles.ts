import type { JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { InvalidPolicy, parseSelector, type Selector, selects } from '../network/index.ts';
import { builtInLabels, builtInRoles, builtInSelections } from './built-in-roles.ts';
import type { PermissionRule } from './types.ts';

/** A role with the rules that it has after aggregation. */
export interface Role {
  /** `ClusterRole view`, `Role shop/reader`. */
  name: string;
  rules: PermissionRule[];
  places: Place[];
}

interface Definition {
  name: string;
  labels: ReadonlyMap<string, string>;
  /** As they are written. */
  rules: readonly PermissionRule[];
  /** The controller of aggregation writes others instead, for it selects roles. */
  overwritten: boolean;
  aggregates: Selector[];
  places: Place[];
}

/** What Kubernetes brings, by name. `admin` selects what is offered to it, `edit` among that, and `edit` selects `view`. */
const builtIn: ReadonlyMap<string, Definition> = new Map(
  [...builtInRoles].map(([name, rules]) => {
    const aggregates = (builtInSelections.get(name) ?? []).map((label) =>
      parseSelector({ matchLabels: { [label]: 'true' } }, 'aggregation'),
    );
    return [name, { name, labels: builtInLabels(name), rules, overwritten: false, aggregates, places: [] }];
  }),
);

/** The roles of one cluster: those of the manifests and those that Kubernetes brings. */
export class Roles {
  readonly #defined = new Map<string, Definition>(builtIn);
  readonly #resolved = new Map<string, Role>();
  readonly #circular = new Map<string, boolean>();
  readonly #selected = new Map<string, readonly Definition[]>();

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      if (!object.apiVersion.startsWith('rbac.authorization.k8s.io/')) continue;
      if (object.kind !== 'Role' && object.kind !== 'ClusterRole') continue;
      const definition = definitionOf(object);
      const known = this.#defined.get(definition.name);
      if (known === undefined) this.#defined.set(definition.name, definition);
      else if (known === builtIn.get(definition.name))
        this.#defined.set(definition.name, reconciled(known, definition));
      else this.#defined.set(definition.name, joined(known, definition));
    }
  }

  /** A role by `ClusterRole NAME` or `Role NAMESPACE/NAME`; undefined where nothing defines it. */
  get(name: string): Role | undefined {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const definition = this.#defined.get(name);
    if (definition === undefined) return undefined;
    const parts = [definition, ...this.#aggregated(name)];
    const role: Role = {
      name,
      rules: [...new Set(parts.flatMap((part) => this.#held(part)))],
      places: parts.flatMap((part) => part.places),
    };
    this.#resolved.set(name, role);
    return role;
  }

  /** Rules that are overwritten come back where a role selects itself through others: which of both is first is chance. */
  #held(role: Definition): readonly PermissionRule[] {
    const lost = role.overwritten && role.rules.length > 0 && !this.#isCircular(role);
    return lost ? [] : role.rules;
  }

  /** Asked once for each meaning: many roles select alike, and a circle of them would ask each about all. */
  #selectedBy(selector: Selector): readonly Definition[] {
    let selected = this.#selected.get(selector.key);
    if (selected === undefined) {
      const roles = [...this.#defined.values()].filter(({ name }) => name.startsWith('ClusterRole '));
      selected = roles.filter(({ labels }) => selects(selector, labels));
      this.#selected.set(selector.key, selected);
    }
    return selected;
  }

  #isCircular({ name, labels }: Definition): boolean {
    let circular = this.#circular.get(name);
    if (circular === undefined) {
      const others = this.#aggregated(name);
      circular = others.some(({ aggregates }) => aggregates.some((selector) => selects(selector, labels)));
      this.#circular.set(name, circular);
    }
    return circular;
  }

  /**
   * What labels add to a role. An aggregated role may be part of another one: everything that can be reached counts
   * once, so that a cycle ends.
   */
  #aggregated(name: string): Definition[] {
    const found = new Map<string, Definition>();
    const asked = new Set<string>();
    const queue = [name];
    for (let role = queue.pop(); role !== undefined; role = queue.pop())
      for (const selector of this.#defined.get(role)?.aggregates ?? []) {
        if (asked.has(selector.key)) continue;
        asked.add(selector.key);
        for (const part of this.#selectedBy(selector)) {
          if (part.name === name || found.has(part.name)) continue;
          found.set(part.name, part);
          queue.push(part.name);
        }
      }
    return [...found.values()];
  }
}

/** What a cluster gave is what its controller of aggregation wrote; a manifest's own words hold only until it writes. */
function definitionOf(object: ManifestObject): Definition {
  const namespaced = object.kind === 'Role';
  const selectors = namespaced ? [] : objectsOf(fieldAt(object.object, 'aggregationRule', 'clusterRoleSelectors'));
  const aggregates = selectors.flatMap((selector) => selectorOf(selector));
  const stored = textOf(fieldAt(object.object, 'metadata', 'uid')) !== undefined;
  return {
    name: namespaced ? `Role ${object.namespace}/${object.name}` : `ClusterRole ${object.name}`,
    labels: labelsOf(fieldAt(object.object, 'metadata', 'labels')),
    rules: objectsOf(fieldOf(object.object, 'rules')).map(ruleOf),
    overwritten: aggregates.length > 0 && !stored,
    aggregates,
    places: [object.place],
  };
}

/** Labels and selectors that a built-in role lacks are put back whenever an API server starts; its rules stay as given. */
function reconciled(builtInRole: Definition, given: Definition): Definition {
  return {
    ...given,
    labels: new Map([...given.labels, ...builtInRole.labels]),
    aggregates: [...given.aggregates, ...builtInRole.aggregates],
  };
}

function selectorOf(value: JsonObject): Selector[] {
  try {
    return [parseSelector(value, 'clusterRoleSelectors')];
  } catch (error) {
    if (error instanceof InvalidPolicy) return []; // the API server refuses such a role: it aggregates nothing
    throw error;
  }
}

function ruleOf(rule: JsonObject): PermissionRule {
  return {
    apiGroups: textsOf(fieldOf(rule, 'apiGroups')),
    resources: textsOf(fieldOf(rule, 'resources')),
    verbs: textsOf(fieldOf(rule, 'verbs')),
    resourceNames: textsOf(fieldOf(rule, 'resourceNames')),
    nonResourceUrls: textsOf(fieldOf(rule, 'nonResourceURLs')),
  };
}

/** Several files define one role: the worst of it counts, which is all rules together. */
function joined(a: Definition, b: Definition): Definition {
  return {
    ...a,
    rules: [...a.rules, ...b.rules],
    overwritten: a.overwritten && b.overwritten,
    aggregates: [...a.aggregates, ...b.aggregates],
    places: [...a.places, ...b.places],
  };
}

/** A role reference's key: `ClusterRole view`, or `Role NAMESPACE/NAME` for the namespace of its binding. */
export function roleRefName(binding: ManifestObject): string {
  const kind = textOf(fieldAt(binding.object, 'roleRef', 'kind')) ?? '';
  const name = textOf(fieldAt(binding.object, 'roleRef', 'name')) ?? '';
  return kind === 'Role' ? `Role ${binding.namespace}/${name}` : `ClusterRole ${name}`;
}
