import type { Component } from '@breakwater/model';
import { parseControl } from '../dpkg/control.ts';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type LanguagePackage, languageComponent } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { isIdentity } from '../purl-of.ts';
import { type Fields, fieldsOf, isFields, readJson, readText, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const LOCK_FILE = /(?:^|\/)renv\.lock$/;
const INSTALLED = /(?:^|\/)(?:site-)?library\/(?:[^/]+\/){0,4}[^/]+\/DESCRIPTION$/;
const NAME = /^[A-Za-z][A-Za-z0-9.]{0,254}$/;
const FIELDS = new Set(['package', 'version', 'license', 'repository', 'priority', 'biocviews']);

/** Packages of R: installed in a library, or listed by the lock file of renv. */
export const cran: Ecosystem = {
  name: 'cran',
  wants: (path) =>
    path.endsWith('/DESCRIPTION') ? INSTALLED.test(path) : path.endsWith('renv.lock') && LOCK_FILE.test(path),
  parse: parseR,
  capabilities,
};

/** Bioconductor has versions and advisories of its own. Where nothing tells the origin, CRAN's name is the best known. */
function componentOf(isBioconductor: boolean): (item: LanguagePackage) => Component {
  return (item) => languageComponent(isBioconductor ? 'bioconductor' : 'cran', item);
}

function parseR(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.path.endsWith('.lock')) readLockFile(file, context, inventory);
    else readDescription(file, context, inventory);
  }
  return inventory;
}

function readLockFile(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const document = readJson(file, context, inventory);
  if (document === undefined) return;
  const lists = {
    cran: new LockedPackages(componentOf(false), NAME),
    bioconductor: new LockedPackages(componentOf(true), NAME),
  };
  for (const [key, entry] of Object.entries(fieldsOf(document, 'Packages'))) {
    if (isFields(entry)) {
      const list = isOfBioconductor(entry) ? lists.bioconductor : lists.cran;
      list.add(textOf(entry, 'Package') || key, textOf(entry, 'Version'));
    } else lists.cran.skip();
  }
  lists.cran.finish(file.path, context, inventory);
  lists.bioconductor.finish(file.path, context, inventory);
}

function isOfBioconductor(entry: Fields): boolean {
  return textOf(entry, 'Source') === 'Bioconductor' || /^Bioconductor|^BioC/i.test(textOf(entry, 'Repository'));
}

function readDescription(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const fields = parseControl(text, FIELDS).paragraphs[0]?.fields ?? new Map<string, string>();
  const name = fields.get('package');
  const version = fields.get('version');
  // Packages of R itself: they come with it and have its version.
  if (fields.get('priority') === 'base') return;
  if (name === undefined || !NAME.test(name) || !isIdentity(version)) {
    reportUnreadable(file, 'states no usable name and version', context, inventory);
    return;
  }
  const isBioconductor = fields.has('biocviews') || /^BioC|^Bioconductor/i.test(fields.get('repository') ?? '');
  const licence = fields.get('license') ?? '';
  inventory.components.push(
    componentOf(isBioconductor)({
      name,
      version,
      licences: licence === '' || licence.length > 512 ? [] : [licence],
      path: file.path,
      scope: 'installed',
      development: false,
      files: [`/${file.path.replace(/DESCRIPTION$/, '')}`],
    }),
  );
}
