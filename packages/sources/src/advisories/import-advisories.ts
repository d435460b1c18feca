import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '@breakwater/model';
import { openAdvisoryIndex } from './advisory-index.ts';
import type { ImportProgress, ImportReport } from './import-report.ts';
import type { IndexWriter } from './index-writer.ts';
import { isAddress, listSources } from './list-sources.ts';
import type { ReadControl } from './read-source.ts';
import type { SourceIntake } from './source-intake.ts';

export interface ImportOptions {
  /** Folders, files or http(s) addresses: OSV JSON, JSON Lines or zip, CISA's catalogue, EPSS; gzip or plain. */
  from: readonly string[];
  /** Path of the index. The one that is there is replaced as a whole when all went well, and else left alone. */
  index: string;
  onProgress?: (progress: ImportProgress) => void;
  signal?: AbortSignal;
  /** Lets addresses on this machine and in private networks be read: a mirror inside a firm. */
  unsafeAllowPrivateAddresses?: boolean;
}

const LEFTOVER_AGE = 24 * 60 * 60 * 1000;

/**
 * Builds the advisory index from the given sources. Records that break their schema are counted and reported, the rest
 * goes on. Throws a `UserError` for a path that is not there and when nothing at all could be used, an `UpstreamError`
 * when an address cannot be read; the old index then stays.
 */
export async function importAdvisories(options: ImportOptions): Promise<ImportReport> {
  const sources = listSources(options.from);
  // Loaded now: most commands only open an index, and must not pay for the schemas and the calculator.
  const [{ IndexWriter }, { SourceIntake }] = await Promise.all([
    import('./index-writer.ts'),
    import('./source-intake.ts'),
  ]);
  mkdirSync(dirname(options.index), { recursive: true });
  removeLeftovers(options.index);
  const draft = `${options.index}.${randomUUID()}.draft`;
  const writer = new IndexWriter(draft);
  try {
    const intakes: SourceIntake[] = [];
    const notes: string[] = [];
    for (const source of sources) {
      const intake = new SourceIntake(source, writer);
      intakes.push(intake);
      await takeSource(source, `${draft}.download`, intake, intakes, options);
      notes.push(...intake.end());
    }
    requireContent(intakes, options.from);
    describe(writer, intakes);
    writer.finish();
    publish(draft, options.index);
    return {
      status: readStatus(options.index),
      sources: intakes.map(({ counts }) => counts),
      unknowns: intakes.flatMap(({ unknowns }) => unknowns),
      notes,
    };
  } finally {
    writer.abandon();
    for (const suffix of ['', '-journal', '.download']) rmSync(`${draft}${suffix}`, { force: true });
  }
}

async function takeSource(
  source: string,
  temporary: string,
  intake: SourceIntake,
  intakes: readonly SourceIntake[],
  { onProgress, signal, unsafeAllowPrivateAddresses = false }: ImportOptions,
): Promise<void> {
  const control: ReadControl = {
    async pause() {
      await nextTurn();
      signal?.throwIfAborted();
      onProgress?.({ source, records: intakes.reduce((sum, { counts }) => sum + counts.advisories, 0) });
    },
  };
  const { readSource } = await import('./read-source.ts');
  await control.pause();
  if (!isAddress(source)) return readSource(source, intake, control);
  const { download } = await import('./download.ts');
  await download(source, temporary, { unsafeAllowPrivateAddresses, ...(signal && { signal }) });
  await readSource(temporary, intake, control);
  rmSync(temporary, { force: true });
}

/** An import that found nothing is a mistake of the caller's: it must not replace an index that is of use. */
function requireContent(intakes: readonly SourceIntake[], from: readonly string[]): void {
  const found = intakes.some(({ counts }) => counts.advisories + counts.knownExploited + counts.epssScores > 0);
  if (found) return;
  throw new UserError(`no advisories were found in ${from.join(', ') || 'nothing'}`, {
    code: 'advisories-empty',
    hint: 'OSV records (JSON, JSON Lines, zip), the catalogue of CISA (kev.json) and EPSS (epss.csv) are read',
  });
}

function describe(writer: IndexWriter, intakes: readonly SourceIntake[]): void {
  writer.setMeta('importedAt', new Date().toISOString());
  writer.setMeta('rejected', String(intakes.reduce((sum, { counts }) => sum + counts.rejected, 0)));
}

/** On disk before it has its name, and then at once: readers see the old index or the new one. */
function publish(draft: string, index: string): void {
  const file = openSync(draft, 'r');
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, index);
}

function readStatus(path: string): ImportReport['status'] {
  const index = openAdvisoryIndex(path);
  try {
    return index.status();
  } finally {
    index.close();
  }
}

/** Drafts of imports that were killed. Younger ones may belong to an import that runs. */
function removeLeftovers(index: string): void {
  const folder = dirname(index);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(index)}.`) || !/\.draft(?:\.download)?$/.test(name)) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > LEFTOVER_AGE) rmSync(join(folder, name), { force: true });
  }
}
