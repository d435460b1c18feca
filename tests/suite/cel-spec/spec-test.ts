/** A value as protobuf's JSON writes it. */
export interface SpecValue {
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

/** A type as protobuf's JSON writes it. */
export interface SpecType {
  primitive?: string;
  wellKnown?: string;
  listType?: { elemType?: SpecType };
  mapType?: { keyType?: SpecType; valueType?: SpecType };
  abstractType?: { name: string; parameterTypes?: SpecType[] };
  type?: SpecType;
  typeParam?: string;
  null?: unknown;
  dyn?: unknown;
}

/** A test of the specification. */
export interface SpecTest {
  name?: string;
  expr: string;
  container?: string;
  disableCheck?: boolean;
  checkOnly?: boolean;
  bindings?: Record<string, { value?: SpecValue }>;
  typeEnv?: { name: string; ident?: { type?: SpecType }; function?: object }[];
  value?: SpecValue;
  typedResult?: { result?: SpecValue; deducedType?: SpecType };
  evalError?: object;
}
