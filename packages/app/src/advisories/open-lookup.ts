import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type AdvisoryLookup,
  type AdvisoryStatus,
  type Exploitation,
  type Unknown,
  UserError,
  type VexStatement,
} from '@breakwater/model';
import { type AdvisoryIndex, importAdvisories, openAdvisoryIndex } from '@breakwater/sources/advisories';
import { showPath } from '@breakwater/sources/inputs';
import { advisoryIndexPath } from './index-path.ts';
import { type KeptFolder, openKeptFolder } from './kept-folder.ts';

/** Advisories of this machine and of the estate itself, asked as one. */
export interface OpenedLookup {
  lookup: AdvisoryLookup;
  /** Whether this machine's own advisories cover an ecosystem: what lies beside an image proves no absence. */
  covers(ecosystem: string): boolean;
  status: AdvisoryStatus;
  /** What VEX documents in force state; absent where none was named. */
  vex?: readonly VexStatement[];
  unknowns: Unknown[];
  close(): void;
}

/**
 * Opens what was imported, and what the estate's own advisory files say. Without either, nothing is covered and all
 * stays unknown. `vex` names the VEX documents in force, files or folders.
 */
export async function openLookup(
  state: string,
  files: string[],
  signal?: AbortSignal,
  vex: readonly string[] = [],
): Promise<OpenedLookup> {
  const stated = await readStatements(vex);
  const machine = existsSync(advisoryIndexPath(state)) ? openAdvisoryIndex(advisoryIndexPath(state)) : undefined;
  const folder = files.length > 0 ? await openKeptFolder(state) : undefined;
  const { index: estate, unknowns } = folder ? await openEstateIndex(folder, files, signal) : { unknowns: [] };
  const indexes = [machine, estate].filter((index) => index !== undefined);
  return {
    lookup: joinLookups(indexes),
    covers: (ecosystem) => machine?.covers(ecosystem) ?? false,
    status: joinStatus(indexes.map((index) => index.status())),
    ...(vex.length > 0 ? { vex: stated.statements } : {}),
    unknowns: [...unknowns, ...stated.unknowns],
    close() {
      for (const index of indexes) index.close();
      folder?.leave();
    },
  };
}

/** What VEX documents state. Their readers are loaded when there is something to read. */
async function readStatements(paths: readonly string[]): Promise<{ statements: VexStatement[]; unknowns: Unknown[] }> {
  if (paths.length === 0) return { statements: [], unknowns: [] };
  const { readVex } = await import('@breakwater/sources/vex');
  return await readVex(paths);
}

/** The estate's own advisories; where none of the files could be used that is an unknown, and the estate goes on. */
async function openEstateIndex(
  folder: KeptFolder,
  files: string[],
  signal?: AbortSignal,
): Promise<{ index?: AdvisoryIndex; unknowns: Unknown[] }> {
  const path = join(folder.path, `${await nameOf(files)}.sqlite`);
  const kept = existsSync(path) ? openKept(path) : undefined;
  if (kept) return { index: kept, unknowns: [] };
  try {
    const { unknowns } = await importAdvisories({ from: files, index: path, ...(signal ? { signal } : {}) });
    return { index: openAdvisoryIndex(path), unknowns };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const source = files.slice(0, 3).map(showPath).join(', ');
    const message = `Advisories beside the estate could not be used: ${error.message}`;
    return { unknowns: [{ code: error.code, message, place: { source } }] };
  }
}

/** What was imported before; undefined where another version of this program did, or it broke: then it is done again. */
function openKept(path: string): AdvisoryIndex | undefined {
  try {
    return openAdvisoryIndex(path);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
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
function joinLookups(lookups: AdvisoryLookup[]): AdvisoryLookup {
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
