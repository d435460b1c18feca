import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js';
import { typedValue } from '../cel-values.ts';
import { needsMessages } from './left-out.ts';
import type { SpecTest } from './spec-test.ts';
import { typeName } from './types.ts';
import { decode } from './values.ts';

/** A test of the specification as a case of a suite. */
export interface SpecCase {
  id: string;
  suite: string;
  expression: string;
  container?: string;
  /** False where the test is about evaluation without a type check. */
  check: boolean;
  /** Declared variables with their types. */
  variables: Record<string, string>;
  /** Declared functions: none of ours has one. */
  functions: number;
  bindings: Record<string, unknown>;
  /** The value, or that there is an error; left out where only the type is asked for. */
  expected?: unknown;
  /** The type that is deduced without evaluation. */
  type?: string;
}

function caseOf(id: string, suite: string, test: SpecTest): SpecCase {
  const { bindings = {}, typeEnv = [], typedResult, value } = test;
  const declared = typeEnv.filter(({ ident }) => ident !== undefined);
  const result = value ?? typedResult?.result;
  return {
    id,
    suite,
    expression: test.expr,
    ...(test.container === undefined ? {} : { container: test.container }),
    check: test.disableCheck !== true,
    variables: {
      ...Object.fromEntries(Object.keys(bindings).map((name) => [name, 'dyn'])),
      ...Object.fromEntries(declared.map(({ name, ident }) => [name, typeName(ident?.type)])),
    },
    functions: typeEnv.length - declared.length,
    bindings: Object.fromEntries(Object.entries(bindings).map(([name, bound]) => [name, bound.value ?? {}])),
    ...(test.checkOnly ? {} : { expected: expectedOf(test, result) }),
    ...(typedResult?.deducedType === undefined ? {} : { type: typeName(typedResult.deducedType) }),
  };
}

function expectedOf(test: SpecTest, result: SpecTest['value']): unknown {
  if (test.evalError !== undefined) return { error: true };
  return typedValue(result === undefined ? true : decode(result));
}

/** Every test that needs no messages of protobuf, and how many are left out, of how many. */
export function specCases(): { cases: SpecCase[]; leftOut: number; all: number } {
  const cases: SpecCase[] = [];
  let all = 0;
  for (const suite of conformance.suites ?? []) {
    for (const group of [suite, ...(suite.suites ?? [])]) {
      for (const { original } of group.tests ?? []) {
        const test = original as unknown as SpecTest;
        const id = `cel-spec/${suite.name}/${group.name}/${test.name}/${all++}`;
        if (!needsMessages(suite.name, test)) cases.push(caseOf(id, suite.name, test));
      }
    }
  }
  return { cases, leftOut: all - cases.length, all };
}
