import type { Component } from '@breakwater/model';

/** Packages that the operating system's package manager installed. */
const SYSTEM_TYPES: ReadonlySet<Component['type']> = new Set(['deb', 'apk', 'rpm', 'alpm', 'opkg', 'ebuild']);

/**
 * Notes of each package of a language whether a package of the operating system brought the file that tells of it:
 * `python3-urllib3` owns the METADATA of urllib3. The distribution mends it without changing its version, so that its
 * own advisories say more than those of the language. Works on what every ecosystem found; changes the components.
 */
export function noteOwners(components: readonly Component[]): void {
  const others = components.filter(({ type }) => !SYSTEM_TYPES.has(type));
  if (others.length === 0) return;
  const wanted = new Set(others.map(fileOf));
  const owners = new Map<string, string>();
  for (const { type, id, files } of components) {
    if (!SYSTEM_TYPES.has(type)) continue;
    for (const file of files) if (wanted.has(file)) owners.set(file, id);
  }
  for (const component of others) {
    const owner = owners.get(fileOf(component));
    if (owner !== undefined) component.ownedBy = owner;
  }
}

/** The file itself, where the component lies inside of an archive: `/app/a.jar!/lib/b.jar`. */
function fileOf({ path }: Component): string {
  return path.split('!/', 1)[0]!;
}
