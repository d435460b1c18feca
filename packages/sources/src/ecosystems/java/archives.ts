import type { Distiller, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { isIdentity } from '../purl-of.ts';
import { parseJson } from '../read-text.ts';
import { identifyArchive } from './identify-archive.ts';
import { mavenComponent } from './maven-component.ts';
import { isArchiveName, type JarFacts, readJar } from './read-jar.ts';

/**
 * A zip has its directory at its end: an archive is held whole while it is read. Two layers may hold one each, and what
 * is unpacked of one of them comes on top: all of it has to stay within the memory of a scan.
 */
const LARGEST = 48 * 1024 * 1024;

const distiller: Distiller = { largest: LARGEST, whole: (content) => Buffer.from(JSON.stringify(readJar(content))) };

/** Takes what archives of Java say of themselves; they are known by their names. */
export function distilArchive({ path }: FileHead): Distiller | undefined {
  return isArchiveName(path) ? distiller : undefined;
}

/** The artifacts in an archive and in those inside it; all of them are in the one file. */
export function readArchive(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  for (const facts of (parseJson(file.bytes.toString('utf8')) ?? []) as JarFacts[]) {
    const path = [file.path, ...facts.within].join('!/');
    const details = { licences: licencesOf(facts), path, scope: 'installed' as const, development: false };
    for (const { group, artifact, version, guessedFrom } of identifyArchive(facts, path)) {
      if (!isIdentity(version)) continue;
      const component = mavenComponent({ name: `${group}:${artifact}`, version, ...details, files: [`/${file.path}`] });
      inventory.components.push(guessedFrom === undefined ? component : { ...component, guessedFrom });
    }
    for (const fault of facts.faults) {
      const message = `An archive of Java was not read completely: ${fault}`;
      inventory.unknowns.push({
        code: 'package-file-unreadable',
        message,
        place: { source: context.target, path: `/${path}` },
      });
    }
  }
}

/** OSGi's header names one licence or several, each with parameters after a semicolon. */
function licencesOf({ manifest }: JarFacts): string[] {
  const text = manifest['Bundle-License'] ?? '';
  return text.split(',').flatMap((part) => {
    const licence = part.split(';', 1)[0]!.trim();
    return licence === '' || licence.length > 512 ? [] : [licence];
  });
}
