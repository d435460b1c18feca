import type { RuntimeEvent, Unknown } from '@breakwater/model';
import { AuditdStream, looksLikeAuditd } from './auditd/index.ts';
import type { EventSource } from './event-source.ts';
import { EVENT_SOURCES } from './event-sources.ts';
import { fieldsOf, type JsonFields } from './json-fields.ts';
import { JsonStream } from './json-stream.ts';
import type { JsonPiece, JsonSink } from './json-values.ts';
import { LineShapes } from './shapes/index.ts';

/** One event, or what could not be read in its place. */
export type EventReading = { event: RuntimeEvent; unknown?: never } | { unknown: Unknown; event?: never };

/** Limits of reading events. */
export interface EventStreamOptions {
  /** Names the file or the sender in the places of unknowns. */
  source: string;
  /** Most characters of one event, by default 1,048,576. */
  longestEvent?: number | undefined;
  /** Most unknowns that are given one by one, by default 1,000; the rest is one more that counts them. */
  mostUnknowns?: number | undefined;
  /** What is known of lines from other streams, and will be from this one. Pods that one stream tells of, others share. */
  shapes?: EventShapes | undefined;
}

/** What lines of events are like: those that are alike are read faster, and share what they repeat. */
export class EventShapes extends LineShapes<EventSource> {}

const LONGEST_EVENT = 1_048_576;
const MOST_UNKNOWNS = 1_000;

/**
 * Turns the text of events, of any source that is understood, into events as it arrives: JSON lines, an array, JSON values
 * one after the other, or an audit log of Linux. What cannot be read is an unknown with its line. Memory is bounded.
 */
export class EventStream {
  readonly #shapes: EventShapes;
  readonly #source: string;
  readonly #longest: number;
  readonly #most: number;
  #auditd: AuditdStream | undefined;
  #json: JsonStream | undefined;
  #unknowns = 0;

  constructor(options: EventStreamOptions) {
    this.#shapes = options.shapes ?? new EventShapes();
    this.#source = options.source;
    this.#longest = options.longestEvent ?? LONGEST_EVENT;
    this.#most = options.mostUnknowns ?? MOST_UNKNOWNS;
  }

  /** Adds input and returns what it completed. */
  push(chunk: string): EventReading[] {
    if (chunk === '') return [];
    // The first text that comes tells what it is: a chunk is never shorter than the beginning of a record.
    if (this.#json === undefined && this.#auditd === undefined && looksLikeAuditd(chunk))
      this.#auditd = new AuditdStream();
    if (this.#auditd !== undefined) return this.#readingsOf(this.#auditd.push(chunk));
    this.#json ??= new JsonStream(this.#longest);
    return this.#json.push(chunk, this.#sink([])).readings;
  }

  /** Says that the input ended and returns what was left. */
  end(): EventReading[] {
    const readings = this.#auditd
      ? this.#readingsOf(this.#auditd.end())
      : (this.#json?.end(this.#sink([])).readings ?? []);
    const more = this.#unknowns - this.#most;
    if (more > 0) readings.push({ unknown: tooMany(this.#source, more) });
    return readings;
  }

  #readingsOf(pieces: readonly ({ line: number } & ({ event: RuntimeEvent } | { problem: string }))[]): EventReading[] {
    const readings: EventReading[] = [];
    for (const piece of pieces) {
      if ('event' in piece) readings.push({ event: piece.event });
      else this.#note(readings, 'event-broken', `Event could not be read: ${piece.problem}`, piece.line);
    }
    return readings;
  }

  /** Translates as lines and values come: what a line says is known until the next one. */
  #sink(readings: EventReading[]): JsonSink & { readings: EventReading[] } {
    return {
      readings,
      push: (piece) => this.#translate(piece, readings),
      take: (text, start, end, line) => this.#take(text, start, end, line, readings),
    };
  }

  #take(text: string, start: number, end: number, line: number, readings: EventReading[]): boolean {
    const shape = this.#shapes.read(text, start, end);
    // Plain fields of the line tell whose it is, too: lines of one shape may be of several sources.
    if (shape === undefined || sourceOf(shape.json) !== shape.owner) return false;
    this.#tell(shape.owner, shape.json, line, readings);
    return true;
  }

  #translate(piece: JsonPiece, readings: EventReading[]): void {
    if ('problem' in piece) {
      this.#note(readings, 'event-broken', `Event could not be read: ${piece.problem}`, piece.line);
      return;
    }
    const json = fieldsOf(piece.value);
    const source = json && sourceOf(json);
    if (json !== undefined && source !== undefined) {
      this.#tell(source, json, piece.line, readings);
      if (piece.text !== undefined) this.#shapes.learn(piece.text, json, source);
      return;
    }
    const known = EVENT_SOURCES.map(({ name }) => name).join(', ');
    const message = `Not an event of a source that is understood (${known}, auditd)`;
    this.#note(readings, 'event-unrecognised', message, piece.line);
  }

  #tell(source: EventSource, json: JsonFields, line: number, readings: EventReading[]): void {
    const events = source.parse(json);
    for (const event of events) readings.push({ event });
    if (events.length > 0 || source.isWhole?.(json) === true) return;
    const message = `Event of ${source.name} has no time or no process that could be understood`;
    this.#note(readings, 'event-unusable', message, line);
  }

  /** Passes the first unknowns on and counts the rest, so that rubbish cannot fill the memory. */
  #note(readings: EventReading[], code: string, message: string, line: number): void {
    this.#unknowns += 1;
    if (this.#unknowns <= this.#most)
      readings.push({ unknown: { code, message, place: { source: this.#source, line } } });
  }
}

function sourceOf(json: JsonFields): EventSource | undefined {
  for (const source of EVENT_SOURCES) if (source.recognises(json)) return source;
  return undefined;
}

function tooMany(source: string, count: number): Unknown {
  const message = `${count} more events of ${source} could not be read`;
  return { code: 'events-unreadable', message, place: { source } };
}
