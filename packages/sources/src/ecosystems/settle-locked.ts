import type { Component } from '@breakwater/model';

/**
 * Of what lock files list, leaves out what an image itself says better: packages that are installed just so (the
 * installed one learns from the lock file how its project needs it), and lists that an installed package brought along,
 * which say what its makers used and nothing of this image. Parts of a project stay. Gives the components that count.
 */
export function settleLocked(components: Component[]): Component[] {
  const installed = new Map<string, Component>();
  const owned = new Set<string>();
  for (const component of components) {
    if (component.scope !== 'installed') continue;
    if (!installed.has(component.purl)) installed.set(component.purl, component);
    for (const path of component.files) owned.add(path);
  }
  if (installed.size === 0) return components;
  const replaced = new Map<string, string>();
  const brought = memo((path) => isOwned(path, owned));
  const left = components.filter((component) => {
    const { id, scope, path, ownedBy, relationship, purl } = component;
    if (scope === 'installed') return true;
    if (ownedBy !== undefined || brought(path)) return false;
    const twin = relationship === 'root' || relationship === 'workspace' ? undefined : installed.get(purl);
    if (twin === undefined) return true;
    replaced.set(id, twin.id);
    if (relationship !== undefined) twin.relationship ??= relationship;
    return false;
  });
  for (const { dependsOn } of left) replaceAll(dependsOn ?? [], replaced);
  return left;
}

/** Whether a path, or a folder that it lies in (`/gems/typeprof-0.21.2/`), belongs to what is installed. */
function isOwned(path: string, owned: ReadonlySet<string>): boolean {
  if (owned.has(path)) return true;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (owned.has(path.slice(0, slash + 1))) return true;
  }
  return false;
}

function memo(judge: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const answer = known.get(path) ?? judge(path);
    known.set(path, answer);
    return answer;
  };
}

function replaceAll(ids: string[], replaced: ReadonlyMap<string, string>): void {
  for (const [index, id] of ids.entries()) ids[index] = replaced.get(id) ?? id;
}
