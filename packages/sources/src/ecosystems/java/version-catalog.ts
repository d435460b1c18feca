import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../read-text.ts';

/** A version that Gradle takes as it is: no range, no `latest`, no `+`. */
const PINNED = /^\d[\w.-]{0,127}$/;

/**
 * Libraries of a version catalogue (`gradle/libs.versions.toml`; docs.gradle.org, "Version Catalogs") whose version it
 * pins, and plug-ins of the build by their marker artifacts, as of development. What it leaves to a platform
 * or to a range is told by lock files alone.
 */
export function lockVersionCatalog(document: Fields, locked: LockedPackages): void {
  const versions = fieldsOf(document, 'versions');
  for (const item of Object.values(fieldsOf(document, 'libraries'))) {
    const [group, artifact, short] = typeof item === 'string' ? item.split(':', 3) : [];
    const fields = isFields(item) ? item : {};
    const module =
      textOf(fields, 'module') || `${group ?? textOf(fields, 'group')}:${artifact ?? textOf(fields, 'name')}`;
    const version = short === undefined ? versionOf(fields, versions) : pinned(short);
    if (version !== '') locked.add(module, version, { relationship: 'direct' });
  }
  for (const item of Object.values(fieldsOf(document, 'plugins'))) {
    const [name, short] = typeof item === 'string' ? item.split(':', 2) : [];
    const fields = isFields(item) ? item : {};
    const id = name ?? textOf(fields, 'id');
    const version = short === undefined ? versionOf(fields, versions) : pinned(short);
    if (version !== '') locked.add(`${id}:${id}.gradle.plugin`, version, { relationship: 'direct', development: true });
  }
}

function versionOf(item: Fields, versions: Fields): string {
  const reference = textOf(fieldsOf(item, 'version'), 'ref');
  return reference === '' ? stated(item, 'version') : stated(versions, reference);
}

/** A version by itself, or a rich one: what is strict counts most. */
function stated(fields: Fields, name: string): string {
  const rich = fieldsOf(fields, name);
  return pinned(textOf(fields, name) || textOf(rich, 'strictly') || textOf(rich, 'require') || textOf(rich, 'prefer'));
}

function pinned(version: string): string {
  return PINNED.test(version) ? version : '';
}
