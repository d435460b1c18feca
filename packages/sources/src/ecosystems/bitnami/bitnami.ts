import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { describedComponent } from '../embedded/described-package.ts';
import { type Fields, isFields, listOf, readJson, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

/** Where images of Bitnami describe what each of their folders holds. */
const DOCUMENT = /^(opt\/bitnami\/([^/]{1,256}))\/\.spdx-\2\.spdx$/;
const MOST_PACKAGES = 50_000;

/** What Bitnami packages: programs in folders of their own, each with an SPDX document beside it. */
export const bitnami: Ecosystem = {
  name: 'bitnami',
  wants: (path) => path.startsWith('opt/bitnami/') && DOCUMENT.test(path),
  parse: parseBitnami,
  capabilities,
};

/** Whether the folder of a path has a document that says what it holds. */
export function isOfBitnami(path: string, { tree }: EcosystemContext): boolean {
  const match = path.startsWith('opt/bitnami/') ? /^opt\/bitnami\/([^/]{1,256})\//.exec(path) : null;
  return match !== null && tree?.isFile(`${match[0]}.spdx-${match[1]}.spdx`) === true;
}

function parseBitnami(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    const folder = DOCUMENT.exec(file.path)?.[1];
    if (document === undefined || folder === undefined) continue;
    const found = listOf(document, 'packages')
      .slice(0, MOST_PACKAGES)
      .flatMap((item) => componentOf(isFields(item) ? item : {}, file.path, `/${folder}/`) ?? []);
    if (found.length === 0) reportUnreadable(file, 'is an SPDX document that names no package', context, inventory);
    inventory.components.push(...found);
  }
  return inventory;
}

/** Whoever put it together owns all of its folder; what it is made of lies somewhere in it. */
function componentOf(item: Fields, path: string, folder: string): Component | undefined {
  const references = listOf(item, 'externalRefs').filter(isFields);
  const locators = (type: string): string[] =>
    references
      .filter((reference) => textOf(reference, 'referenceType') === type)
      .map((reference) => textOf(reference, 'referenceLocator'));
  const purl = locators('purl')[0];
  if (purl === undefined) return undefined;
  const licences = [textOf(item, 'licenseConcluded') || textOf(item, 'licenseDeclared')];
  const files = purl.startsWith('pkg:bitnami/') ? [folder] : [];
  return describedComponent({ purl, licences, cpes: locators('cpe23Type') }, path, files);
}
