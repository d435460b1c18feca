import type { JsonObject, PolicyMatch } from '@breakwater/model';
import { quote } from '../cel/literal.ts';
import type { Resource } from './resources.ts';

/** One condition that decides whether a policy looks at a request at all. */
export interface MatchCondition extends JsonObject {
  name: string;
  expression: string;
}

/** Rules with one entry for each group, version and set of operations. */
export function resourceRules(resources: readonly Resource[]): JsonObject[] {
  const byRule = Map.groupBy(resources, ({ group, version, operations }) => [group, version, ...operations].join('/'));
  return [...byRule.values()].map((group) => {
    const [{ group: apiGroup, version, operations }] = group as [Resource];
    return {
      apiGroups: [apiGroup],
      apiVersions: [version],
      operations: [...operations],
      resources: [...new Set(group.flatMap((resource) => resource.resources))],
    };
  });
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** A selector of namespaces by their names; undefined for no names. */
export function namespaceSelector(operator: 'In' | 'NotIn', names: readonly string[]): JsonObject | undefined {
  return names.length === 0 ? undefined : { matchExpressions: [{ key: NAME_LABEL, operator, values: [...names] }] };
}

/**
 * What a policy's namespaces and labels become: selectors where they say the same. One of namespaces does not know
 * `team-*` and lets cluster-wide objects pass; conditions say that.
 */
export function selection(
  resources: readonly Resource[],
  { namespaces, namespaceSelector: written, labels }: PolicyMatch,
): { selectors: JsonObject; conditions: MatchCondition[] } {
  const conditions: MatchCondition[] = [];
  const { matchLabels, matchExpressions = [] } = written ?? {};
  const expressions: JsonObject[] = matchExpressions.map((expression) => ({ ...expression }) as JsonObject);
  const select = (operator: 'In' | 'NotIn', names: readonly string[]): void => {
    const isExact = names.length > 0 && names.every((name) => !name.endsWith('*'));
    if (isExact && resources.every(({ namespaced }) => namespaced)) {
      expressions.push({ key: NAME_LABEL, operator, values: [...names] });
    } else if (operator === 'In') {
      conditions.push({ name: 'included-namespaces', expression: nameIn(NAMESPACE, names) });
    } else {
      conditions.push({ name: 'excluded-namespaces', expression: `!(${nameIn(NAMESPACE, names)})` });
    }
  };
  if (namespaces?.include !== undefined) select('In', namespaces.include);
  if (namespaces?.exclude !== undefined) select('NotIn', namespaces.exclude);
  const ofNamespaces = {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
  const selectors = {
    ...(Object.keys(ofNamespaces).length === 0 ? {} : { namespaceSelector: ofNamespaces }),
    ...(labels === undefined ? {} : { objectSelector: { matchLabels: { ...labels } } }),
  };
  return { selectors, conditions };
}

/** The namespace of the request; empty for what belongs to none, also for a Namespace, whose requests carry its name. */
export const NAMESPACE =
  "(has(request.namespace) && !(request.kind.group == '' && request.kind.kind == 'Namespace') ? request.namespace : '')";

/** The object that requests are about: of a deletion, which carries no other, the one that goes. */
export function objectOf(resources: readonly Resource[]): string {
  const operations = new Set(resources.flatMap((resource) => resource.operations));
  if (!operations.has('DELETE')) return 'object';
  return operations.size === 1 ? 'oldObject' : '(object == null ? oldObject : object)';
}

/** Whether a text is one of the names; `team-*` stands for every one that begins so. */
export function nameIn(text: string, names: readonly string[]): string {
  const exact = names.filter((name) => !name.endsWith('*'));
  const terms = names
    .filter((name) => name.endsWith('*'))
    .map((name) => `${text}.startsWith(${quote(name.slice(0, -1))})`);
  if (exact.length > 0) terms.unshift(`${text} in [${exact.map(quote).join(', ')}]`);
  return terms.length === 0 ? 'false' : terms.join(' || ');
}

/** Whether an object has every label with its value. */
export function labelsAre(object: string, labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return 'true';
  const terms = entries.map(
    ([name, value]) =>
      `${quote(name)} in ${object}.metadata.labels && ${object}.metadata.labels[${quote(name)}] == ${quote(value)}`,
  );
  return [`has(${object}.metadata) && has(${object}.metadata.labels)`, ...terms].join(' && ');
}
