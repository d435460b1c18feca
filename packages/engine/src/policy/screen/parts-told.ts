import type { CompiledRule } from '../compile-rule.ts';
import type { FieldPath } from '../field-path.ts';
import { type Part, readParts } from './read-parts.ts';

const ROOTS: Partial<Record<FieldPath['root'], Part['root']>> = {
  object: 'object',
  'workload.pod': 'pod',
  c: 'container',
};

/**
 * The parts that decide what is said where a rule is not kept: its sentence, and which field is at fault. Undefined where
 * it may depend on more.
 */
export function partsTold(rule: CompiledRule, hasParams: boolean): ReadonlyMap<string, Part> | undefined {
  const reads = readParts(rule.message.source);
  if (reads === undefined || (reads.params && !hasParams)) return undefined;
  const parts = new Map(reads.parts);
  for (const { root: written, steps } of rule.fields) {
    const root = ROOTS[written];
    const [field] = steps;
    if (root === undefined || typeof field !== 'string') return undefined;
    parts.set(`${root}.${field}`, { root, field });
  }
  return parts;
}
