import type { Unknown } from '@breakwater/model';
import { z } from 'zod';
import { type AdvisoryHead, flattenRecord } from './flatten-record.ts';
import type { ImportedSource } from './import-report.ts';
import type { IndexWriter } from './index-writer.ts';
import { flattenNvdRecord, looksLikeNvd, NvdRecord } from './nvd-record.ts';
import { looksLikeOsv, OsvRecord } from './osv-record.ts';
import { type AffectedPackage, isReadRange } from './read-affected.ts';

const MOST_NAMED = 100;

const Catalogue = z.object({
  dateReleased: z.string().max(64).nullish(),
  catalogVersion: z.string().max(64).nullish(),
  vulnerabilities: z.array(z.unknown()),
});
const CatalogueEntry = z.object({
  cveID: z.string(),
  dateAdded: z.iso.date(),
  knownRansomwareCampaignUse: z.string().nullish(),
});
const EpssNote = z.object({ date: z.string().max(64), columns: z.array(z.string()) });

/** Where in a source a record stands. */
export interface RecordPlace {
  path?: string;
  /** One-based. */
  line?: number;
}

/** Takes the records of one source into the index, and keeps the account of what it took and what it could not. */
export class SourceIntake {
  readonly counts: ImportedSource;
  readonly unknowns: Unknown[] = [];
  readonly #writer: IndexWriter;
  readonly #strangers: RecordPlace[] = [];
  #strangerCount = 0;

  constructor(source: string, writer: IndexWriter) {
    this.#writer = writer;
    const rows = { named: 0, added: 0, repeated: 0, older: 0, nameless: 0, unreadRanges: 0 };
    this.counts = { source, advisories: 0, knownExploited: 0, epssScores: 0, rejected: 0, rows };
  }

  /** Any JSON value: an OSV record or a list of them, CISA's catalogue, the note that dates an EPSS file. */
  takeJson(value: unknown, place: RecordPlace): void {
    if (Array.isArray(value) && value.length > 0 && value.every(looksLikeOsv)) {
      for (const record of value) this.#takeRecord(record, place);
    } else if (looksLikeOsv(value)) {
      this.#takeRecord(value, place);
    } else if (looksLikeNvd(value)) {
      this.#takeNvdRecord(value, place);
    } else if (!this.#takeCatalogue(value, place) && !this.#takeEpssNote(value)) {
      this.#strangerCount++;
      if (this.#strangers.length < MOST_NAMED) this.#strangers.push(place);
    }
  }

  /** A line of EPSS' table: `CVE-2024-1,0.00042,0.051`. */
  takeEpssLine(text: string, place: RecordPlace): void {
    const [cve = '', epss, percentile] = text.split(',');
    const shares = [Number(epss ?? Number.NaN), Number(percentile ?? Number.NaN)] as const;
    const valid = epss !== '' && percentile !== '' && shares.every((share) => share >= 0 && share <= 1);
    if (valid && this.#writer.addEpss(cve, ...shares)) this.counts.epssScores++;
    else this.reject('is no line of an EPSS table', place);
  }

  /** When EPSS computed its scores, ISO 8601. */
  dateEpss(date: string): void {
    this.#writer.setMeta('epssDate', date);
  }

  /** Counts a record that cannot be used, and names it while few are. `problem` ends the sentence "the record ...". */
  reject(problem: string, place: RecordPlace): void {
    this.counts.rejected++;
    if (this.unknowns.length >= MOST_NAMED) return;
    this.unknowns.push({
      code: 'advisory-rejected',
      message: `the record ${problem}; what it says about any package is not known`,
      place: { source: this.counts.source, ...place },
      hint: 'get the file again, or report the record to its publisher',
    });
  }

  /**
   * Ends the source. Strangers among advisories are broken records; a source of nothing but strangers is simply of a
   * kind that is not read, and the returned note says so.
   */
  end(): string[] {
    const { unreadRanges } = this.counts.rows;
    const notes =
      unreadRanges === 0 ? [] : [`${unreadRanges} ranges of ${this.counts.source} are of a type that is not read`];
    if (this.#strangerCount === 0) return notes;
    if (this.counts.advisories === 0) {
      return [
        `${this.counts.source} was left out: ${this.#strangerCount} of its records have a shape that is not read`,
      ];
    }
    for (const place of this.#strangers) this.reject('is no OSV record', place);
    this.counts.rejected += this.#strangerCount - this.#strangers.length;
    return notes;
  }

  #takeRecord(value: unknown, place: RecordPlace): void {
    const parsed = OsvRecord.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      this.reject(`breaks the OSV schema at ${issue?.path.join('.') || 'its root'}: ${issue?.message ?? ''}`, place);
      return;
    }
    const record = parsed.data;
    const { head, parts } = flattenRecord(record, sourceName(this.counts.source));
    const affected = record.affected ?? [];
    this.#add(head, parts, affected.length - parts.length);
    for (const { ranges } of affected) {
      this.counts.rows.unreadRanges += (ranges ?? []).filter((range) => !isReadRange(range)).length;
    }
  }

  #takeNvdRecord(value: unknown, place: RecordPlace): void {
    const parsed = NvdRecord.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      this.reject(`is no record of NVD at ${issue?.path.join('.') || 'its root'}: ${issue?.message ?? ''}`, place);
      return;
    }
    const { head, parts, left } = flattenNvdRecord(parsed.data, sourceName(this.counts.source));
    this.#add(head, parts, left);
  }

  #add(head: AdvisoryHead, parts: readonly AffectedPackage[], nameless: number): void {
    const { rows } = this.counts;
    const added = this.#writer.addAdvisory(head, parts);
    this.counts.advisories++;
    rows.named += parts.length + nameless;
    rows.nameless += nameless;
    if (added === 'older') {
      rows.older += parts.length;
    } else {
      rows.added += added.added;
      rows.repeated += added.repeated;
    }
  }

  #takeCatalogue(value: unknown, place: RecordPlace): boolean {
    const catalogue = Catalogue.safeParse(value);
    if (!catalogue.success || catalogue.data.vulnerabilities.length === 0) return false;
    const entries = catalogue.data.vulnerabilities.map((entry) => CatalogueEntry.safeParse(entry));
    if (!entries.some(({ success }) => success)) return false;
    for (const [index, { data }] of entries.entries()) {
      const ransomware = data?.knownRansomwareCampaignUse === 'Known';
      if (data && this.#writer.addKnownExploited({ cve: data.cveID, since: data.dateAdded, ransomware })) {
        this.counts.knownExploited++;
      } else {
        this.reject(`vulnerabilities[${index}] is no entry of the catalogue of known exploited vulnerabilities`, place);
      }
    }
    const date = catalogue.data.dateReleased ?? catalogue.data.catalogVersion;
    if (date) this.#writer.setMeta('kevDate', date);
    return true;
  }

  #takeEpssNote(value: unknown): boolean {
    const note = EpssNote.safeParse(value);
    if (!note.success || !note.data.columns.includes('epss')) return false;
    this.dateEpss(note.data.date);
    return true;
  }
}

/** What a match names as its source: the file's name, or the address. */
function sourceName(source: string): string {
  return /^https?:/.test(source) ? source : source.slice(source.lastIndexOf('/') + 1);
}
