import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readToml } from '../parse-toml.ts';
import { isIdentity } from '../purl-of.ts';
import { readJson, readText, reportUnreadable } from '../read-text.ts';
import { distilArchive, readArchive } from './archives/archives.ts';
import { parseProperties } from './archives/manifest.ts';
import { capabilities } from './capabilities.ts';
import { lockGradle, lockVerification } from './gradle.ts';
import { PomStore } from './maven/pom-store.ts';
import { readProjects } from './maven/read-projects.ts';
import { MAVEN_NAME, mavenComponent } from './maven-component.ts';
import { lockSbt } from './sbt.ts';
import { lockVersionCatalog } from './version-catalog.ts';

const LISTS =
  /(?:^|\/)(?:pom\.xml|[^/]+\.pom|(?:buildscript-)?gradle\.lockfile|verification-metadata\.xml|build\.sbt\.lock|[\w.-]+\.versions\.toml|META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties)$/;
const ENDS = ['.xml', '.lockfile', '.pom', '.sbt.lock', '.versions.toml', '/pom.properties'];
/** A pom.xml in an unpacked archive tells how it was built, elsewhere. */
const PROJECT = /(?:^|\/)(?<!(?:^|\/)META-INF\/maven\/.{0,1024})pom\.xml$/;

/** Artifacts of Maven repositories: in archives of Java, or required by builds of Maven, Gradle and sbt. */
export const java: Ecosystem = {
  name: 'java',
  wants: (path) => ENDS.some((end) => path.endsWith(end)) && LISTS.test(path),
  distil: distilArchive,
  parse: parseJava,
  capabilities,
};

function parseJava(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const poms: PackageFile[] = [];
  for (const file of files) {
    if (file.distilled) readArchive(file, context, inventory);
    else if (file.path.endsWith('.properties')) readUnpacked(file, context, inventory);
    else if (file.path.endsWith('.pom') || file.path.endsWith('pom.xml')) poms.push(file);
    else readList(file, context, inventory);
  }
  const projects = poms.filter(({ path }) => PROJECT.test(path));
  if (projects.length > 0) readProjects(projects, new PomStore(poms), context, inventory);
  return inventory;
}

/** An archive that was unpacked, as servers do with applications: it names itself where it did. */
function readUnpacked(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const { path, bytes } = file;
  const { groupId, artifactId, version } = parseProperties(bytes.toString('utf8'));
  const name = `${groupId}:${artifactId}`;
  if (!MAVEN_NAME.test(name) || groupId === undefined || artifactId === undefined || !isIdentity(version)) {
    reportUnreadable(file, 'names no artifact of Maven', context, inventory);
    return;
  }
  const files = [`/${path}`];
  inventory.components.push(
    mavenComponent({ name, version, licences: [], path, scope: 'installed', development: false, files }),
  );
}

function readList(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const locked = new LockedPackages(mavenComponent, MAVEN_NAME);
  if (file.path.endsWith('.toml')) {
    const document = readToml(file, context, inventory);
    if (document !== undefined) lockVersionCatalog(document, locked);
  } else if (file.path.endsWith('.lock')) {
    const document = readJson(file, context, inventory);
    if (document !== undefined) lockSbt(document, locked);
  } else {
    const text = readText(file, context, inventory);
    if (text === undefined) return;
    if (file.path.endsWith('.lockfile')) lockGradle(text, locked);
    else if (!lockVerification(text, locked))
      reportUnreadable(file, 'is no XML document of Gradle', context, inventory);
  }
  locked.finish(file.path, context, inventory);
}
