import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { LockedPackages } from '../locked-packages.ts';
import { isFields, readJsonText } from '../read-text.ts';
import { NestedDependencies } from './nested-dependencies.ts';
import { NPM_NAME, npmComponent } from './npm-component.ts';
import { lockPlacedPackages } from './placed-packages.ts';

/** What a lock file of version 1 (`dependencies`) or 2 and 3 (`packages`) would have installed, each package once. */
export function readLockFile(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const read = readJsonText(file, context, inventory);
  if (read === undefined) return;
  const { content, text } = read;
  const locked = new LockedPackages(npmComponent, NPM_NAME);
  const lines = new LineFinder(text);
  if (isFields(content['packages'])) lockPlacedPackages(content['packages'], locked, lines);
  else if ('dependencies' in content) new NestedDependencies(locked, lines).read(content['dependencies']);
  locked.finish(file.path, context, inventory);
}
