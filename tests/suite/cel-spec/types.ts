import type { SpecType } from './spec-test.ts';

const PRIMITIVES: Readonly<Record<string, string>> = {
  BOOL: 'bool',
  INT64: 'int',
  UINT64: 'uint',
  DOUBLE: 'double',
  STRING: 'string',
  BYTES: 'bytes',
};
const WELL_KNOWN: Readonly<Record<string, string>> = {
  TIMESTAMP: 'google.protobuf.Timestamp',
  DURATION: 'google.protobuf.Duration',
};

/** A type of the specification's tests as we write types. */
export function typeName(type: SpecType | undefined): string {
  if (type === undefined) return 'dyn';
  if (type.primitive !== undefined) return PRIMITIVES[type.primitive] ?? 'dyn';
  if (type.wellKnown !== undefined) return WELL_KNOWN[type.wellKnown] ?? 'dyn';
  if (type.listType !== undefined) return `list(${typeName(type.listType.elemType)})`;
  if (type.mapType !== undefined) return `map(${typeName(type.mapType.keyType)}, ${typeName(type.mapType.valueType)})`;
  if (type.abstractType !== undefined) {
    return `${type.abstractType.name}(${(type.abstractType.parameterTypes ?? []).map(typeName).join(', ')})`;
  }
  if (type.type !== undefined) return `type(${typeName(type.type)})`;
  return type.null === undefined ? 'dyn' : 'null_type';
}
