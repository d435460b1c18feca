import type { ForeignSelector } from '@breakwater/model/foreign';
import { type Answer, allOf } from './three-valued.ts';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

/** Labels, and whether they are all that there are: of a namespace that is not at hand only the name is known. */
export interface KnownLabels {
  labels: Readonly<Record<string, string>>;
  complete: boolean;
}

export const allLabels = (labels: Readonly<Record<string, string>>): KnownLabels => ({ labels, complete: true });

/**
 * Whether labels are what a selector asks for; unknown where a label that decides is not known. An empty selector
 * selects everything.
 *
 * @param wildcards whether `*` and `?` may stand in keys and values of `matchLabels`, as in Kyverno.
 */
export function selects(selector: ForeignSelector, known: KnownLabels, wildcards = false): Answer {
  const labels = Object.entries(selector.matchLabels ?? {});
  const byLabels = allOf(labels, ([key, value]) => hasLabel(known, key, value, wildcards));
  if (byLabels === false) return false;
  const byExpressions = allOf(selector.matchExpressions ?? [], (requirement) => meets(known, requirement));
  return byExpressions === false ? false : byLabels === true ? byExpressions : undefined;
}

const absent = ({ complete }: KnownLabels): Answer => (complete ? false : undefined);

function hasLabel(known: KnownLabels, key: string, value: string, wildcards: boolean): Answer {
  if (wildcards && (hasWildcard(key) || hasWildcard(value))) {
    const found = Object.entries(known.labels).some(
      ([name, label]) => matchesWildcard(key, name) && matchesWildcard(value, label),
    );
    return found || absent(known);
  }
  return Object.hasOwn(known.labels, key) ? known.labels[key] === value : absent(known);
}

type Requirement = NonNullable<ForeignSelector['matchExpressions']>[number];

function meets(known: KnownLabels, { key, operator, values }: Requirement): Answer {
  const isThere = Object.hasOwn(known.labels, key) || absent(known);
  if (isThere === undefined) return undefined;
  switch (operator) {
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return !isThere;
    case 'In':
      return isThere && (values ?? []).includes(known.labels[key] ?? '');
    default:
      return !isThere || !(values ?? []).includes(known.labels[key] ?? '');
  }
}
