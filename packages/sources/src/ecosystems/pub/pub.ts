import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type IndentedMap, parseIndentedMaps } from '../indented-map.ts';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const LOCK_FILE = /(?:^|\/)pubspec\.lock$/;
const NAME = /^[A-Za-z_]\w{0,254}$/;

/** Packages of Dart and Flutter, listed by the lock file of pub. */
export const pub: Ecosystem = {
  name: 'pub',
  wants: (path) => path.endsWith('pubspec.lock') && LOCK_FILE.test(path),
  parse: parsePub,
  capabilities,
};

function parsePub(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const [document] = parseIndentedMaps(text);
    const packages = document?.root.get('packages');
    if (document === undefined || !(packages instanceof Map)) {
      reportUnreadable(file, 'is no lock file of pub', context, inventory);
      continue;
    }
    const locked = new LockedPackages((item: LanguagePackage) => languageComponent('pub', item), NAME);
    for (const [name, entry] of packages) addEntry(name, entry, locked);
    for (const line of document.oddLines) locked.skip(line);
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}

/** Packages from a commit, a folder or the SDK state a version too. */
function addEntry(name: string, entry: string | IndentedMap, locked: LockedPackages): void {
  const version = typeof entry === 'string' ? undefined : entry.get('version');
  if (typeof entry === 'string' || typeof version !== 'string') locked.skip();
  else locked.add(name, version, { development: entry.get('dependency') === 'direct dev' });
}
