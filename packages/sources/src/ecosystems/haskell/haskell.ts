import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { readFreeze } from './cabal-freeze.ts';
import { capabilities } from './capabilities.ts';
import { readStackLock } from './stack-lock.ts';

const LOCK_FILE = /(?:^|\/)(?:cabal(?:\.\w{1,64})?\.project\.freeze|stack(?:[\w.-]{0,64})\.yaml\.lock)$/;
const NAME = /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;

/** Packages of Hackage, for Haskell: pinned by Cabal or by Stack. */
export const haskell: Ecosystem = {
  name: 'haskell',
  wants: (path) => (path.endsWith('.freeze') || path.endsWith('.yaml.lock')) && LOCK_FILE.test(path),
  parse: parseHaskell,
  capabilities,
};

function parseHaskell(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages((item: LanguagePackage) => languageComponent('hackage', item), NAME);
    const isStack = file.path.endsWith('.lock');
    if ((isStack ? readStackLock : readFreeze)(text, locked)) locked.finish(file.path, context, inventory);
    else reportUnreadable(file, `is no lock file of ${isStack ? 'Stack' : 'Cabal'}`, context, inventory);
  }
  return inventory;
}
