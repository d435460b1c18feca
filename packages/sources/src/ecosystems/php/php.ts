import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  listOf,
  parseJson,
  readJson,
  readText,
  reportUnreadable,
  textOf,
} from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { COMPOSER_NAME, composerComponent, licencesOf } from './composer-component.ts';
import { readInstalled } from './installed.ts';

const INSTALLED = /(?:^|\/)composer[^/]*\/installed\.json$/;
const VENDOR = /(?:^|\/)vendor\//;

/** Composer packages of PHP: installed below `vendor`, or listed by its lock file. */
export const php: Ecosystem = {
  name: 'php',
  wants: (path) =>
    path.endsWith('installed.json')
      ? INSTALLED.test(path)
      : path.endsWith('composer.lock') && /(?:^|\/)composer\.lock$/.test(path) && !VENDOR.test(path),
  parse: parsePhp,
  capabilities,
};

function parsePhp(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.path.endsWith('.lock')) readLockFile(file, context, inventory);
    else {
      const text = readText(file, context, inventory);
      const content = text === undefined ? undefined : parseJson(text);
      if (isFields(content) || Array.isArray(content)) readInstalled(file, content, context, inventory);
      else if (text !== undefined) reportUnreadable(file, 'is no JSON document', context, inventory);
    }
  }
  return inventory;
}

function readLockFile(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const content = readJson(file, context, inventory);
  if (content === undefined) return;
  const locked = new LockedPackages(composerComponent, COMPOSER_NAME);
  for (const field of ['packages', 'packages-dev']) {
    if (Object.keys(fieldsOf(content, field)).length > 0) locked.skip();
    for (const entry of listOf(content, field)) addEntry(entry, field === 'packages-dev', locked);
  }
  locked.finish(file.path, context, inventory);
}

function addEntry(entry: unknown, development: boolean, locked: LockedPackages): void {
  if (!isFields(entry)) locked.skip();
  else
    locked.add(textOf(entry, 'name'), textOf(entry, 'version'), { development, licences: licencesOf(entry as Fields) });
}
