import { compileExpression, ExpressionError, Failure } from '@breakwater/engine/policy';
import { type SpecCase, specCases } from './cel-spec/cases.ts';
import type { SpecValue } from './cel-spec/spec-test.ts';
import { decode } from './cel-spec/values.ts';
import { typedValue } from './cel-values.ts';
import type { Answer, Suite } from './suite.ts';

const reads = ['expression', 'container', 'check', 'variables', 'functions', 'bindings'] as const;

function answer(fields: Pick<SpecCase, (typeof reads)[number]>): Answer {
  const { expression, container, check, variables, functions, bindings } = fields;
  if (functions > 0) return { unsupported: 'functions cannot be declared' };
  try {
    const compiled = compileExpression(expression, {
      variables,
      checksTypes: check,
      ...(container === undefined ? {} : { container }),
    });
    const given = Object.fromEntries(
      Object.entries(bindings).map(([name, value]) => [name, decode(value as SpecValue)]),
    );
    const value = compiled.evaluate(given);
    if (value instanceof Failure) return { answer: { error: true, type: compiled.type } };
    return { answer: { value: typedValue(value), type: compiled.type } };
  } catch (error) {
    if (error instanceof ExpressionError) return { answer: { error: true } };
    throw error;
  }
}

/** What is wrong with an answer; undefined where it is right. */
export function judgeSpecCase(item: SpecCase, said: Answer): string | undefined {
  if (!('answer' in said)) return said.unsupported;
  const { error, value, type } = said.answer as { error?: boolean; value?: unknown; type?: string };
  if (item.type !== undefined && type !== item.type) return `the type is ${type}, not ${item.type}`;
  if (item.expected === undefined) return undefined;
  const wantsError = JSON.stringify(item.expected) === '{"error":true}';
  const got = error ? '{"error":true}' : JSON.stringify(value);
  const wanted = JSON.stringify(item.expected);
  return (wantsError ? error : got === wanted) ? undefined : `${got}, not ${wanted}`;
}

/** The specification's own tests, converted by `cel-spec/cases.ts` from the package that carries them: the value or error, and the deduced type. */
export const celSpecSuite: Suite = {
  name: 'cel-spec',
  reads,
  answer: (fields) => answer(fields as unknown as SpecCase),
  own: {
    cases() {
      const { cases, leftOut, all } = specCases();
      return { cases, note: `${cases.length} of ${all} tests; ${leftOut} need messages of protobuf and are left out` };
    },
    judge: (item, said) => judgeSpecCase(item as SpecCase, said),
  },
};
