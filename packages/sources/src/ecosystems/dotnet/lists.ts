import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../read-text.ts';
import { childrenOf, type XmlElement } from '../xml/read-xml.ts';

/** A `packages.lock.json`: for each framework the packages, each as it was resolved. */
export function lockPackages(document: Fields, locked: LockedPackages): void {
  for (const framework of Object.values(fieldsOf(document, 'dependencies'))) {
    for (const [name, entry] of Object.entries(isFields(framework) ? framework : {})) {
      if (!isFields(entry)) locked.skip();
      else if (textOf(entry, 'type') !== 'Project') locked.add(name, textOf(entry, 'resolved'));
    }
  }
}

/** The `libraries` of a `project.assets.json`, which a restore writes: `Name/1.0.0`. */
export function lockAssets(document: Fields, locked: LockedPackages): void {
  for (const [key, library] of Object.entries(fieldsOf(document, 'libraries'))) {
    const slash = key.indexOf('/');
    if (!isFields(library) || slash === -1) locked.skip();
    else if (textOf(library, 'type') !== 'project') locked.add(key.slice(0, slash), key.slice(slash + 1));
  }
}

/** A `packages.config` of older projects. */
export function lockConfig(root: XmlElement, locked: LockedPackages): void {
  for (const { attributes } of childrenOf(root, 'package')) {
    const development = attributes.get('developmentDependency') === 'true';
    locked.add(attributes.get('id') ?? '', attributes.get('version') ?? '', { development });
  }
}

/** A `Directory.Packages.props`; what a variable of the build says is not known, and such entries have no version. */
export function lockProps(root: XmlElement, locked: LockedPackages): void {
  for (const element of ['PackageVersion', 'PackageReference', 'GlobalPackageReference']) {
    for (const { attributes } of childrenOf(root, 'ItemGroup', element)) {
      const name = (attributes.get('Include') ?? attributes.get('Update') ?? '').trim();
      const version = (attributes.get('Version') ?? '').trim();
      if (name.includes('$(') || name === '') locked.skip();
      else locked.add(name, version.includes('$(') ? '' : version);
    }
  }
}
