import { formatReference, parseReference } from '../registry/reference.ts';

const ID = /^(?:sha256:)?([0-9a-f]{12,64})$/;

/** A name for an image of a storage, with the folder of the storage where one is given: `[overlay@/data/storage]app:1`. */
export function splitRoot(name: string): { root: string | undefined; driver: string | undefined; name: string } {
  const match = /^\[(?:([a-z0-9]+)@)?(\/[^\]]*)\](.+)$/.exec(name);
  if (match === null) return { root: undefined, driver: undefined, name };
  return { driver: match[1], root: match[2]!, name: match[3]! };
}

/** Whether a name means an image that has these names and this id (without `sha256:`). */
export function meansImage(wanted: string, names: string[], digests: string[], id: string): boolean {
  const prefix = ID.exec(wanted)?.[1];
  if (prefix !== undefined && id.startsWith(prefix)) return true;
  if (names.includes(wanted) || names.includes(`localhost/${wanted}`)) return true;
  const reference = parseReference(wanted);
  if (reference === undefined) return false;
  if (names.includes(formatReference(reference)) || names.includes(`localhost/${wanted}:latest`)) return true;
  const { registry, repository, digest } = reference;
  const isOf = (name: string): boolean => {
    const other = parseReference(name);
    return other?.registry === registry && other.repository === repository;
  };
  return digest !== undefined && digests.includes(digest) && names.some(isOf);
}
