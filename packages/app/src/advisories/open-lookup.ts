import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AdvisoryLookup, AdvisoryStatus, Exploitation, Unknown } from '@breakwater/model';
import { type AdvisoryIndex, importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import { advisoryIndexPath } from './index-path.ts';
import { type KeptFolder, openKeptFolder } from './kept-folder.ts';

/** Advisories of this machine and of the estate itself, asked as one. */
export interface OpenedLookup {
  lookup: AdvisoryLookup;
  status: AdvisoryStatus;
  unknowns: Unknown[];
  close(): void;
}

/** Opens what was imported, and what the estate's own advisory files say. Without either, nothing is covered and all stays unknown. */
export async function openLookup(state: string, files: string[], signal?: AbortSignal): Promise<OpenedLookup> {
  const indexes: AdvisoryIndex[] = [];
  const unknowns: Unknown[] = [];
  let folder: KeptFolder | undefined;
  if (existsSync(advisoryIndexPath(state))) indexes.push(openAdvisoryIndex(advisoryIndexPath(state)));
  if (files.length > 0) {
    folder = await openKeptFolder(state);
    const path = join(folder.path, `${await nameOf(files)}.sqlite`);
    if (!existsSync(path)) {
      const report = await importAdvisories({ from: files, index: path, ...(signal ? { signal } : {}) });
      unknowns.push(...report.unknowns);
    }
    indexes.push(openAdvisoryIndex(path));
  }
  return {
    lookup: joinLookups(indexes),
    status: joinStatus(indexes.map((index) => index.status())),
    unknowns,
    close() {
      for (const index of indexes) index.close();
      folder?.leave();
    },
  };
}

/** Named by what the files are, so that an unchanged estate is imported once. */
async function nameOf(files: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${resolve(file)}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Several lookups as one: rows of all, covered where one covers, and the most that any knows of a CVE's use. */
export function joinLookups(lookups: AdvisoryLookup[]): AdvisoryLookup {
  const [only] = lookups;
  if (only && lookups.length === 1) return only;
  return {
    rows: (ecosystem, name) => lookups.flatMap((lookup) => lookup.rows(ecosystem, name)),
    covers: (ecosystem) => lookups.some((lookup) => lookup.covers(ecosystem)),
    exploitation: (cve) =>
      lookups.map((lookup) => lookup.exploitation(cve)).reduce(joinExploitation, { ransomware: false }),
    rating: (cve) => lookups.map((lookup) => lookup.rating?.(cve)).find((rating) => rating !== undefined),
  };
}

function joinExploitation(a: Exploitation, b: Exploitation): Exploitation {
  return { ...b, ...a, ransomware: a.ransomware || b.ransomware };
}

function joinStatus(all: AdvisoryStatus[]): AdvisoryStatus {
  const newest = all.toSorted((a, b) => ((a.importedAt ?? '') < (b.importedAt ?? '') ? 1 : -1));
  const add = (count: (status: AdvisoryStatus) => number) => all.reduce((sum, status) => sum + count(status), 0);
  const found = Object.assign({}, ...newest.toReversed()) as Partial<AdvisoryStatus>;
  return {
    ...found,
    imported: all.length > 0,
    advisories: add((status) => status.advisories),
    rows: add((status) => status.rows),
    rejected: add((status) => status.rejected),
    ecosystems: all.flatMap((status) => status.ecosystems),
  };
}
