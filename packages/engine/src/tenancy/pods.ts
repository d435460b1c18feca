import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { definitionsOf } from '../inventory/definitions-of.ts';
import { fieldAt, fieldOf, labelsOf, objectOf } from '../json/index.ts';

/** A workload's pods as written, for what `Workload` does not carry. */
export interface PodTemplate {
  spec: JsonObject | undefined;
  labels: ReadonlyMap<string, string>;
  annotations: ReadonlyMap<string, string>;
}

/** The pod templates of workloads, by their position. Of several definitions the one that `Workload` describes is taken. */
export function podTemplatesOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): PodTemplate[] {
  const definitions = definitionsOf(objects, workloads);
  return workloads.map(
    ({ podSpecPointer }, position) => new WrittenTemplate(definitions[position]?.object, podSpecPointer),
  );
}

/** Labels and annotations are read when they are asked for: few facts read them. */
class WrittenTemplate implements PodTemplate {
  readonly spec: JsonObject | undefined;
  readonly #template: JsonObject | undefined;

  constructor(object: JsonObject | undefined, pointer: Workload['podSpecPointer']) {
    this.#template = goDown(object, pointer.slice(0, -1));
    this.spec = goDown(object, pointer);
  }

  get labels(): ReadonlyMap<string, string> {
    return labelsOf(fieldAt(this.#template, 'metadata', 'labels'));
  }

  get annotations(): ReadonlyMap<string, string> {
    return labelsOf(fieldAt(this.#template, 'metadata', 'annotations'));
  }
}

function goDown(object: JsonObject | undefined, pointer: Workload['podSpecPointer']): JsonObject | undefined {
  let value: Json | undefined = object;
  for (const step of pointer)
    value =
      typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : fieldOf(objectOf(value), step);
  return objectOf(value);
}
