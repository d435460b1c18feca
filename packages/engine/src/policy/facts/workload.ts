import type { JsonObject } from '@breakwater/model';
import {
  CelTooLarge,
  CelUnknown,
  type CompiledExpression,
  compileExpression,
  type Failure,
  type Value,
} from '../cel/index.ts';
import { recordOf } from '../loose-values.ts';
import { CONTAINER_FIELDS, CONTAINER_LISTS, POD_SPECS, WORKLOAD_FIELDS } from './kubernetes.ts';
import { PLATFORM_POD_SPECS } from './platforms.ts';

/** One element that a rule goes through, with its place inside the object. */
export interface Element {
  /** What `c` or `v` stands for. */
  value: Record<string, unknown>;
  /** Name for people: the container's name, the vulnerability with its component. */
  name: string;
  pointer: (string | number)[];
}

type Fields = readonly (readonly [name: string, expression: CompiledExpression])[];

const compileFields = (fields: Readonly<Record<string, string>>, variables: string[]): Fields =>
  Object.entries(fields).map(([name, source]) => [name, compileExpression(source, { variables })] as const);

/** Compiled at first use: a command that judges nothing does not pay for it. */
let containerFields: Fields | undefined;
let workloadFields: Fields | undefined;

const evaluateFields = (fields: Fields, bindings: Record<string, unknown>): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const [name, expression] of fields) values[name] = expression.evaluate(bindings);
  return values;
};

/** Paths by kind, split once. */
const pointers = new Map(
  Object.entries({ ...PLATFORM_POD_SPECS, ...POD_SPECS }).map(([kind, path]) => [kind, path.split('.').slice(1)]),
);

/** The path to the pod spec of a kind inside its objects; undefined for kinds without pods. */
export const podSpecPointer = (kind: string): readonly string[] | undefined => pointers.get(kind);

/** The pod spec of an object, with what is around it. */
export interface PodSpec {
  spec: Record<string, unknown>;
  /** What holds it beside the pod's metadata. */
  template: Record<string, unknown>;
  pointer: readonly string[];
}

/** Finds it; undefined where the object has none. */
export function podSpecOf(object: JsonObject): PodSpec | undefined {
  const pointer = podSpecPointer(String(object['kind']));
  let current: unknown = object;
  let template: Record<string, unknown> = object;
  for (const step of pointer ?? []) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    template = current as Record<string, unknown>;
    current = template[step];
  }
  if (pointer === undefined || typeof current !== 'object' || current === null || Array.isArray(current))
    return undefined;
  return { spec: current as Record<string, unknown>, template, pointer };
}

/** A container of an object. Its fields are worked out when a rule reads one: most rules know what equal ones gave. */
export class WrittenContainer implements Element {
  readonly spec: unknown;
  readonly role: string;
  readonly pointer: (string | number)[];
  readonly #pod: PodSpec;
  #value: Record<string, unknown> | undefined;

  constructor(spec: unknown, pod: PodSpec, list: string, role: string, index: number) {
    this.spec = spec;
    this.role = role;
    this.pointer = [...pod.pointer, list, index];
    this.#pod = pod;
  }

  get value(): Record<string, unknown> {
    if (this.#value === undefined) {
      containerFields ??= compileFields(CONTAINER_FIELDS, ['c', 'pod', 'role']);
      this.#value = evaluateFields(containerFields, { c: this.spec, pod: this.#pod.spec, role: this.role });
    }
    return this.#value;
  }

  get name(): string {
    const name = recordOf(this.spec)['name'];
    if (typeof name === 'string' && name !== '') return name;
    const [list, index] = this.pointer.slice(-2);
    return `${list}[${index}]`;
  }
}

/** No pod that runs has so many: an object that does is not gone through, and stays undecided. */
const MOST_CONTAINERS = 1_000;

/**
 * The containers of an object in the order of their lists. Unknown where the object has no pod spec, no containers, or
 * something else in their place: nothing was checked then.
 */
export function containersOf(object: JsonObject): Element[] | Failure {
  const pod = podSpecOf(object);
  if (pod === undefined || !Array.isArray(pod.spec['containers'])) return new CelUnknown(['containers']);
  const elements: Element[] = [];
  for (const [list, role] of CONTAINER_LISTS) {
    const written = pod.spec[list];
    if (written === undefined) continue;
    if (!Array.isArray(written)) return new CelUnknown(['containers']);
    if (elements.length + written.length > MOST_CONTAINERS)
      return new CelTooLarge(`the object has more than ${MOST_CONTAINERS} containers`);
    written.forEach((container: unknown, index) => {
      elements.push(new WrittenContainer(container ?? null, pod, list, role, index));
    });
  }
  return elements;
}

/** The object as a workload; unknown where it has no pod spec. */
export function workloadOf(object: JsonObject): Value {
  workloadFields ??= compileFields(WORKLOAD_FIELDS, ['object', 'pod', 'template']);
  const pod = podSpecOf(object);
  if (pod === undefined) return new CelUnknown(['workload']);
  return evaluateFields(workloadFields, { object, pod: pod.spec, template: pod.template });
}
