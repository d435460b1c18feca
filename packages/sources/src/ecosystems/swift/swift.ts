import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, readJson, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const LOCK_FILE = /(?:^|\/)(?:Package\.resolved|\.package\.resolved)$/;
/** Checked out by the package manager, or below it: their own lists say nothing of what is built here. */
const OF_OTHERS = /(?:^|\/)(?:\.build|SourcePackages)\/checkouts\//;
const NAME = /^[\w.~-][\w.~/+-]{0,511}$/;

/** Packages of the Swift Package Manager, listed by its lock file (versions 1 to 3). */
export const swift: Ecosystem = {
  name: 'swift',
  wants: (path) => path.endsWith('ackage.resolved') && LOCK_FILE.test(path) && !OF_OTHERS.test(path),
  parse: parseSwift,
  capabilities,
};

function parseSwift(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    if (document === undefined) continue;
    const holder = Object.hasOwn(document, 'pins') ? document : fieldsOf(document, 'object');
    if (!Array.isArray(Object.hasOwn(holder, 'pins') ? holder['pins'] : undefined)) {
      reportUnreadable(file, 'is no list of Swift packages', context, inventory);
      continue;
    }
    const locked = new LockedPackages((item: LanguagePackage) => languageComponent('swift', item), NAME);
    for (const pin of listOf(holder, 'pins')) {
      if (isFields(pin)) locked.add(nameOf(pin), versionOf(fieldsOf(pin, 'state')));
      else locked.skip();
    }
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}

/** `github.com/apple/swift-nio`: the address without scheme, user and ending, as advisories have it. */
function nameOf(pin: Fields): string {
  const address = textOf(pin, 'location') || textOf(pin, 'repositoryURL');
  if (address === '' || textOf(pin, 'kind') === 'registry' || address.startsWith('/')) return textOf(pin, 'identity');
  const plain = address.replace(/^[a-z+]{1,16}:\/\//i, '').replace(/^[^/@]{0,256}@/, '');
  return plain.replace(/^([^/:]{1,256}):(?!\d)/, '$1/').replace(/\.git$|\/$/, '');
}

/** A package that follows a branch has no version, unless the branch is named like one. */
function versionOf(state: Fields): string {
  const branch = textOf(state, 'branch');
  return textOf(state, 'version') || (/^v?\d+\.\d/.test(branch) ? branch : '');
}
