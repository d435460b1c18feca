import type { Component } from '@breakwater/model';
import { formatPurl } from '@breakwater/model/purl';
import type { Distiller, EcosystemContext, FileHead, Inventory, PackageFile } from '../../ecosystem.ts';
import { isIdentity } from '../../purl-of.ts';
import { parseJson } from '../../read-text.ts';
import { mavenComponent } from '../maven-component.ts';
import { isArchiveName } from './archive-names.ts';
import { identifyArchive } from './identify-archive.ts';
import type { JarFacts } from './jar-facts.ts';
import { JarStream, readJar } from './read-jar.ts';

/**
 * A zip has its directory at its end: an archive is held whole while it is read, a larger one read as it passes. Two
 * layers may hold one each, and what is unpacked of one of them comes on top: all has to stay within the memory of a scan.
 */
const LARGEST = 48 * 1024 * 1024;

const distiller: Distiller = {
  largest: LARGEST,
  whole: (content) => Buffer.from(JSON.stringify(readJar(content))),
  stream: () => new JarStream(),
};

/** Takes what archives of Java say of themselves; they are known by their names. */
export function distilArchive({ path }: FileHead): Distiller | undefined {
  return isArchiveName(path) ? distiller : undefined;
}

/** The artifacts in an archive and in those inside it; all of them are in the one file. */
export function readArchive(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  for (const facts of (parseJson(file.bytes.toString('utf8')) ?? []) as JarFacts[]) {
    const path = [file.path, ...facts.within].join('!/');
    inventory.components.push(...componentsOf(facts, path, file.path));
    for (const fault of facts.faults) {
      inventory.unknowns.push({
        code: 'package-file-unreadable',
        message: `An archive of Java was not read completely: ${fault}`,
        place: { source: context.target, path: `/${path}` },
      });
    }
  }
}

function componentsOf(facts: JarFacts, path: string, file: string): Component[] {
  const details = { path, scope: 'installed' as const, development: false, files: [`/${file}`] };
  const bundle = licencesOf(facts);
  const found = identifyArchive(facts, path).filter(({ version }) => isIdentity(version));
  const { sha1 } = facts;
  if (found.length === 0)
    return sha1 !== undefined && facts.package !== undefined && path.endsWith('.jar') && !isOfRuntime(facts)
      ? [unnamed(path, file, sha1)]
      : [];
  return found.map(({ group, artifact, version, licences = bundle, guessedFrom }) => ({
    ...mavenComponent({ name: `${group}:${artifact}`, version, licences, ...details }),
    ...(guessedFrom !== undefined && { guessedFrom }),
    ...(guessedFrom !== undefined && sha1 !== undefined && { sha1 }),
  }));
}

/** A runtime of Java has archives of its own, which its release file stands for. */
const isOfRuntime = ({ manifest }: JarFacts): boolean =>
  manifest['Implementation-Title'] === 'Java Runtime Environment';

/** Classes that say nothing of where they are from: there, and known by their SHA-1 alone. */
function unnamed(path: string, file: string, sha1: string): Component {
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .slice(0, 512)
    .toWellFormed();
  const purl = formatPurl({ type: 'generic', name, qualifiers: { checksum: `sha1:${sha1}` } });
  return {
    id: purl,
    type: 'generic',
    name,
    version: '',
    purl,
    licences: [],
    path: `/${path}`,
    files: [`/${file}`],
    scope: 'installed',
    development: false,
    guessedFrom: 'file-name',
    sha1,
  };
}

/** OSGi's header names one licence or several, each with parameters after a semicolon. */
function licencesOf({ manifest }: JarFacts): string[] {
  const text = manifest['Bundle-License'] ?? '';
  return text.split(',').flatMap((part) => {
    const licence = part.split(';', 1)[0]!.trim();
    return licence === '' || licence.length > 512 ? [] : [licence];
  });
}
