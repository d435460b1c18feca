import type { Component, Distribution, Image, Place, Unknown } from '@breakwater/model';

/** Most entries of one list that are read: what lies beyond is told. */
export const MOST_ENTRIES = 500_000;

/** A package as a document of any format states it, before it is concluded what it is. Texts are empty where absent. */
export interface BillEntry {
  /** Where in the document it stands. */
  at: Pick<Place, 'pointer' | 'line'>;
  /** Name by which the rest of the document refers to it. */
  ref: string;
  name: string;
  group: string;
  version: string;
  purl: string;
  cpes: string[];
  licences: string[];
  /** Kind of package that the document hints at where no purl says it: the database or the file it was found in. */
  hint?: Component['type'] | undefined;
  /** Files in which it was found, the best first. */
  locations: string[];
  /** Files that it owns, where the document lists them. */
  files: string[];
  /** Name and version of the source package, where the document states them apart from purl and properties. */
  source?: { name: string; version?: string | undefined } | undefined;
  architecture?: string | undefined;
  layer?: string | undefined;
  vendor?: string | undefined;
  modularityLabel?: string | undefined;
  /** SHA-1 of its content, in hexadecimal digits. */
  sha1?: string | undefined;
  development: boolean;
  /** Further pairs under the names that CycloneDX has them: `aquasecurity:trivy:SrcName`, `breakwater:layer`. */
  properties: ReadonlyMap<string, readonly string[]>;
}

/** What a document says of the image that it describes. */
export interface BillSubject
  extends Pick<Image, 'references' | 'manifestDigests' | 'layers' | 'platform' | 'config' | 'fileCount' | 'base'> {
  /** Digest of the image's config, where it is stated. */
  id?: string | undefined;
  /** Whether it is an image: its packages lie at paths from the root. */
  isImage: boolean;
  /** Whether we wrote the document: everything is then as it was. */
  isOwn: boolean;
}

/** An operating system as a document names it. */
export interface BillSystem {
  name: string;
  version: string;
  codename?: string;
  /** As it is shown to people. */
  title?: string;
  /** What our own documents say of it: nothing is concluded then. */
  own?: Omit<Distribution, 'id' | 'versionId'> | undefined;
}

/** A document of any format, in one form. */
export interface Bill {
  subject: BillSubject;
  /** The operating system that it names: as os-release does, or as people do. */
  system?: BillSystem | undefined;
  entries: BillEntry[];
  /** Refs of what each ref needs or holds, as the document relates them; cycles and unknown refs may occur. */
  dependencies: Map<string, readonly string[]>;
  /** Ref of the operating system's package that installed the package of each ref. */
  owners: Map<string, string>;
  /** Refs of lock files and the like that are no packages, with the path under which their packages were found. */
  groups: Map<string, string>;
  unknowns: Unknown[];
}

/** Reads properties of an entry: the first value of the first of these names that is there. */
export function property({ properties }: Pick<BillEntry, 'properties'>, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = properties.get(name)?.[0];
    if (value) return value;
  }
  return undefined;
}

/** A subject of which nothing is known. */
export function noSubject(): BillSubject {
  return { references: [], manifestDigests: [], layers: [], fileCount: 0, isImage: false, isOwn: false };
}
