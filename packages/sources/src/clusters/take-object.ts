import { isObject, type Json, type JsonObject, type ManifestObject, type Unknown } from '@breakwater/model';
import type { ChosenKind } from './choose-kinds.ts';
import { clusterSource } from './cluster-target.ts';
import { isTooDeep } from './json-text.ts';
import { nameOf, pathOf } from './resource-kinds.ts';

/** An object as it is in a cluster. Its place is `cluster:CONTEXT` with its path in the API. */
export interface LiveObject extends ManifestObject {
  uid: string;
  resourceVersion: string;
}

/** What an object is known by among those of its kind. */
export const keyOf = ({ namespace, name }: Pick<LiveObject, 'namespace' | 'name'>): string => `${namespace}/${name}`;

/** What of an object no one reads: Helm's and kubectl's own copies would hold the values of secrets. */
const COPIES = ['kubectl.kubernetes.io/last-applied-configuration'];
/** Characters of one value of a ConfigMap that are kept. */
const LARGEST_VALUE = 256 * 1024;

/**
 * Takes an object as the server sent it: completed by kind and version, which lists leave out; who manages which fields
 * reduced to who and when; of a kind of which only metadata is read nothing else, whatever was sent. Gives an unknown
 * for what is no object or is nested too deep.
 */
export function takeObject(
  value: unknown,
  kind: ChosenKind,
  cluster: string,
): { object: LiveObject; unknowns: Unknown[] } | Unknown {
  const source = clusterSource(cluster);
  if (!isObject(value as Json) || !isObject((value as JsonObject)['metadata'] ?? null)) {
    return broken(`An answer on ${nameOf(kind)} holds something that is no object.`, { source, path: pathOf(kind) });
  }
  const sent = value as JsonObject;
  const metadata = { ...(sent['metadata'] as JsonObject) };
  const name = textOf(metadata['name']);
  const namespace = textOf(metadata['namespace']);
  const place = { source, path: `${pathOf(kind, namespace === '' ? undefined : namespace)}/${name}` };
  if (name === '') return broken(`An answer on ${nameOf(kind)} holds an object without a name.`, place);
  if (isTooDeep(sent)) return broken(`${kind.kind} ${name} is nested too deep to be read.`, place);
  metadata['managedFields'] = managersOf(
    metadata['managedFields'],
    kind.content === 'whole' && metadata['ownerReferences'] === undefined,
  );
  const unknowns: Unknown[] = [];
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  if (kind.content === 'metadata') metadata['annotations'] = withoutCopies(metadata['annotations']);
  const rest =
    kind.content === 'metadata' ? {} : withoutLargeValues(sent, kind, { source, path: place.path }, unknowns);
  const object: JsonObject = { ...rest, apiVersion, kind: kind.kind, metadata };
  const uid = textOf(metadata['uid']);
  const resourceVersion = textOf(metadata['resourceVersion']);
  return {
    object: { apiVersion, kind: kind.kind, namespace, name, cluster, object, place, live: true, uid, resourceVersion },
    unknowns,
  };
}

/**
 * Who changed an object when. Which fields is kept only of objects that nobody owns, where it tells drift: the list is
 * longer than the object itself.
 */
function managersOf(value: Json | undefined, withFields: boolean): Json {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const { manager, operation, time, subresource, fieldsV1 } = entry as Record<string, Json>;
    const about = { manager: textOf(manager), operation: textOf(operation), time: textOf(time) };
    if (subresource !== undefined) return [{ ...about, subresource: textOf(subresource) }];
    return [withFields && fieldsV1 !== undefined ? { ...about, fieldsV1 } : about];
  });
}

function withoutCopies(value: Json | undefined): Json {
  if (!isObject(value ?? null)) return {};
  return Object.fromEntries(Object.entries(value as JsonObject).filter(([key]) => !COPIES.includes(key)));
}

/** Files of megabytes in ConfigMaps are data, not configuration: that they are there is kept. */
function withoutLargeValues(
  sent: JsonObject,
  kind: ChosenKind,
  place: { source: string; path: string },
  unknowns: Unknown[],
): JsonObject {
  if (kind.group !== '' || kind.resource !== 'configmaps') return sent;
  const result = { ...sent };
  for (const field of ['data', 'binaryData']) {
    const values = sent[field];
    if (!isObject(values ?? null)) continue;
    const large = Object.entries(values as JsonObject).filter(
      ([, value]) => typeof value === 'string' && value.length > LARGEST_VALUE,
    );
    if (large.length === 0) continue;
    result[field] = { ...(values as JsonObject), ...Object.fromEntries(large.map(([key]) => [key, ''])) };
    unknowns.push({
      code: 'value-too-large',
      message: `${large.map(([key]) => key).join(', ')} of ${field} is larger than ${LARGEST_VALUE / 1024} KiB and was not kept.`,
      place: { ...place, pointer: [field] },
    });
  }
  return result;
}

function broken(message: string, place: Unknown['place']): Unknown {
  return { code: 'object-invalid', message, place };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
