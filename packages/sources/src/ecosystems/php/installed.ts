import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { isIdentity } from '../purl-of.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';
import { COMPOSER_NAME, composerComponent, licencesOf } from './composer-component.ts';

const MOST_NEEDS = 1000;

/** Whether a document is such a list, by what is in it: in folders of other names there are others of that name. */
export function isInstalledList(content: unknown): content is Fields | unknown[] {
  const entries = Array.isArray(content) ? content : isFields(content) ? listOf(content, 'packages') : [];
  const [first] = entries;
  return isFields(first) && COMPOSER_NAME.test(textOf(first, 'name')) && textOf(first, 'version_normalized') !== '';
}

/**
 * `vendor/composer/installed.json`: a list of packages (Composer 1), or an object that holds one, with the names of
 * those of development (Composer 2).
 */
export function readInstalled(
  { path }: PackageFile,
  content: Fields | unknown[],
  context: EcosystemContext,
  { components, unknowns }: Inventory,
): void {
  const entries = Array.isArray(content) ? content : listOf(content, 'packages');
  const development = new Set(Array.isArray(content) ? [] : listOf(content, 'dev-package-names'));
  const found = new Map<string, { component: Component; needs: string[] }>();
  let skipped = Array.isArray(content) || Array.isArray(content['packages']) ? 0 : 1;
  for (const entry of entries) {
    const name = isFields(entry) ? textOf(entry, 'name') : '';
    const version = isFields(entry) ? textOf(entry, 'version') : '';
    if (!isFields(entry) || !COMPOSER_NAME.test(name) || !isIdentity(version)) {
      skipped += 1;
      continue;
    }
    const details = { licences: licencesOf(entry), path, scope: 'installed' as const };
    const files = installedFolder(entry, name, path);
    const component = composerComponent({ name, version, ...details, development: development.has(name), files });
    components.push(component);
    found.set(name.toLowerCase(), { component, needs: Object.keys(fieldsOf(entry, 'require')) });
  }
  for (const { component, needs } of found.values()) {
    const targets = needs.slice(0, MOST_NEEDS).flatMap((need) => found.get(need.toLowerCase())?.component.id ?? []);
    component.dependsOn = [...new Set(targets)];
  }
  if (skipped === 0) return;
  const message = 'Entries of installed.json have a wrong form: packages may be missing';
  unknowns.push({ code: 'package-incomplete', message, place: { source: context.target, path: `/${path}` } });
}

/** Where the package lies: as stated since Composer 2, else `vendor/NAME`. A metapackage is only a list of others. */
function installedFolder(entry: Fields, name: string, path: string): string[] {
  if (entry['type'] === 'metapackage' || entry['install-path'] === null) return [];
  const composer = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const stated = textOf(entry, 'install-path');
  return joinPath(composer, stated.length > 0 && stated.length < 4096 ? stated : `../${name}`).map(
    (folder) => `/${folder}/`,
  );
}
