import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, listOf, readJson, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { readGraph } from './graph.ts';

const LOCK_FILE = /(?:^|\/)conan\.lock$/;
const NAME = /^[a-z0-9_][\w+.-]{0,254}$/i;
/** `zlib/1.2.11@user/channel#revision%time`, and in version 1 `:package#revision`. */
const REFERENCE = /^([^/@#%:\s]{1,255})\/([^/@#%:\s]{1,255})(?:@(?:[^/#%:\s]{1,255}\/[^/#%:\s]{1,255})?)?(?:[#%:]|$)/;
/** Lists of version 2, and whether what they name is needed to build only. */
const LISTS: [name: string, development: boolean][] = [
  ['requires', false],
  ['build_requires', true],
  ['python_requires', true],
  ['config_requires', true],
];

/** Packages of Conan, for C and C++, listed by its lock file: a graph (version 1) or lists (version 2). */
export const conan: Ecosystem = {
  name: 'conan',
  wants: (path) => path.endsWith('conan.lock') && LOCK_FILE.test(path),
  parse: parseConan,
  capabilities,
};

function parseConan(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    if (document === undefined) continue;
    const locked = new LockedPackages((item: LanguagePackage) => languageComponent('conan', item), NAME);
    if (Object.hasOwn(document, 'graph_lock')) {
      const nodes = fieldsOf(fieldsOf(document, 'graph_lock'), 'nodes');
      for (const { reference, development } of readGraph(nodes)) add(reference, development, locked);
    } else if (LISTS.some(([name]) => Object.hasOwn(document, name))) readLists(document, locked);
    else {
      reportUnreadable(file, 'is no lock file of Conan', context, inventory);
      continue;
    }
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}

function readLists(document: Fields, locked: LockedPackages): void {
  for (const [name, development] of LISTS) {
    if (Object.keys(fieldsOf(document, name)).length > 0) locked.skip();
    for (const item of listOf(document, name)) add(item, development, locked);
  }
}

function add(reference: unknown, development: boolean, locked: LockedPackages): void {
  const [, name, version] = typeof reference === 'string' ? (REFERENCE.exec(reference) ?? []) : [];
  if (name === undefined || version === undefined) locked.skip();
  else locked.add(name, version, { development });
}
