import { podSpecPointer } from '@breakwater/engine/policy';
import type { Json, JsonObject, Rule } from '@breakwater/model';

type Pointer = readonly (string | number)[];

/** A rule that forbids what a field says, for every object that has such a field. */
export interface FieldRule {
  rule: Rule;
  /** The field for people: `securityContext.privileged of a container`. */
  field: string;
  /** What it says, for people. */
  value: string;
}

/** Makes the rule that an object breaks by the value at a path inside it. */
export function fieldRule(object: JsonObject, pointer: Pointer, value: Json): FieldRule {
  const pod = podSpecPointer(String(object['kind'])) ?? [];
  const inPod = pod.length > 0 && pod.every((step, index) => pointer[index] === step) ? pointer.slice(pod.length) : [];
  const [list, position, ...inContainer] = inPod;
  if ((list === 'containers' || list === 'initContainers') && typeof position === 'number' && inContainer.length > 0) {
    return build(
      { each: 'containers', root: 'c', access: 'c.spec', named: "'container ' + c.name + ': '" },
      inContainer,
      value,
    );
  }
  const last = pointer.findLastIndex((step) => typeof step === 'number');
  if (last < 0) return build({ root: 'object', access: 'object', named: '' }, pointer, value);
  const each = `${optional('object', pointer.slice(0, last))}.orValue([])`;
  return build({ each, root: 'item', access: 'item', named: '' }, pointer.slice(last + 1), value);
}

interface Base {
  each?: string;
  root: string;
  /** What the rule reads from. */
  access: string;
  /** Expression that begins the message. */
  named: string;
}

function build({ each, root, access, named }: Base, pointer: Pointer, value: Json): FieldRule {
  const path = pointer.map(stepOf).join('');
  const field = path === '' ? 'what is listed' : path.replace(/^\./, '');
  const shown = typeof value === 'object' ? 'set' : JSON.stringify(value);
  const text = quote(`${field} is ${typeof value === 'string' ? value : shown}`);
  return {
    rule: {
      ...(each === undefined ? {} : { each }),
      expr: condition(access, pointer, value),
      field: root + path,
      message: named === '' ? text : `${named} + ${text}`,
    },
    field,
    value: shown,
  };
}

/** Whether what is at a path says so; of a list, whether any of its elements does. */
function condition(access: string, pointer: Pointer, value: Json): string {
  if (pointer.length === 0) return `${access} == ${literal(value)}`;
  const list = pointer.findIndex((step) => typeof step === 'number');
  if (list < 0) return says(optional(access, pointer), value);
  const inside = condition('x', pointer.slice(list + 1), value);
  return `${optional(access, pointer.slice(0, list))}.orValue([]).exists(x, ${inside})`;
}

const stepOf = (step: string | number): string =>
  typeof step === 'number' ? `[${step}]` : /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${quote(step)}]`;

/** Reads a field that may not be there, at any step. */
const optional = (root: string, names: Pointer): string =>
  names
    .map(String)
    .reduce((path, name) => (/^[A-Za-z_]\w*$/.test(name) ? `${path}.?${name}` : `${path}[?${quote(name)}]`), root);

/** Whether the field says so. */
function says(field: string, value: Json): string {
  if (typeof value === 'boolean') return value ? `${field}.orValue(false)` : `!${field}.orValue(true)`;
  if (typeof value === 'string') return `${field}.orValue('') == ${literal(value)}`;
  return typeof value === 'number' ? `${field}.orValue(null) == ${literal(value)}` : `${field}.hasValue()`;
}

const literal = (value: Json): string =>
  typeof value === 'string' ? quote(value) : typeof value === 'object' ? 'null' : String(value);

/** A string as CEL has it. */
const quote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;

/**
 * The part of an object that a path leads to, with what names it and its containers: of lists, the element on the path
 * alone. `without` leaves out the field itself.
 */
export function partAt(object: JsonObject, pointer: Pointer, without = false): JsonObject {
  const part = follow(object, pointer, without) as JsonObject;
  const { name = 'example' } = (object['metadata'] ?? {}) as JsonObject;
  const { apiVersion, kind } = object;
  const metadata = { name, ...((part['metadata'] ?? {}) as JsonObject) };
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    ...part,
    metadata,
  };
}

function follow(value: Json | undefined, pointer: Pointer, without: boolean): Json | undefined {
  const [step, ...rest] = pointer;
  if (step === undefined) return without ? undefined : value;
  const inner = follow((value as Record<string | number, Json>)[step], rest, without);
  if (Array.isArray(value)) return inner === undefined ? [] : [inner];
  const { name } = value as JsonObject;
  const kept: JsonObject = name === undefined || step === 'name' ? {} : { name };
  return inner === undefined ? kept : { ...kept, [step]: inner };
}
