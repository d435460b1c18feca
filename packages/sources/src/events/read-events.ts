import { createReadStream } from 'node:fs';
import type { RuntimeEvent, Unknown } from '@breakwater/model';
import { looksLikeAuditd } from './auditd/index.ts';
import { EVENT_SOURCES } from './event-sources.ts';
import { type EventReading, EventStream, type EventStreamOptions } from './event-stream.ts';
import { fieldsOf } from './json-fields.ts';
import { JsonStream } from './json-stream.ts';
import type { JsonPiece } from './json-values.ts';

/** Limits of reading a file of events; `source` is its path where none is given. */
export type ReadEventsOptions = Partial<EventStreamOptions>;

const CHUNK = 65_536;
const NEWLINE = 0x0a;
const LONGEST_EVENT = 1_048_576;

/**
 * Reads runtime events of any source that is understood from a file. Streams in batches of 64 KiB of input (larger ones
 * were measured slower): memory does not grow with the file. What cannot be read is an unknown with its line.
 */
export async function* readEventBatches(path: string, options: ReadEventsOptions = {}): AsyncIterable<EventReading[]> {
  const source = options.source ?? path;
  const stream = new EventStream({ ...options, source });
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK })) {
      yield stream.push(String(chunk));
    }
  } catch (error) {
    yield [{ unknown: unreadable(source, error) }];
  }
  yield stream.end();
}

/** What was read of a part of a body. */
export interface EventsRead {
  events: RuntimeEvent[];
  unknowns: Unknown[];
}

/**
 * Reads the body of a request, some lines at a time: what is made of them is not in memory all at once, which costs more than
 * reading them. Otherwise as `parseEventBody`.
 */
export function* parseEventParts(
  body: string | Uint8Array,
  source = 'request',
  options: ReadEventsOptions = {},
): Generator<EventsRead> {
  const stream = new EventStream({ ...options, source });
  for (const text of typeof body === 'string' ? partsOfText(body) : partsOfBytes(body)) yield partOf(stream.push(text));
  yield partOf(stream.end());
}

/** Parts of whole lines. */
function* partsOfText(body: string): Generator<string> {
  for (let start = 0; start < body.length; ) {
    const at = body.indexOf('\n', start + CHUNK);
    const end = at < 0 ? body.length : at + 1;
    yield body.slice(start, end);
    start = end;
  }
}

/** The same as text each: no character is cut by the end of a line, and one that is long costs only its own part. */
function* partsOfBytes(body: Uint8Array): Generator<string> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(NEWLINE, start + CHUNK);
    const end = at < 0 ? bytes.length : at + 1;
    yield bytes.toString('utf8', start, end);
    start = end;
  }
}

function partOf(readings: readonly EventReading[]): EventsRead {
  const part: EventsRead = { events: [], unknowns: [] };
  for (const { event, unknown } of readings) {
    if (event) part.events.push(event);
    else part.unknowns.push(unknown);
  }
  return part;
}

/**
 * Reads the body of a request: one event (Falco's `http_output`), a list (Kubernetes' audit webhook), an array, or lines.
 * The caller bounds the body's size.
 */
export function parseEventBody(
  body: string | Uint8Array,
  source = 'request',
  options: ReadEventsOptions = {},
): EventsRead {
  const parts = [...parseEventParts(body, source, options)];
  return { events: parts.flatMap((part) => part.events), unknowns: parts.flatMap((part) => part.unknowns) };
}

/**
 * Name of the source whose events a file holds, judged by its first bytes (64 KiB are plenty); undefined when none
 * knows them. An event that the head cuts off is judged by its keys.
 */
export function detectEvents(head: string): RuntimeEvent['source'] | undefined {
  if (looksLikeAuditd(head)) return 'auditd';
  const pieces: JsonPiece[] = new JsonStream(LONGEST_EVENT).push(`${head}\n`, []);
  const values = pieces.flatMap((piece) => ('value' in piece ? [fieldsOf(piece.value)] : []));
  for (const json of values) {
    const found = json && EVENT_SOURCES.find((candidate) => candidate.recognises(json));
    if (found) return found.name;
  }
  if (values.length > 0) return undefined;
  const start = head.slice(0, 65_536).trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return undefined;
  const keys = [...start.matchAll(/"([a-z_]{1,40})"\s{0,8}:/g)].slice(0, 64).map(([, key]) => [key ?? '', ''] as const);
  const json = Object.fromEntries(keys);
  return EVENT_SOURCES.find((candidate) => candidate.recognises(json))?.name;
}

function unreadable(source: string, error: unknown): Unknown {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'events-unreadable', message: `Events could not be read to the end: ${reason}`, place: { source } };
}
