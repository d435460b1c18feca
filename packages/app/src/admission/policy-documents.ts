import { Exception, type Place, Policy, Setting, type Unknown } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
import type { PolicyFiles } from '@breakwater/sources/policies';
import { z } from 'zod';

/** Policies, exceptions and settings as they stand in files. */
export type PolicyDocuments = Omit<PolicyFiles, 'unknowns'>;

const place = z.custom<Place>((value) => typeof value === 'object' && value !== null);

/** What a snapshot holds of them, and what is kept of a file that was good. */
export const documentsShape = {
  policies: z.array(z.object({ policy: Policy, place })),
  /** In languages of others, as they were read. */
  foreign: z.array(z.custom<ForeignDocument>((value) => typeof value === 'object' && value !== null)),
  exceptions: z.array(Exception.extend({ place: place.optional() })),
  settings: z.array(Setting.extend({ place: place.optional() })),
};

const LISTS = ['policies', 'foreign', 'exceptions', 'settings'] as const;

export const noDocuments = (): PolicyDocuments => ({ policies: [], foreign: [], exceptions: [], settings: [] });

/** Documents by the file that they stand in. */
export function bySource(documents: PolicyDocuments): Map<string, PolicyDocuments> {
  const files = new Map<string, PolicyDocuments>();
  for (const list of LISTS) {
    for (const document of documents[list]) {
      const source = document.place?.source ?? '';
      const file = files.get(source) ?? noDocuments();
      (file[list] as unknown[]).push(document);
      files.set(source, file);
    }
  }
  return files;
}

/** All of them as one, in the order of the files. */
export function together(files: Iterable<PolicyDocuments>): PolicyDocuments {
  const all = noDocuments();
  for (const file of files) for (const list of LISTS) (all[list] as unknown[]).push(...file[list]);
  return all;
}

/** Told of a document that counts all the same: an older version of its file would help nobody. */
const NO_FAULTS = new Set(['exception-idle', 'policy-fact-unsupplied', 'policy-not-judged']);

/** Files with something in them that cannot be used; a folder that cannot be read ends with a slash too. */
export function faultySources(unknowns: readonly Unknown[]): Set<string> {
  return new Set(unknowns.filter(({ code }) => !NO_FAULTS.has(code)).map(({ place: { source } }) => source));
}

/**
 * Files as they are now, and in place of those at fault what they held when they were last good. Of a folder that cannot
 * be read, every file that was good counts.
 */
export function withLastGood(
  files: ReadonlyMap<string, PolicyDocuments>,
  kept: ReadonlyMap<string, PolicyDocuments>,
  faulty: ReadonlySet<string>,
): { files: Map<string, PolicyDocuments>; replaced: Set<string> } {
  const replaced = new Set<string>();
  const found = new Map(files);
  for (const [source, documents] of kept) {
    const isFaulty = faulty.has(source) || (!files.has(source) && isBelow(source, faulty));
    if (!isFaulty) continue;
    found.set(source, documents);
    replaced.add(source);
  }
  return { files: found, replaced };
}

const isBelow = (source: string, folders: ReadonlySet<string>): boolean =>
  [...folders].some((folder) => folder !== '' && source.startsWith(`${folder}/`));
