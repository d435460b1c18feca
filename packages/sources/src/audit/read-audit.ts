import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import type { AuditEvent, Unknown } from '@breakwater/model';
import { JsonStream } from '../events/json-stream.ts';
import type { JsonPiece } from '../events/json-values.ts';
import { parseAuditEvent, type Unwrapped } from './parse-audit-event.ts';
import { unwrapAudit } from './unwrap-audit.ts';

/** One request, or what could not be read in its place. */
export type AuditReading = { event: AuditEvent; unknown?: never } | { unknown: Unknown; event?: never };

/** Limits of reading a log. */
export interface ReadAuditOptions {
  /** Name of the file in places; by default its path. */
  source?: string;
  /** Most characters of one event or list, by default 16,777,216: events may hold the objects that were sent. */
  longestEvent?: number;
  /** Most characters of one file once it is unpacked, by default 68,719,476,736. */
  longest?: number;
}

const CHUNK = 65_536;
const LONGEST_EVENT = 16 * 1024 ** 2;
const LONGEST = 64 * 1024 ** 3;
/** Unknowns that are told one by one. */
const MOST_UNKNOWNS = 100;
/** Bytes of a packed file that are unpacked to tell what it is. */
const PACKED_HEAD = 4_096;

/** What an audit log holds somewhere, wrapped or not. */
const AUDIT_WORDS = /auditID|"EventList"|"k8s\.io"|"AuditId"/;

/** What the first value of an audit log holds where it is longer than the head. */
const BEGINNINGS = [
  /"auditID"\s*:\s*"/,
  /"apiVersion"\s*:\s*"audit\.k8s\.io\//,
  /\\"auditID\\"\s*:/,
  /"serviceName"\s*:\s*"k8s\.io"/,
];

/** Tells from the first bytes of a file, packed or not, whether it is an audit log of Kubernetes, wrapped or not. */
export function detectAudit(head: Uint8Array): boolean {
  const buffer = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const text = isPacked(buffer) ? unpackedHead(buffer) : buffer.toString('utf8');
  if (!AUDIT_WORDS.test(text)) return false;
  const pieces: JsonPiece[] = new JsonStream(LONGEST_EVENT).push(`${text}\n`, []);
  const values = pieces.filter((piece) => 'value' in piece);
  if (values.length > 0) return values.some(({ value }) => (unwrapAudit(value)?.length ?? 0) > 0);
  const start = text.trimStart();
  return /^[[{]/.test(start) && BEGINNINGS.some((beginning) => beginning.test(start));
}

const isPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function unpackedHead(head: Buffer): string {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * 1024 ** 2 };
    return gunzipSync(head.subarray(0, PACKED_HEAD), options).toString('utf8').slice(0, CHUNK);
  } catch {
    return '';
  }
}

/**
 * Reads the requests of an audit log, packed with gzip or not: JSON lines, lists of events as webhooks get them, values
 * one after the other, or any of these as EKS, AKS and GKE wrap them. Streams: memory does not grow with the file. What
 * cannot be read is an unknown with its line.
 */
export async function* readAudit(path: string, options: ReadAuditOptions = {}): AsyncIterable<AuditReading[]> {
  const source = options.source ?? path;
  const stream = new JsonStream(options.longestEvent ?? LONGEST_EVENT);
  const unknowns = new FewUnknowns(source);
  let read = 0;
  try {
    for await (const chunk of await chunksOf(path)) {
      read += chunk.length;
      if (read > (options.longest ?? LONGEST)) throw new Error('it is longer than what is read of one file');
      yield translate(stream.push(chunk, []), unknowns);
    }
  } catch (error) {
    yield [{ unknown: unreadable(source, error) }];
  }
  yield [...translate(stream.end([]), unknowns), ...unknowns.rest()];
}

async function chunksOf(path: string): Promise<AsyncIterable<string>> {
  const file = await open(path);
  const head = Buffer.alloc(2);
  await file.read(head, 0, 2, 0).finally(() => file.close());
  const bytes = createReadStream(path, { highWaterMark: CHUNK });
  if (!isPacked(head)) return bytes.setEncoding('utf8');
  return pipeline(bytes, createGunzip({ chunkSize: CHUNK }), () => undefined).setEncoding(
    'utf8',
  ) as AsyncIterable<string>;
}

function translate(pieces: readonly JsonPiece[], unknowns: FewUnknowns): AuditReading[] {
  const readings: AuditReading[] = [];
  for (const piece of pieces) {
    if ('problem' in piece) readings.push(...unknowns.add(piece.line, `it could not be read: ${piece.problem}`));
    else
      for (const each of unwrapAudit(piece.value) ?? [foreign]) readings.push(...readingOf(each, piece.line, unknowns));
  }
  return readings;
}

const foreign: Unwrapped = { problem: 'it is no event of an audit log' };

function readingOf(unwrapped: Unwrapped, line: number, unknowns: FewUnknowns): AuditReading[] {
  if ('problem' in unwrapped) return unknowns.add(line, unwrapped.problem);
  const event = parseAuditEvent(unwrapped.event);
  if (event === undefined) return unknowns.add(line, 'it says not who asked for what');
  if (event === 'told elsewhere') return [];
  return [{ event: unwrapped.groupsUnknown ? { ...event, groupsUnknown: true } : event }];
}

/** Passes the first unknowns on and counts the rest. */
class FewUnknowns {
  readonly #source: string;
  #count = 0;

  constructor(source: string) {
    this.#source = source;
  }

  add(line: number, why: string): AuditReading[] {
    this.#count += 1;
    if (this.#count > MOST_UNKNOWNS) return [];
    const place = { source: this.#source, line };
    return [
      { unknown: { code: 'audit-event-broken', message: `An event of an audit log is left out: ${why}.`, place } },
    ];
  }

  rest(): AuditReading[] {
    const more = this.#count - MOST_UNKNOWNS;
    if (more <= 0) return [];
    const message = `${more} more events of the audit log ${this.#source} could not be read.`;
    return [{ unknown: { code: 'audit-event-broken', message, place: { source: this.#source } } }];
  }
}

function unreadable(source: string, error: unknown): Unknown {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The audit log ${source} could not be read to its end: ${reason}`;
  return { code: 'audit-unreadable', message, place: { source } };
}
