import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { distilArchive, readArchive } from './archives.ts';
import { capabilities } from './capabilities.ts';
import { lockGradle, lockVerification } from './gradle.ts';
import { MAVEN_NAME, mavenComponent } from './maven-component.ts';
import { lockPom } from './pom.ts';

const LISTS = /(?:^|\/)(?:pom\.xml|(?:buildscript-)?gradle\.lockfile|verification-metadata\.xml)$/;

/** Artifacts of Maven repositories: in archives of Java, or required by builds of Maven and Gradle. */
export const java: Ecosystem = {
  name: 'java',
  wants: (path) => (path.endsWith('.xml') || path.endsWith('.lockfile')) && LISTS.test(path),
  distil: distilArchive,
  parse: parseJava,
  capabilities,
};

function parseJava(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.distilled) readArchive(file, context, inventory);
    else readList(file, context, inventory);
  }
  return inventory;
}

function readList(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(mavenComponent, MAVEN_NAME);
  if (file.path.endsWith('.lockfile')) lockGradle(text, locked);
  else {
    const read = file.path.endsWith('pom.xml') ? lockPom : lockVerification;
    if (!read(text, locked)) reportUnreadable(file, 'is no XML document of Maven or Gradle', context, inventory);
  }
  locked.finish(file.path, context, inventory);
}
