import type { ManifestObject, Place } from '@breakwater/model';
import { fieldAt, textOf } from '../json/index.ts';
import { Aggregation } from './aggregation.ts';
import { builtInDefinitions, type Definition, definitionOf, joined, reconciled } from './role-definitions.ts';
import type { PermissionRule } from './types.ts';

/** A role with the rules that it has after aggregation. */
export interface Role {
  /** `ClusterRole view`, `Role shop/reader`. */
  name: string;
  /** Roles that aggregate each other share one list. */
  rules: PermissionRule[];
  places: Place[];
}

/** Places of roles that are aggregated into one: a person reads no more. */
const MOST_PLACES = 20;

/** The roles of one cluster: those of the manifests and those that Kubernetes brings. */
export class Roles {
  readonly #defined = new Map<string, Definition>(builtInDefinitions);
  readonly #resolved = new Map<string, Role>();
  #aggregation: Aggregation | undefined;

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      if (!object.apiVersion.startsWith('rbac.authorization.k8s.io/')) continue;
      if (object.kind !== 'Role' && object.kind !== 'ClusterRole') continue;
      const definition = definitionOf(object);
      const known = this.#defined.get(definition.name);
      if (known === undefined) this.#defined.set(definition.name, definition);
      else if (known === builtInDefinitions.get(definition.name))
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
    const role = definition.aggregates.length === 0 ? own(definition) : this.#aggregated(definition);
    this.#resolved.set(name, role);
    return role;
  }

  #aggregated(definition: Definition): Role {
    this.#aggregation ??= new Aggregation([...this.#defined.values()]);
    const { parts, rules } = this.#aggregation.of(definition);
    const others = parts.filter((part) => part !== definition).slice(0, MOST_PLACES);
    return {
      name: definition.name,
      rules,
      places: [...definition.places, ...others.flatMap((part) => part.places)],
    };
  }
}

/** A role into which nothing is aggregated. */
function own({ name, rules, places }: Definition): Role {
  return { name, rules: [...new Set(rules)], places: [...places] };
}

/** A role reference's key: `ClusterRole view`, or `Role NAMESPACE/NAME` for the namespace of its binding. */
export function roleRefName(binding: ManifestObject): string {
  const kind = textOf(fieldAt(binding.object, 'roleRef', 'kind')) ?? '';
  const name = textOf(fieldAt(binding.object, 'roleRef', 'name')) ?? '';
  return kind === 'Role' ? `Role ${binding.namespace}/${name}` : `ClusterRole ${name}`;
}
