import type { NeuvectorCriterion } from '@breakwater/model/foreign';
import { isRecord, listOf } from '../../loose-values.ts';
import { type Answer, anyOf } from '../three-valued.ts';
import type { JudgedObject } from './judged-object.ts';
import { isNegative, meetsNumber, meetsSet } from './operators.ts';

/** Deepest path and most values that are followed. */
const MOST_STEPS = 50;
const MOST_VALUES = 10_000;

/** `item.spec.containers[_].image`, where `.0` and `[0]` stand for every element as `[_]` does. */
function stepsOf(path: string): string[] {
  return path
    .replace(/^item\./, '')
    .replaceAll(/\[(?:_|\d+)\]/g, '.[]')
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? '[]' : step))
    .filter((step) => step !== '')
    .slice(0, MOST_STEPS);
}

/** What is found at a path, and in how many places it is missing though what is to hold it is there. */
function follow(root: unknown, steps: readonly string[]): { values: unknown[]; missing: number } {
  let holders: unknown[] = [root];
  let missing = 0;
  steps.forEach((step, index) => {
    const isLast = index === steps.length - 1;
    const next: unknown[] = [];
    for (const holder of holders) {
      const found =
        step === '[]' ? listOf(holder) : isRecord(holder) && Object.hasOwn(holder, step) ? [holder[step]] : [];
      if (found.length === 0 && isLast) missing++;
      for (const value of found) if (next.length < MOST_VALUES) next.push(value);
    }
    if (next.length === 0 && !isLast) missing++;
    holders = next;
  });
  return { values: holders, missing };
}

/**
 * A criterion that users define themselves: a path into the pod of a workload, or into the object where its pod has no
 * such field.
 */
export function meetsCustomPath(criterion: NeuvectorCriterion, { pod, object }: JudgedObject): Answer {
  const steps = stepsOf(criterion.path ?? '');
  if (steps.length === 0) return false;
  const inPod = follow(pod, steps);
  const { values, missing } = inPod.values.length > 0 ? inPod : follow(object, steps);
  const { op, value } = criterion;
  if (op === 'exist') return values.length > 0;
  if (op === 'notExist') return values.length === 0 || missing > 0;
  if (criterion.value_type === 'number') {
    return anyOf(values, (found) => typeof found === 'number' && meetsNumber(op, found, Number(value)));
  }
  if (criterion.value_type === 'boolean') return values.some((found) => String(found) === value) === (op === '=');
  const texts = values.flatMap((found) => (isRecord(found) ? Object.keys(found) : found)).map(String);
  return values.length > 0 || !isNegative(op) ? meetsSet(criterion, texts) : false;
}
