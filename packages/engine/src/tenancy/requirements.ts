import type { JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';

/** What a node's labels must be; operators that compare numbers are not decided and ask for nothing. */
export interface NodeRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: readonly string[];
}

/** Alternatives, of which a node must meet one; each is met where all of its requirements are. */
export type NodeChoice = readonly (readonly NodeRequirement[])[];

/** The name that every node bears as a label of its own. */
const FIELD_NAME = 'metadata.name';

/** What a pod spec asks of its node: `nodeName`, `nodeSelector` and the affinity that is required. */
export function nodeChoiceOf(spec: JsonObject | undefined, more: ReadonlyMap<string, string> = new Map()): NodeChoice {
  const fixed: NodeRequirement[] = [...labelsOf(fieldOf(spec, 'nodeSelector')), ...more].map(([key, value]) => ({
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
  return terms.map((term) => [
    ...fixed,
    ...['matchExpressions', 'matchFields'].flatMap((list) => objectsOf(fieldOf(term, list)).flatMap(requirementOf)),
  ]);
}

function requirementOf(expression: JsonObject): NodeRequirement[] {
  const key = textOf(fieldOf(expression, 'key'));
  const operator = textOf(fieldOf(expression, 'operator'));
  const known = operator === 'In' || operator === 'NotIn' || operator === 'Exists' || operator === 'DoesNotExist';
  return key === undefined || !known ? [] : [{ key, operator, values: textsOf(fieldOf(expression, 'values')) }];
}

/** Whether a node with some labels meets a choice. */
export function isMet(choice: NodeChoice, labels: ReadonlyMap<string, string>): boolean {
  return choice.some((requirements) => requirements.every((requirement) => holds(requirement, labels)));
}

function holds({ key, operator, values }: NodeRequirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Alternatives beyond which two choices are not held against each other. */
const MOST_ALTERNATIVES = 16;

/** Whether one node might meet both, whatever its labels are. Where that cannot be told, it might. */
export function mayCoincide(a: NodeChoice, b: NodeChoice): boolean {
  if (a.length > MOST_ALTERNATIVES || b.length > MOST_ALTERNATIVES) return true;
  return a.some((one) => b.some((other) => areConsistent([...one, ...other])));
}

function areConsistent(requirements: readonly NodeRequirement[]): boolean {
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
