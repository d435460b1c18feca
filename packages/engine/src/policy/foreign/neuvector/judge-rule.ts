import type { NeuvectorCriterion, NeuvectorRule } from '@breakwater/model/foreign';
import { type Answer, allOf, anyOf } from '../three-valued.ts';
import { CRITERIA, type Held, OF_ALL_CONTAINERS, OF_CLAIMS } from './criteria.ts';
import { meetsCustomPath } from './custom-path.ts';
import { isNegative } from './operators.ts';

/**
 * How several criteria of one rule go together. NeuVector asks for all of different names, and for any of one name.
 * Its own converter to Kubewarden makes a policy of each, and refuses what any of them refuses.
 */
export type Reading = 'neuvector' | 'kubewarden';

/** Whether a rule describes a container of an object: then a deny rule refuses it, and an allow rule lets it in. */
export function describes(rule: NeuvectorRule, held: Held, reading: Reading): Answer {
  const answers = answersOf(rule, held, reading);
  if (answers.size === 0) return false;
  return reading === 'kubewarden' ? anyOf(answers.values(), same) : allOf(answers.values(), same);
}

const same = (answer: Answer): Answer => answer;

/** Answers by name of criterion; criteria that are not for the container are left out. */
function answersOf(rule: NeuvectorRule, held: Held, reading: Reading): Map<string, Answer> {
  const byName = Map.groupBy(
    rule.criteria.filter((criterion) => isFor(criterion, held)),
    (criterion) => (isCustom(criterion) ? CUSTOM : criterion.name),
  );
  return new Map(
    [...byName].map(([name, criteria]) => {
      const answers = criteria.map((criterion) => answerTo(criterion, held, reading));
      const all = reading === 'neuvector' && (name === CUSTOM || criteria.every(({ op }) => isNegative(op)));
      return [name, all ? allOf(answers, same) : anyOf(answers, same)];
    }),
  );
}

const CUSTOM = 'customPath';

const isCustom = ({ type, name }: NeuvectorCriterion): boolean => type === CUSTOM || name === CUSTOM;

function isFor({ name, type }: NeuvectorCriterion, { judged, container }: Held): boolean {
  if (judged.kind === 'PersistentVolumeClaim') return OF_CLAIMS.has(name);
  return container.type === 'containers' || type === CUSTOM || OF_ALL_CONTAINERS.has(name);
}

function answerTo(criterion: NeuvectorCriterion, held: Held, reading: Reading): Answer {
  if (isCustom(criterion)) return meetsCustomPath(criterion, held.judged);
  const name = criterion.type || criterion.name;
  const meets = Object.hasOwn(CRITERIA, name) ? CRITERIA[name] : undefined;
  return meets?.(reading === 'kubewarden' ? asConverted(criterion) : criterion, held);
}

/**
 * As the policies of the converter take it: the one on secrets knows one setting, the one on scans refuses what was not
 * scanned or nothing, and the one on resources takes the number as the least that is let in.
 */
function asConverted(criterion: NeuvectorCriterion): NeuvectorCriterion {
  if (criterion.name === 'resourceLimit') {
    const below = criterion.sub_criteria?.map((sub) => (sub.op === '<=' ? { ...sub, op: '<' } : sub));
    return { ...criterion, sub_criteria: below };
  }
  if (criterion.name === 'envVarSecrets') return { ...criterion, value: 'true' };
  if (criterion.name === 'imageScanned' && criterion.value === 'true') return { ...criterion, value: 'none' };
  return criterion;
}
