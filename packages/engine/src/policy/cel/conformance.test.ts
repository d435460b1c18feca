import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js';
import { describe, expect, it } from 'vitest';
import { equals } from './equality.ts';
import type { Frame } from './frame.ts';
import {
  CelError,
  CelMap,
  CelUnknown,
  compileExpression,
  Double,
  ExpressionError,
  Failure,
  TypeValue,
  Uint,
} from './index.ts';
import { addEntry } from './maps.ts';
import { int } from './numbers.ts';
import { parseDuration, parseTimestamp } from './time.ts';
import type { Value } from './values.ts';

/** A value as protobuf's JSON writes it. */
interface SpecValue {
  int64Value?: string;
  uint64Value?: string;
  doubleValue?: number | string;
  stringValue?: string;
  bytesValue?: string;
  boolValue?: boolean;
  nullValue?: null;
  typeValue?: string;
  listValue?: { values?: SpecValue[] };
  mapValue?: { entries?: { key: SpecValue; value: SpecValue }[] };
  objectValue?: { '@type': string; value?: unknown };
}

interface SpecTest {
  name?: string;
  expr: string;
  container?: string;
  disableCheck?: boolean;
  checkOnly?: boolean;
  bindings?: Record<string, { value?: SpecValue }>;
  typeEnv?: { name: string; ident?: object; function?: object }[];
  value?: SpecValue;
  typedResult?: { result?: SpecValue };
  evalError?: object;
}

function decode(value: SpecValue): Value {
  if (value.int64Value !== undefined) return int(BigInt(value.int64Value));
  if (value.uint64Value !== undefined) return new Uint(BigInt(value.uint64Value));
  if (value.doubleValue !== undefined) return new Double(Number(value.doubleValue));
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.bytesValue !== undefined) return new Uint8Array(Buffer.from(value.bytesValue, 'base64'));
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.typeValue !== undefined) return new TypeValue(value.typeValue);
  if (value.listValue !== undefined) return (value.listValue.values ?? []).map(decode);
  if (value.mapValue !== undefined) {
    const map = new CelMap();
    for (const entry of value.mapValue.entries ?? []) addEntry(map, decode(entry.key), decode(entry.value));
    return map;
  }
  if (value.objectValue !== undefined) {
    const text = String(value.objectValue.value);
    return value.objectValue['@type'].endsWith('Duration') ? parseDuration(text) : parseTimestamp(text);
  }
  return null;
}

/** Suites of libraries that are not part of the core language. */
const EXTENSIONS = new Set([
  'bindings_ext',
  'block_ext',
  'encoders_ext',
  'math_ext',
  'optionals',
  'macros2',
  'proto2_ext',
]);

/** Why a test is left out; undefined where it counts. */
function leftOut(suite: string, group: string, test: SpecTest): string | undefined {
  if (EXTENSIONS.has(suite)) return 'extension';
  const text = JSON.stringify(test);
  if (/TestAllTypes|NestedTestAll|TestRequired|objectValue[^}]*(?<!Timestamp|Duration)"[,}]|Enum|enumValue/.test(text))
    return 'protobuf';
  if (/\b[A-Z]\w*\{/.test(test.expr)) return 'protobuf';
  if (/google\.protobuf\.(?!Timestamp|Duration)/.test(test.expr) || suite === 'enums' || suite === 'wrappers')
    return 'protobuf';
  if (suite === 'string_ext' && /\.format\(|strings\.quote/.test(test.expr)) return 'extension';
  if (test.disableCheck && /unbound|receiver_function_names/.test(`${group} ${test.name}`)) return 'undeclared names';
  if (test.checkOnly || suite === 'type_deductions') return 'type-check';
  return undefined;
}

const frame: Frame = { bindings: {}, slots: [], cost: 0, work: 0, limit: 1e9 };

/** Both NaN, or the same type and equal: the suite tells 1 from 1.0. */
function same(actual: Value, expected: Value): boolean {
  if (actual instanceof Double && expected instanceof Double && Number.isNaN(expected.$value))
    return Number.isNaN(actual.$value);
  return actual?.constructor === expected?.constructor && equals(actual, expected, frame);
}

function judge(test: SpecTest): string | undefined {
  try {
    const variables = [...(test.typeEnv ?? []).map((entry) => entry.name), ...Object.keys(test.bindings ?? {})];
    const bindings = Object.fromEntries(
      Object.entries(test.bindings ?? {}).map(([name, bound]) => [name, decode(bound.value ?? {})]),
    );
    const actual = compileExpression(test.expr, { variables, container: test.container }).evaluate(bindings);
    if (test.evalError !== undefined) return actual instanceof Failure ? undefined : 'an error was expected';
    if (actual instanceof CelError) return actual.$message;
    if (actual instanceof CelUnknown) return `unknown: ${actual.$missing.join(', ')}`;
    const expected = test.value ?? test.typedResult?.result;
    return same(actual, expected === undefined ? true : decode(expected)) ? undefined : 'another value was expected';
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return test.evalError === undefined ? error.message : undefined;
  }
}

const cases = (conformance.suites ?? []).flatMap((suite) =>
  [suite, ...(suite.suites ?? [])].flatMap((group) =>
    (group.tests ?? []).map(({ original }) => {
      const test = original as unknown as SpecTest;
      return { id: `${suite.name}/${group.name}/${test.name}`, suite: suite.name, group: group.name, test };
    }),
  ),
);

describe("CEL's conformance suite", () => {
  const counts: Record<string, number> = {};
  const judged = cases.filter(({ suite, group, test }) => {
    const reason = leftOut(suite, group, test);
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
    return reason === undefined;
  });

  it('agrees in every test that counts', () => {
    const failures = judged.flatMap(({ id, test }) => {
      const problem = judge(test);
      return problem === undefined ? [] : [`${id}: ${test.expr} -> ${problem}`];
    });
    expect(failures).toEqual([]);
  });

  it('leaves out no more than what the rule names', () => {
    expect({ ...counts, judged: judged.length, all: cases.length }).toEqual({
      extension: 489,
      protobuf: 653,
      'type-check': 26,
      'undeclared names': 21,
      judged: 1155,
      all: 2344,
    });
  });
});
