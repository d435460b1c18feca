import type { Place, Unknown } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { type Bill, MOST_ENTRIES } from '../bill/bill.ts';
import { carriedUnknown } from '../bill/carried-unknown.ts';
import { distributionOf, packageTypeOf } from '../bill/distribution.ts';
import { arrayOf, cleanText, objectOf } from '../bill/fields.ts';
import { isComponentType } from '../bill/purl-of-entry.ts';
import { packageEntry, type SpdxPackage } from './package-entry.ts';
import { relationsOf, type SpdxRelations } from './relations.ts';
import { isImagePackage, isSystem, spdxSubject, spdxSystem } from './subject.ts';

/** Versions whose fields are read. */
const VERSIONS = /^SPDX-2\.[0-3]$/;
/** How Syft and Trivy begin the ids of what they looked at. */
const SUBJECTS = /^SPDXRef-(?:DocumentRoot|Filesystem|Repository)-/;
const LONGEST_LICENCE = 200;

/** Lines of the packages of a document that is no JSON, by their objects. */
export type PackageLines = ReadonlyMap<unknown, number>;

/**
 * An SPDX 2 document, with the fields as JSON has them, in the form that all formats share. Source packages, lock
 * files, repositories, the operating system and images are told from packages by what the document says they are.
 */
export function spdxBill(document: Record<string, unknown>, source: string, lines?: PackageLines): Bill {
  const unknowns: Unknown[] = [];
  const version = cleanText(document['spdxVersion']);
  if (!VERSIONS.test(version)) {
    const message = `${version || 'SPDX without a version'} is read as SPDX 2.3: fields may be missed`;
    unknowns.push({ code: 'sbom-version-unknown', message, place: { source } });
  }
  const packages = packagesOf(document, source, unknowns, lines);
  const relations = relationsOf(document);
  const byRef = new Map(packages.map((item) => [item.ref, item]));
  // Some documents give the document the id of the package that it describes.
  relations.described.add(cleanText(document['SPDXID']));
  const roots = packages.filter(({ ref }) => relations.described.has(ref));
  const subject = spdxSubject(roots, cleanText(document['name']));
  for (const root of roots)
    for (const said of root.properties.get('breakwater:unknown') ?? []) unknowns.push(carriedUnknown(said, source));
  const groups = new Map(packages.flatMap(groupOf));
  const system = spdxSystem(packages, roots);
  const targets = {
    sources: new Set(relations.sources.values()),
    upstreams: new Set(relations.upstreams.values()),
  };
  const entries = packages.filter((item) => isPackage(item, { relations, byRef }, targets));
  describe(entries, { document, relations, byRef });
  return {
    subject,
    ...(system && { system }),
    entries,
    dependencies: withGroups(relations, groups),
    owners: relations.owners,
    groups,
    unknowns,
  };
}

function packagesOf(
  document: Record<string, unknown>,
  source: string,
  unknowns: Unknown[],
  lines: PackageLines | undefined,
): SpdxPackage[] {
  const list = arrayOf(document['packages']);
  if (list.length > MOST_ENTRIES) {
    const message = `Packages beyond the first ${MOST_ENTRIES} were not read`;
    unknowns.push({ code: 'sbom-too-large', message, place: { source, pointer: ['packages', MOST_ENTRIES] } });
  }
  const seen = new Set<string>();
  return list.slice(0, MOST_ENTRIES).flatMap((value, index): SpdxPackage[] => {
    const line = lines?.get(value);
    const at: Pick<Place, 'pointer' | 'line'> = line === undefined ? { pointer: ['packages', index] } : { line };
    const found = packageEntry(value, at);
    if (!found) unknowns.push({ code: 'component-invalid', message: 'Package has no name', place: { source, ...at } });
    // An id that is there twice is that of the first: the other package keeps its content and loses its relations.
    if (found && seen.has(found.ref)) found.ref = '';
    if (found) seen.add(found.ref);
    return found ? [found] : [];
  });
}

interface Surroundings {
  relations: SpdxRelations;
  byRef: ReadonlyMap<string, SpdxPackage>;
}

interface Targets {
  /** Source packages of others. */
  sources: ReadonlySet<string>;
  /** What others came of. */
  upstreams: ReadonlySet<string>;
}

/** Whether something is a package, not the subject of the document, a lock file, a repository or a source package. */
function isPackage(item: SpdxPackage, { relations, byRef }: Surroundings, targets: Targets): boolean {
  const { ref, purl, purpose, summary } = item;
  const isRoot = relations.described.has(ref);
  // An image that this one was built on, or that an index lists, is no package, and its own are not of this document.
  if (isImagePackage(item)) return !isRoot && !relations.upstreams.has(ref) && !targets.upstreams.has(ref);
  if (isRoot && isSubject(item, relations)) return false;
  if (purl !== '') return true;
  if (isSystem(item) || summary === 'repository' || groupOf(item).length > 0) return false;
  if (purpose === 'FILE') return false;
  // What came of another package is judged by that one; a source package by what was built of it.
  if (byRef.get(relations.upstreams.get(ref) ?? '')?.purl) return false;
  return !(purpose === 'SOURCE' && targets.sources.has(ref));
}

/** Whether what a document describes only holds its packages: a file, a folder, a product that is not judged. */
function isSubject({ ref, purl, cpes, name, version }: SpdxPackage, { contained, needed }: SpdxRelations): boolean {
  if (purl !== '') return !isComponentType(parsePurl(purl)?.type ?? '') && (contained.has(ref) || needed.has(ref));
  if (cpes.length > 0) return false;
  if (SUBJECTS.test(ref) || contained.has(ref) || needed.has(ref)) return true;
  return packageTypeOf(distributionOf(name, version)) !== undefined;
}

/** Trivy lists packages under the lock file or program they were found in; kinds (`node-pkg`) are no such place. */
function groupOf({ ref, name, purl }: SpdxPackage): [ref: string, path: string][] {
  return purl === '' && ref.startsWith('SPDXRef-Application-') ? [[ref, /[./]/.test(name) ? name : '']] : [];
}

/** What the rest of the document says of each package: its files, its source package, the texts of its licences. */
function describe(
  entries: readonly SpdxPackage[],
  { document, relations, byRef }: Surroundings & { document: Record<string, unknown> },
): void {
  const files = new Map(
    arrayOf(document['files']).map((file) => {
      const fields = objectOf(file);
      return [cleanText(fields?.['SPDXID']), cleanText(fields?.['fileName'])];
    }),
  );
  const licences = licenceTexts(document['hasExtractedLicensingInfos']);
  const namesOf = (ids: readonly string[] = []) => ids.flatMap((id) => files.get(id) || []);
  for (const entry of entries) {
    const source = byRef.get(relations.sources.get(entry.ref) ?? '');
    if (source && !entry.source) entry.source = { name: source.name, version: source.version };
    entry.licences = entry.licences.map((name) => licences.get(name) ?? name);
    entry.development ||= relations.development.has(entry.ref);
    const held = namesOf([...entry.holds, ...(relations.contained.get(entry.ref) ?? [])]);
    entry.locations = [...new Set([...entry.locations, ...namesOf(relations.evidence.get(entry.ref))])];
    // Trivy lists the one file that tells of a package of a language as what it contains.
    const tells = entry.locations.length === 0 && held.length === 1;
    if (tells) entry.locations = held;
    else entry.files = held;
  }
}

/** Licences that are not on SPDX's list, by the ids that the document gives them. */
function licenceTexts(value: unknown): Map<string, string> {
  return new Map(
    arrayOf(value).flatMap((item): [string, string][] => {
      const fields = objectOf(item);
      const id = cleanText(fields?.['licenseId']);
      const text = [cleanText(fields?.['name']), cleanText(fields?.['extractedText'])].find(
        (each) => each !== '' && each !== 'NOASSERTION' && each.length <= LONGEST_LICENCE && !each.includes('\n'),
      );
      return id !== '' && text !== undefined ? [[id, text]] : [];
    }),
  );
}

/** What packages need, and what lock files list. */
function withGroups({ needed, contained }: SpdxRelations, groups: ReadonlyMap<string, string>): Bill['dependencies'] {
  const dependencies = new Map<string, readonly string[]>(needed);
  for (const ref of groups.keys()) {
    dependencies.set(ref, [...(needed.get(ref) ?? []), ...(contained.get(ref) ?? [])]);
  }
  return dependencies;
}
