import type { JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { InvalidPolicy, parseSelector, type Selector } from '../network/index.ts';
import { builtInLabels, builtInRoles, builtInSelections } from './built-in-roles.ts';
import type { PermissionRule } from './types.ts';

/** A role as it is written, before anything is aggregated into it. */
export interface Definition {
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
export const builtInDefinitions: ReadonlyMap<string, Definition> = new Map(
  [...builtInRoles].map(([name, rules]) => {
    const aggregates = (builtInSelections.get(name) ?? []).map((label) =>
      parseSelector({ matchLabels: { [label]: 'true' } }, 'aggregation'),
    );
    return [name, { name, labels: builtInLabels(name), rules, overwritten: false, aggregates, places: [] }];
  }),
);

/** What a cluster gave is what its controller of aggregation wrote; a manifest's own words hold only until it writes. */
export function definitionOf(object: ManifestObject): Definition {
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
export function reconciled(builtInRole: Definition, given: Definition): Definition {
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
export function joined(a: Definition, b: Definition): Definition {
  return {
    ...a,
    rules: [...a.rules, ...b.rules],
    overwritten: a.overwritten && b.overwritten,
    aggregates: [...a.aggregates, ...b.aggregates],
    places: [...a.places, ...b.places],
  };
}
