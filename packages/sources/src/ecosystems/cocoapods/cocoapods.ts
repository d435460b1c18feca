import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import type { LanguagePackage } from '../language-component.ts';
import { LockedPackages } from '../locked-packages.ts';
import { purlComponent } from '../purl-component.ts';
import { linesOf, readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const LOCK_FILE = /(?:^|\/)Podfile\.lock$/;
const SECTION = /^([A-Z][A-Z ]{1,63}):/;
/** `  - AppCenter/Core (4.2.0):`, in quotes where the name asks for them. */
const POD = /^ {2}- "?([^\s"()]{1,512}) \(([^()"\s]{1,255})\)"?:?$/;
const NAME = /^[A-Za-z0-9_][\w.+/-]{0,511}$/;

/** Pods of CocoaPods, listed by its lock file; a part of a pod (a subspec) is one of its own. */
export const cocoapods: Ecosystem = {
  name: 'cocoapods',
  wants: (path) => path.endsWith('Podfile.lock') && LOCK_FILE.test(path),
  parse: parseCocoapods,
  capabilities,
};

function parseCocoapods(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages(podComponent, NAME);
    if (readPods(text, locked)) locked.finish(file.path, context, inventory);
    else reportUnreadable(file, 'is no lock file of CocoaPods', context, inventory);
  }
  return inventory;
}

function readPods(text: string, locked: LockedPackages): boolean {
  let section: string | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    section = SECTION.exec(line)?.[1] ?? section;
    if (section !== 'PODS' || !line.startsWith('  - ')) continue;
    const [, name, version] = POD.exec(line.trimEnd()) ?? [];
    if (name === undefined) locked.skip(number);
    else locked.add(name, version!, { line: number });
  }
  return section !== undefined;
}

/** `pkg:cocoapods/AppCenter@4.2.0#Core`: a part of a pod is the subpath. */
function podComponent(item: LanguagePackage): Component {
  const [name = '', ...subpath] = item.name.split('/');
  return purlComponent('cocoapods', item, { name, ...(subpath.length > 0 && { subpath: subpath.join('/') }) });
}
