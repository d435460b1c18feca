import type { JsonObject } from '@breakwater/model';
import { CelTooLarge, CelUnknown, type Failure, type Value } from '../cel/index.ts';
import { recordOf } from '../loose-values.ts';
import { fieldsOnDemand } from './fields-on-demand.ts';
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

const containerFields = fieldsOnDemand(CONTAINER_FIELDS, ['c', 'pod', 'role']);
const workloadFields = fieldsOnDemand(WORKLOAD_FIELDS, ['object', 'pod', 'template']);

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
    this.#value ??= containerFields({ c: this.spec, pod: this.#pod.spec, role: this.role });
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
  const pod = podSpecOf(object);
  if (pod === undefined) return new CelUnknown(['workload']);
  return workloadFields({ object, pod: pod.spec, template: pod.template });
}
