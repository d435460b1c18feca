import { Buffer } from 'node:buffer';
import { CelError, CelMap, compileExpression, Double, TypeValue, Uint, type Value } from '@breakwater/engine/policy';
import type { SpecValue } from './spec-test.ts';

/** Times are read by the functions that read them in expressions. */
const TIMES = {
  Duration: compileExpression('duration(text)', { variables: ['text'] }),
  Timestamp: compileExpression('timestamp(text)', { variables: ['text'] }),
};
const INT = compileExpression('int(text)', { variables: ['text'] });
const MAP = compileExpression('pairs.transformMapEntry(i, pair, {pair[0]: pair[1]})', { variables: ['pairs'] });

/** A value of a test as a CEL value. */
export function decode(value: SpecValue): Value {
  if (value.int64Value !== undefined) return INT.evaluate({ text: value.int64Value });
  if (value.uint64Value !== undefined) return new Uint(BigInt(value.uint64Value));
  if (value.doubleValue !== undefined) return new Double(Number(value.doubleValue));
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.bytesValue !== undefined) return new Uint8Array(Buffer.from(value.bytesValue, 'base64'));
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.typeValue !== undefined) return new TypeValue(value.typeValue);
  if (value.listValue !== undefined) return (value.listValue.values ?? []).map(decode);
  if (value.mapValue !== undefined) return decodeMap(value.mapValue.entries ?? []);
  if (value.objectValue === undefined) return null;
  const kind = value.objectValue['@type'].endsWith('Duration') ? 'Duration' : 'Timestamp';
  return TIMES[kind].evaluate({ text: String(value.objectValue.value) });
}

function decodeMap(entries: { key: SpecValue; value: SpecValue }[]): Value {
  const pairs = entries.map(({ key, value }) => [decode(key), decode(value)]);
  const map = MAP.evaluate({ pairs });
  return map instanceof CelError ? new CelMap() : map;
}
