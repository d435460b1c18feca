import type { RuntimeEvent } from '@breakwater/model';
import { eventOf, type KnownPrograms } from './event-of-records.ts';
import { type AuditRecord, parseAuditRecord } from './record.ts';

/** An event, or what could not be read in its place. Lines count from one. */
export type AuditdPiece = { line: number; event: RuntimeEvent } | { line: number; problem: string };

interface Pending {
  records: AuditRecord[];
  line: number;
  time: number;
}

/** An event whose records do not end is over when others are so much later, in milliseconds (auditd's own limit). */
const OVERDUE = 2_000;
const MOST_PENDING = 4_096;
/** An event with a thousand paths is one that was made up. */
const MOST_RECORDS = 1_024;
/** The kernel cuts a record at 8,970 characters; names are added by who enriches. */
const LONGEST_LINE = 65_536;
const MOST_PROGRAMS = 65_536;

/** Whether a text begins as an audit log does: told by its first line that is no comment. */
export function looksLikeAuditd(head: string): boolean {
  const first = /^\s*(?:#[^\n]*\n\s*)*([^\n]{1,400})/.exec(head.slice(0, 65_536))?.[1] ?? '';
  return parseAuditRecord(first) !== undefined;
}

/**
 * Takes an audit log of Linux apart as it arrives (`audit.log`, `ausearch --raw`, audisp's text): puts records together
 * by their serial, also where those of several events are mixed. Memory is bounded, whatever comes.
 */
export class AuditdStream {
  readonly #pending = new Map<string, Pending>();
  /** What processes run, for the parents of later ones: the log names those by number only. */
  readonly #programs: KnownPrograms = new Map();
  #rest = '';
  #line = 1;
  #skipping = false;

  push(chunk: string): AuditdPiece[] {
    const pieces: AuditdPiece[] = [];
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line, pieces);
    if (this.#rest.length > LONGEST_LINE) {
      if (!this.#skipping)
        pieces.push({ line: this.#line, problem: `the line is longer than ${LONGEST_LINE} characters` });
      this.#skipping = true;
      this.#rest = '';
    }
    return pieces;
  }

  /** Says that the input ended: what is pending is all that there is of it. */
  end(): AuditdPiece[] {
    const pieces: AuditdPiece[] = [];
    if (this.#rest !== '') this.#takeLine(this.#rest, pieces);
    for (const key of this.#pending.keys()) this.#finish(key, pieces);
    return pieces;
  }

  #takeLine(line: string, pieces: AuditdPiece[]): void {
    const number = this.#line;
    this.#line += 1;
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const text = line.trim();
    if (text === '' || text === '----' || text.startsWith('#')) return;
    const record = text.length <= LONGEST_LINE ? parseAuditRecord(text) : undefined;
    if (record === undefined) pieces.push({ line: number, problem: 'no record of an audit log' });
    else this.#takeRecord(record, number, pieces);
  }

  #takeRecord(record: AuditRecord, line: number, pieces: AuditdPiece[]): void {
    if (record.type === 'EOE') {
      this.#finish(record.event, pieces);
      return;
    }
    const pending = this.#pending.get(record.event) ?? { records: [], line, time: record.time };
    if (pending.records.length < MOST_RECORDS) pending.records.push(record);
    this.#pending.set(record.event, pending);
    // The kernel writes the title of the process last.
    if (record.type === 'PROCTITLE') this.#finish(record.event, pieces);
    else this.#finishOverdue(record.time, pieces);
  }

  #finishOverdue(time: number, pieces: AuditdPiece[]): void {
    for (const [key, pending] of this.#pending) {
      if (pending.time + OVERDUE >= time && this.#pending.size <= MOST_PENDING) return;
      this.#finish(key, pieces);
    }
  }

  #finish(key: string, pieces: AuditdPiece[]): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    this.#pending.delete(key);
    const found = eventOf(pending.records, this.#programs);
    if (found === 'broken') pieces.push({ line: pending.line, problem: 'the record of its system call is missing' });
    else if (found !== undefined) pieces.push({ line: pending.line, event: found });
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MOST_PROGRAMS && oldest !== undefined) this.#programs.delete(oldest);
  }
}
