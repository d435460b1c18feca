import { isObject, type JsonObject } from '@breakwater/model';

const ANNOTATION = 'config.kubernetes.io/origin';

/** The path that kustomize noted in an object (`originAnnotations`), and the object as it is without the note. */
export function takeOrigin(object: JsonObject): { origin: string | undefined; object: JsonObject } {
  const metadata = object['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  const note = isObject(annotations) ? annotations[ANNOTATION] : undefined;
  if (!isObject(metadata) || !isObject(annotations) || typeof note !== 'string') return { origin: undefined, object };
  const { [ANNOTATION]: _note, ...others } = annotations;
  const { annotations: _annotations, ...rest } = metadata;
  const bare = Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
  return { origin: /^path: (.+)$/m.exec(note)?.[1]?.trim(), object: { ...object, metadata: bare } };
}
