import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { isFields, parseJson, readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { isInstalledList, readInstalled } from './installed.ts';
import { readInstalledPhp } from './installed-php.ts';
import { readLockFile } from './lock-file.ts';

const FILES = /(?:^|\/)(?:installed\.json|composer[^/]*\/installed\.php|composer\.(?:lock|json))$/;
/** Where Composer itself writes it; elsewhere its content has to tell. */
const INSTALLED = /(?:^|\/)composer[^/]*\/installed\.json$/;
const VENDOR = /(?:^|\/)vendor\//;

/** Composer packages of PHP: installed below `vendor`, or listed by its lock file. */
export const php: Ecosystem = { name: 'php', wants, parse: parsePhp, capabilities };

function wants(path: string): boolean {
  if (!path.endsWith('.json') && !path.endsWith('.lock') && !path.endsWith('.php')) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.startsWith('installed.') && !name.startsWith('composer.')) return false;
  return FILES.test(path) && (name.startsWith('installed.') || !VENDOR.test(path));
}

function parsePhp(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    if (file.path.endsWith('installed.json')) readInstalledJson(file, context, inventory);
    else if (file.path.endsWith('.php')) {
      if (!byPath.has(file.path.replace(/php$/, 'json'))) readInstalledPhp(file, context, inventory);
    } else if (file.path.endsWith('.lock')) {
      readLockFile(file, byPath.get(file.path.replace(/lock$/, 'json')), context, inventory);
    }
  }
  return inventory;
}

function readInstalledJson(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  const content = text === undefined ? undefined : parseJson(text);
  const isComposers = INSTALLED.test(file.path);
  if (isInstalledList(content) || (isComposers && (isFields(content) || Array.isArray(content))))
    readInstalled(file, content, context, inventory);
  else if (text !== undefined && isComposers) reportUnreadable(file, 'is no JSON document', context, inventory);
}
