import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf } from '../json/index.ts';

/** A workload's pods as written, for what `Workload` does not carry. */
export interface PodTemplate {
  spec: JsonObject | undefined;
  labels: ReadonlyMap<string, string>;
  annotations: ReadonlyMap<string, string>;
}

/** The pod templates of workloads, by their position. Of several definitions the one that `Workload` describes is taken. */
export function podTemplatesOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): PodTemplate[] {
  const wanted = new Set(workloads.map(({ id }) => id));
  const byId = new Map<string, ManifestObject[]>();
  for (const object of objects) {
    const id = `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`;
    if (!wanted.has(id)) continue;
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [object]);
    else known.push(object);
  }
  return workloads.map((workload) => {
    const variants = byId.get(workload.id) ?? [];
    const [first] = workload.definitions;
    const described = variants.find(
      ({ place }) => place.source === first?.source && place.document === first?.document,
    );
    return templateOf((described ?? variants[0])?.object, workload.podSpecPointer);
  });
}

function templateOf(object: JsonObject | undefined, pointer: Workload['podSpecPointer']): PodTemplate {
  const template = goDown(object, pointer.slice(0, -1));
  const metadata = objectOf(fieldOf(template, 'metadata'));
  return {
    spec: goDown(object, pointer),
    labels: labelsOf(fieldOf(metadata, 'labels')),
    annotations: labelsOf(fieldAt(template, 'metadata', 'annotations')),
  };
}

function goDown(object: JsonObject | undefined, pointer: Workload['podSpecPointer']): JsonObject | undefined {
  let value: Json | undefined = object;
  for (const step of pointer)
    value =
      typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : fieldOf(objectOf(value), step);
  return objectOf(value);
}
