import { isObject, type Json, type JsonObject, type ManifestObject } from '@breakwater/model';

/** Who owns an object, as it says itself. */
export interface Owner {
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
}

/** The objects of live clusters by what they are asked for. Clusters never mix. */
export interface LiveIndex {
  objects: readonly ManifestObject[];
  byUid(uid: string): ManifestObject | undefined;
  ofKind(kind: string): readonly ManifestObject[];
  /** Objects of a kind in a namespace of a cluster. */
  inNamespace(kind: string, cluster: string, namespace: string): readonly ManifestObject[];
  /** Objects that an object owns, itself not among them. */
  ownedBy(uid: string): readonly ManifestObject[];
}

/** Makes an index; time grows with the number of objects. */
export function indexLive(objects: readonly ManifestObject[]): LiveIndex {
  const uids = new Map<string, ManifestObject>();
  const kinds = new Map<string, ManifestObject[]>();
  const spaces = new Map<string, ManifestObject[]>();
  const owned = new Map<string, ManifestObject[]>();
  const put = (map: Map<string, ManifestObject[]>, key: string, object: ManifestObject) => {
    const known = map.get(key);
    if (known) known.push(object);
    else map.set(key, [object]);
  };
  for (const object of objects) {
    const uid = uidOf(object);
    if (uid !== '') uids.set(uid, object);
    put(kinds, object.kind, object);
    put(spaces, spaceKey(object.kind, object.cluster, object.namespace), object);
    for (const owner of ownersOf(object)) put(owned, owner.uid, object);
  }
  return {
    objects,
    byUid: (uid) => uids.get(uid),
    ofKind: (kind) => kinds.get(kind) ?? [],
    inNamespace: (kind, cluster, namespace) => spaces.get(spaceKey(kind, cluster, namespace)) ?? [],
    ownedBy: (uid) => owned.get(uid) ?? [],
  };
}

function spaceKey(kind: string, cluster: string, namespace: string): string {
  return `${kind}\n${cluster}\n${namespace}`;
}

/** Empty for what is not from a cluster. */
export function uidOf({ object }: ManifestObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

export function ownersOf({ object }: ManifestObject): Owner[] {
  const owners = valueAt(object, 'metadata', 'ownerReferences');
  if (!Array.isArray(owners)) return [];
  return owners.filter(isJsonObject).map((owner) => ({
    kind: textAt(owner, 'kind') ?? '',
    name: textAt(owner, 'name') ?? '',
    uid: textAt(owner, 'uid') ?? '',
    controller: owner['controller'] === true,
  }));
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value !== undefined && isObject(value);
}

/** The value at a path; undefined where a step of it is missing or no object. */
export function valueAt(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current) && typeof key === 'number') current = current[key];
    else if (isJsonObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current === null ? undefined : current;
}

export function textAt(value: Json | undefined, ...path: (string | number)[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The objects of the list at a path; what is no object is left out. */
export function objectsAt(value: Json | undefined, ...path: (string | number)[]): JsonObject[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** Texts by name at a path, such as labels. */
export function textsAt(value: Json | undefined, ...path: (string | number)[]): Record<string, string> {
  const found = valueAt(value, ...path);
  if (!isJsonObject(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** When an object was made, ISO 8601. */
export function createdAt({ object }: ManifestObject): string | undefined {
  return textAt(object, 'metadata', 'creationTimestamp');
}
