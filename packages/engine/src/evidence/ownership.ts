import type { Component } from '@breakwater/model';

/** Folders that are links into /usr where the distribution has merged them, as all current ones have. */
const MERGED = /^\/(?:bin|sbin|lib|lib32|lib64|libx32)\//;

/** One spelling for `/bin/sh` and `/usr/bin/sh`: events and package databases use either. */
export function canonicalPath(path: string): string {
  return MERGED.test(path) ? `/usr${path}` : path;
}

/** Which components own a path. */
export interface Ownership {
  /** Ids of those that list the path itself, and of those with the longest folder above it. */
  owners(path: string): readonly string[];
}

/** Indexes the files of components: a lookup costs the depth of the path, not the number of files. */
export function createOwnership(components: readonly Component[]): Ownership {
  const byPath = new Map<string, string[]>();
  for (const { id, files } of components) {
    for (const file of files) {
      const path = canonicalPath(file);
      const owners = byPath.get(path);
      if (!owners) byPath.set(path, [id]);
      else if (owners.at(-1) !== id) owners.push(id);
    }
  }
  return {
    owners(path) {
      const canonical = canonicalPath(path);
      return [...(byPath.get(canonical) ?? []), ...folderOwners(byPath, canonical)];
    },
  };
}

function folderOwners(byPath: ReadonlyMap<string, string[]>, path: string): readonly string[] {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const owners = byPath.get(path.slice(0, slash + 1));
    if (owners) return owners;
  }
  return [];
}
