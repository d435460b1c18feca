import type { JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { InvalidPolicy, parseSelector, type Selector, selects } from '../network/index.ts';
import { builtInAggregation, builtInRoles } from './built-in-roles.ts';
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
  rules: PermissionRule[];
  aggregates: Selector[];
  places: Place[];
}

/** The roles of one cluster: those of the manifests and those that Kubernetes brings. */
export class Roles {
  readonly #defined = new Map<string, Definition>();
  readonly #resolved = new Map<string, Role>();

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      if (!object.apiVersion.startsWith('rbac.authorization.k8s.io/')) continue;
      if (object.kind !== 'Role' && object.kind !== 'ClusterRole') continue;
      const definition = definitionOf(object);
      const known = this.#defined.get(definition.name);
      if (known === undefined) this.#defined.set(definition.name, definition);
      else this.#defined.set(definition.name, joined(known, definition));
    }
  }

  /** A role by `ClusterRole NAME` or `Role NAMESPACE/NAME`; undefined where nothing defines it. */
  get(name: string): Role | undefined {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const definition = this.#defined.get(name);
    const builtIn = builtInRoles.get(name);
    if (definition === undefined && builtIn === undefined) return undefined;
    const parts = this.#aggregated(name);
    const role: Role = {
      name,
      rules: [...(definition?.rules ?? builtIn ?? []), ...parts.flatMap((part) => part.rules)],
      places: [...(definition?.places ?? []), ...parts.flatMap((part) => part.places)],
    };
    this.#resolved.set(name, role);
    return role;
  }

  /**
   * What labels add to a role. An aggregated role may be part of another one: everything that can be reached counts
   * once, so that a cycle ends.
   */
  #aggregated(name: string): Definition[] {
    const found = new Map<string, Definition>();
    const queue = [name];
    for (let role = queue.pop(); role !== undefined; role = queue.pop()) {
      const selectors = this.#selectorsOf(role);
      if (selectors.length === 0) continue;
      for (const part of this.#defined.values()) {
        if (part.name === name || found.has(part.name) || !part.name.startsWith('ClusterRole ')) continue;
        if (!selectors.some((selector) => selects(selector, part.labels))) continue;
        found.set(part.name, part);
        queue.push(part.name);
      }
    }
    return [...found.values()];
  }

  /** `admin` holds what is offered to `edit`, and `edit` what is offered to `view`. */
  #selectorsOf(name: string): Selector[] {
    const own = this.#defined.get(name)?.aggregates ?? [];
    const level = builtInAggregation.findIndex(([role]) => name === `ClusterRole ${role}`);
    const labels = builtInAggregation.slice(0, level + 1).map(([, label]) => label);
    return [...own, ...labels.map((label) => parseSelector({ matchLabels: { [label]: 'true' } }, 'aggregation'))];
  }
}

function definitionOf(object: ManifestObject): Definition {
  const selectors = objectsOf(fieldAt(object.object, 'aggregationRule', 'clusterRoleSelectors'));
  return {
    name: object.kind === 'Role' ? `Role ${object.namespace}/${object.name}` : `ClusterRole ${object.name}`,
    labels: labelsOf(fieldAt(object.object, 'metadata', 'labels')),
    rules: objectsOf(fieldOf(object.object, 'rules')).map(ruleOf),
    aggregates: selectors.flatMap((selector) => selectorOf(selector)),
    places: [object.place],
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
