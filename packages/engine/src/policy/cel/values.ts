/**
 * What a CEL expression computes with. Numbers as JSON gives them are CEL ints when they are whole, so a decoded
 * manifest is judged as it stands, without conversion (see docs/adr/0002-cel-of-our-own.md):
 *
 * - int: a whole `number` of at most 2^53-1, beyond that a `bigint`; always within 64 bits
 * - double, uint, timestamp, duration, type, map with keys other than strings: the classes below
 * - string, bool, null: as they are; bytes: Uint8Array; list: array; map: plain object or `CelMap`
 * - a failure (`CelError`, `CelUnknown`) is a value too, so that `true || error` costs nothing
 *
 * Fields of the classes begin with `$`, which no CEL field may hold: reading `object.name` from one of them finds
 * nothing, so the common path needs no check of what it reads from.
 */
export type Value = null | boolean | number | bigint | string | object;

/** Name of a type as `type()` prints it, or `error` or `unknown`. */
export type Kind = string;

/** Every class of ours among the values. */
export abstract class Boxed {
  abstract readonly $kind: Kind;
}

export class Double extends Boxed {
  readonly $kind = 'double';
  readonly $value: number;
  constructor(value: number) {
    super();
    this.$value = value;
  }
}

export class Uint extends Boxed {
  readonly $kind = 'uint';
  readonly $value: bigint;
  constructor(value: bigint) {
    super();
    this.$value = value;
  }
}

/** Seconds since 1970, between the years 1 and 9999, and nanoseconds from 0 to 999,999,999. */
export class Timestamp extends Boxed {
  readonly $kind = 'google.protobuf.Timestamp';
  readonly $seconds: number;
  readonly $nanos: number;
  constructor(seconds: number, nanos: number) {
    super();
    this.$seconds = seconds;
    this.$nanos = nanos;
  }
}

/** Nanoseconds, within 64 bits. */
export class Duration extends Boxed {
  readonly $kind = 'google.protobuf.Duration';
  readonly $nanos: bigint;
  constructor(nanos: bigint) {
    super();
    this.$nanos = nanos;
  }
}

export class TypeValue extends Boxed {
  readonly $kind = 'type';
  readonly $name: string;
  constructor(name: string) {
    super();
    this.$name = name;
  }
}

/** A value of a library, such as a quantity: only its own functions know what is inside. */
export abstract class Opaque extends Boxed {
  abstract $equals(other: Opaque): boolean;
  /** What `size()` would say, for the price of functions that read it. */
  get $size(): number {
    return 1;
  }
}

/** A value that may be missing: `optional.of(x)`, `optional.none()`. */
export class Optional extends Boxed {
  readonly $kind = 'optional_type';
  readonly $value: Value | undefined;
  constructor(value: Value | undefined) {
    super();
    this.$value = value;
  }
}

/** The optional without a value. */
export const NONE = new Optional(undefined);

/** A map made by an expression. Keys 1, 1u and 1.0 are one key. */
export class CelMap extends Boxed {
  readonly $kind = 'map';
  /** Canonical key to the pair of key and value as written. */
  readonly $entries = new Map<string | number | bigint | boolean, readonly [key: Value, value: Value]>();
}

/**
 * A map whose fields are worked out when they are first read by their names. Whoever reads it otherwise asks `isJsonMap`
 * before, and finds them as its own.
 */
export abstract class LateMap {
  /** Makes all fields its own, in their order. */
  abstract $fill(): void;
}

/** Why no value came: propagates through everything but `&&`, `||` and the ternary's other branch. */
export abstract class Failure extends Boxed {}

export class CelError extends Failure {
  readonly $kind = 'error';
  readonly $message: string;
  constructor(message: string) {
    super();
    this.$message = message;
  }
}

/** More than our own limits allow: whoever wrote what is judged could have made it so. */
export class CelTooLarge extends CelError {}

/** A fact that is not there. Stronger than an error: with the fact the error might not have been. */
export class CelUnknown extends Failure {
  readonly $kind = 'unknown';
  readonly $missing: readonly string[];
  constructor(missing: readonly string[]) {
    super();
    this.$missing = missing;
  }
}

const INT_LIMIT = 2n ** 63n;

/** A number from JSON as a CEL value: whole is int, the rest double. */
export function adaptNumber(value: number): Value {
  if (Number.isSafeInteger(value)) return value;
  if (!Number.isInteger(value)) return new Double(value);
  const whole = BigInt(value);
  return whole >= -INT_LIMIT && whole < INT_LIMIT ? whole : new Double(value);
}

/** An element or field as it stands in foreign data. Absent things (`undefined`, functions, symbols) become null. */
export function adapt(value: unknown): Value {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : adaptNumber(value);
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return null;
  return value as Value;
}

/** Which kind of value this is. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    default:
      if (value === null) return 'null_type';
      if (Array.isArray(value)) return 'list';
      if (value instanceof Boxed) return value.$kind;
      return value instanceof Uint8Array ? 'bytes' : 'map';
  }
}

/** Whether it is a plain object, the map that JSON gives, or stands for one: then it has all of its fields by now. */
export function isJsonMap(value: Value): value is Record<string, unknown> {
  if (value instanceof LateMap) value.$fill();
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Boxed) &&
    !(value instanceof Uint8Array)
  );
}

/** Two failures met: unknowns win and their names are joined, else the first error stays. */
export function mergeFailures(first: Failure, second: Failure): Failure {
  if (first instanceof CelUnknown && second instanceof CelUnknown) {
    if (first === second) return first;
    return new CelUnknown([...new Set([...first.$missing, ...second.$missing])]);
  }
  return second instanceof CelUnknown ? second : first;
}

/** The outcome of a function whose operands are not what it takes: their failure if they have one, else an error. */
export function noSuchOverload(name: string, ...operands: Value[]): Failure {
  let failure: Failure | undefined;
  for (const operand of operands) {
    if (operand instanceof Failure) failure = failure === undefined ? operand : mergeFailures(failure, operand);
  }
  return failure ?? new CelError(`no such overload: ${name}(${operands.map(kindOf).join(', ')})`);
}

/** Elements of a list or keys of a map, in order; undefined for everything else. */
export function elementsOf(value: Value): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof CelMap) return Array.from(value.$entries.values(), (entry) => entry[0]);
  return isJsonMap(value) ? Object.keys(value).filter((key) => value[key] !== undefined) : undefined;
}
