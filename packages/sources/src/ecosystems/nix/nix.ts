import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { capabilities } from './capabilities.ts';

/** A file at most three folders deep in a store path: what lies deeper is in a path that has such a file too. */
const STORED = /^nix\/store\/([0-9a-df-np-sv-z]{32})-([\w.+?=-]{1,211})\/(?:[^/]+\/){0,3}[^/]+$/;
/** Nix parts a name before the first hyphen that no letter follows (`builtins.parseDrvName`). */
const NAME = /^(.+?)-([0-9][\w.+?=-]*)$/;
/** Outputs of a package beside its main one: parts of the same version. */
const OUTPUT = /-(?:bin|data|debug|dev|devdoc|dist|doc|info|lib|libgcc|man|out|static|terminfo)$/;
const FACT = Buffer.from('stored');

/** Nothing is taken of the file itself: its path tells all. */
const distiller: Distiller = {
  largest: 0,
  whole: () => FACT,
  stream: () => ({ write: () => {}, end: () => FACT }),
};

/** Packages of Nix, by the paths of its store: an image that Nix built has no database. */
export const nix: Ecosystem = {
  name: 'nix',
  wants: () => false,
  distil: ({ path }: FileHead) => (path.startsWith('nix/store/') && STORED.test(path) ? distiller : undefined),
  parse: parseNix,
  capabilities,
};

function parseNix(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const seen = new Set<string>();
  let unnamed = 0;
  for (const { path, distilled } of files) {
    const [, digest, full] = STORED.exec(path) ?? [];
    if (!distilled || digest === undefined || full === undefined || seen.has(digest)) continue;
    seen.add(digest);
    const [, name, version] = NAME.exec(full.replace(OUTPUT, '')) ?? [];
    if (name === undefined || version === undefined) {
      unnamed += 1;
      continue;
    }
    const files = [`/nix/store/${digest}-${full}/`];
    const details = { licences: [], path, scope: 'installed' as const, development: false, files };
    inventory.components.push(
      purlComponent('nix', { name, version, ...details }, { qualifiers: { outputhash: digest } }),
    );
  }
  // Scripts and settings have no version: a store of nothing else is one whose packages are not known.
  if (unnamed > 0 && inventory.components.length === 0) {
    inventory.unknowns.push({
      code: 'package-incomplete',
      message: `No path of the store of Nix names a version: ${unnamed} are there`,
      place: { source: context.target, path: '/nix/store' },
    });
  }
  return inventory;
}
