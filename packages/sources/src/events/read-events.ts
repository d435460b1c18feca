import { createReadStream } from 'node:fs';
import type { RuntimeEvent, Unknown } from '@breakwater/model';
import { EVENT_SOURCES } from './event-sources.ts';
import { fieldsOf } from './json-fields.ts';
import { JsonStream } from './json-stream.ts';
import type { JsonPiece } from './json-values.ts';

/** One event, or what could not be read in its place. */
export type EventReading = { event: RuntimeEvent; unknown?: never } | { unknown: Unknown; event?: never };

/** Limits of reading a file of events. */
export interface ReadEventsOptions {
  /** Name of the file in places; by default its path. */
  source?: string;
  /** Most characters of one event, by default 1,048,576. */
  longestEvent?: number;
  /** Most unknowns that are given one by one, by default 1,000; the rest is one more that counts them. */
  mostUnknowns?: number;
}

const CHUNK = 65_536;
const LONGEST_EVENT = 1_048_576;
const MOST_UNKNOWNS = 1_000;

/**
 * Reads runtime events of any source that is understood from a file of JSON lines, a JSON array, or JSON values one
 * after the other. Streams in batches of 64 KiB of input (larger ones were measured slower): memory does not grow with
 * the file. What cannot be read is an unknown with its line.
 */
export async function* readEventBatches(path: string, options: ReadEventsOptions = {}): AsyncIterable<EventReading[]> {
  const source = options.source ?? path;
  const stream = new JsonStream(options.longestEvent ?? LONGEST_EVENT);
  const bounded = new BoundedUnknowns(source, options.mostUnknowns ?? MOST_UNKNOWNS);
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK })) {
      yield bounded.keep(translate(stream.push(String(chunk)), source));
    }
  } catch (error) {
    yield [{ unknown: unreadable(source, error) }];
  }
  yield [...bounded.keep(translate(stream.end(), source)), ...bounded.rest()];
}

/**
 * Reads the body of a request: one event (Falco's `http_output`), an array, or lines. `source` names the sender in
 * the places of unknowns. The caller bounds the body's size.
 */
export function parseEventBody(body: string, source = 'request'): { events: RuntimeEvent[]; unknowns: Unknown[] } {
  const stream = new JsonStream(LONGEST_EVENT);
  const bounded = new BoundedUnknowns(source, MOST_UNKNOWNS);
  const pieces = [...stream.push(body), ...stream.end()];
  const readings = [...bounded.keep(translate(pieces, source)), ...bounded.rest()];
  return {
    events: readings.flatMap(({ event }) => event ?? []),
    unknowns: readings.flatMap(({ unknown }) => unknown ?? []),
  };
}

/**
 * Name of the source whose events a file holds, judged by its first bytes (64 KiB are plenty); undefined when none
 * knows them. An event that the head cuts off is judged by its keys.
 */
export function detectEvents(head: string): RuntimeEvent['source'] | undefined {
  const pieces = new JsonStream(LONGEST_EVENT).push(`${head}\n`);
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

function translate(pieces: JsonPiece[], source: string): EventReading[] {
  const readings: EventReading[] = [];
  for (const piece of pieces) {
    if ('problem' in piece) readings.push({ unknown: broken(source, piece.line, piece.problem) });
    else translateValue(piece.value, piece.line, source, readings);
  }
  return readings;
}

function translateValue(value: unknown, line: number, source: string, readings: EventReading[]): void {
  const json = fieldsOf(value);
  if (json) {
    for (const candidate of EVENT_SOURCES) {
      if (!candidate.recognises(json)) continue;
      const events = candidate.parse(json);
      if (events.length === 0) readings.push({ unknown: unusable(source, line, candidate.name) });
      for (const event of events) readings.push({ event });
      return;
    }
  }
  readings.push({ unknown: unrecognised(source, line) });
}

/** Passes the first unknowns on and counts the rest, so that a file of rubbish cannot fill the memory. */
class BoundedUnknowns {
  readonly #source: string;
  readonly #most: number;
  #seen = 0;

  constructor(source: string, most: number) {
    this.#source = source;
    this.#most = most;
  }

  keep(readings: EventReading[]): EventReading[] {
    return readings.filter(({ unknown }) => {
      if (unknown) this.#seen += 1;
      return !unknown || this.#seen <= this.#most;
    });
  }

  rest(): EventReading[] {
    const count = this.#seen - this.#most;
    if (count <= 0) return [];
    const message = `${count} more events of ${this.#source} could not be read`;
    return [{ unknown: { code: 'events-unreadable', message, place: { source: this.#source } } }];
  }
}

function broken(source: string, line: number, problem: string): Unknown {
  return { code: 'event-broken', message: `Event could not be read: ${problem}`, place: { source, line } };
}

function unusable(source: string, line: number, name: string): Unknown {
  const message = `Event of ${name} has no time or no process that could be understood`;
  return { code: 'event-unusable', message, place: { source, line } };
}

function unrecognised(source: string, line: number): Unknown {
  const known = EVENT_SOURCES.map(({ name }) => name).join(', ');
  return {
    code: 'event-unrecognised',
    message: `Not an event of a source that is understood (${known})`,
    place: { source, line },
  };
}

function unreadable(source: string, error: unknown): Unknown {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'events-unreadable', message: `Events could not be read to the end: ${reason}`, place: { source } };
}
