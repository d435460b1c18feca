import type { JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { isOperator, meets, type Requirement } from '../network/selector.ts';

/**
 * What the labels of a node must be: alternatives, of which it must meet one; each is met where all of its requirements
 * are. Operators that compare numbers are not decided and ask for nothing.
 */
export type NodeChoice = readonly (readonly Requirement[])[];

/** The name that every node bears as a label of its own. */
const FIELD_NAME = 'metadata.name';

/** What a pod spec asks of its node: `nodeName`, `nodeSelector` and the affinity that is required. */
export function nodeChoiceOf(spec: JsonObject | undefined, more: ReadonlyMap<string, string> = new Map()): NodeChoice {
  const fixed: Requirement[] = [...labelsOf(fieldOf(spec, 'nodeSelector')), ...more].map(([key, value]) => ({
    key,
    operator: 'In' as const,
    values: [value],
  }));
  const name = textOf(fieldOf(spec, 'nodeName'));
  if (name !== undefined && name !== '') fixed.push({ key: FIELD_NAME, operator: 'In', values: [name] });
  const terms = objectsOf(
    fieldAt(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'),
  );
  if (terms.length === 0) return [fixed];
  const asked = terms.map((term) =>
    ['matchExpressions', 'matchFields'].flatMap((list) => objectsOf(fieldOf(term, list))),
  );
  /* "A null or empty node selector term matches no objects." */
  return asked.flatMap((expressions) =>
    expressions.length === 0 ? [] : [[...fixed, ...expressions.flatMap(requirementOf)]],
  );
}

function requirementOf(expression: JsonObject): Requirement[] {
  const key = textOf(fieldOf(expression, 'key'));
  const operator = textOf(fieldOf(expression, 'operator'));
  if (key === undefined || !isOperator(operator)) return [];
  return [{ key, operator, values: textsOf(fieldOf(expression, 'values')) }];
}

/** Whether a node with some labels meets a choice. */
export function isMet(choice: NodeChoice, labels: ReadonlyMap<string, string>): boolean {
  return choice.some((requirements) =>
    requirements.every((requirement) => meets(requirement, labels.get(requirement.key))),
  );
}

/** Alternatives beyond which two choices are not held against each other. */
const MOST_ALTERNATIVES = 16;

/** Whether one node might meet both, whatever its labels are. Where that cannot be told, it might. */
export function mayCoincide(a: NodeChoice, b: NodeChoice): boolean {
  if (a.length > MOST_ALTERNATIVES || b.length > MOST_ALTERNATIVES) return true;
  return a.some((one) => b.some((other) => areConsistent([...one, ...other])));
}

function areConsistent(requirements: readonly Requirement[]): boolean {
  for (const own of Map.groupBy(requirements, ({ key }) => key).values()) {
    const sets = own.filter(({ operator }) => operator === 'In').map(({ values }) => values);
    const absent = own.some(({ operator }) => operator === 'DoesNotExist');
    if (absent && own.some(({ operator }) => operator === 'In' || operator === 'Exists')) return false;
    const [first, ...others] = sets;
    if (first === undefined) continue;
    const excluded = new Set(own.filter(({ operator }) => operator === 'NotIn').flatMap(({ values }) => values));
    if (!first.some((value) => !excluded.has(value) && others.every((values) => values.includes(value)))) return false;
  }
  return true;
}
