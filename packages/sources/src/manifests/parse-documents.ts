import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { readIndented } from './indent-flow.ts';
import { KUBERNETES_SCHEMA } from './kubernetes-yaml.ts';
import { parseLeniently } from './parse-leniently.ts';
import { plainValues } from './plain/plain-values.ts';

/** A document of a YAML stream, or the one of a JSON file. */
export interface ParsedDocument {
  /** Zero-based in the stream, empty documents counted. */
  index: number;
  /** One-based line where its content begins. */
  line: number;
  value: unknown;
}

/** Why a document could not be read, or not without doubt. Lines and columns are one-based. */
export interface DocumentFault {
  code: 'yaml-invalid' | 'json-invalid' | 'yaml-duplicate-key' | 'document-too-large';
  message: string;
  document: number;
  line: number;
  column: number;
}

export interface ParsedDocuments {
  documents: ParsedDocument[];
  faults: DocumentFault[];
  /** Whether it was read line by line. */
  isPlain?: true;
}

/* A file of a megabyte has about a hundred thousand values; aliases may multiply them, so the multiplied count is limited. */
const MAX_VALUES = 1_000_000;
const MAX_ALIASES = 10_000;
const MAX_DEPTH = 100;

/**
 * Reads all documents of a YAML stream fast (by lines where it is plain, else js-yaml's events, no syntax tree). A document that is broken becomes a fault
 * and its neighbours are still read. Of duplicate keys the last counts, as for an API server without strict validation.
 *
 * @param beforeParsing called where the text is not plain, before it is parsed.
 */
export function parseYamlDocuments(text: string, beforeParsing?: () => void): ParsedDocuments {
  const plain = plainValues(text);
  if (plain !== undefined) return { documents: plain, faults: [], isPlain: true };
  beforeParsing?.();
  try {
    return { documents: readStream(text, 0, 0, false), faults: [] };
  } catch {
    return readPieces(text);
  }
}

/** Reads a JSON file as a stream of one document. */
export function parseJsonDocument(text: string, beforeParsing?: () => void): ParsedDocuments {
  beforeParsing?.();
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    if (!text.includes('__proto__')) return { documents: [{ index: 0, line: 1, value }], faults: [] };
  } catch {
    // The YAML reader below says where the fault is, and reads the comments and commas that some JSON files carry.
  }
  const { documents, faults } = parseYamlDocuments(text);
  return { documents, faults: faults.map((fault) => ({ ...fault, code: 'json-invalid' })) };
}

/* Splits at document markers and reads piece by piece, so that one broken document costs only itself. */
function readPieces(text: string): ParsedDocuments {
  const result: ParsedDocuments = { documents: [], faults: [] };
  let next = 0;
  for (const { piece, line } of splitDocuments(text)) {
    const { documents, faults } = readPiece(piece, next, line);
    result.documents.push(...documents);
    result.faults.push(...faults);
    next = Math.max(next + 1, (documents.at(-1)?.index ?? -1) + 1);
  }
  return result;
}

function readPiece(piece: string, document: number, line: number): ParsedDocuments {
  try {
    return { documents: readStream(piece, document, line, false), faults: [] };
  } catch (strict) {
    return readLoosely(piece, document, line, strict);
  }
}

function readLoosely(piece: string, document: number, line: number, strict: unknown): ParsedDocuments {
  try {
    const documents = readIndented(piece, strict, (moved) => readStream(moved, document, line, false));
    return { documents, faults: [] };
  } catch (error) {
    const fault = faultOf(error, document, line);
    if (fault.code === 'yaml-duplicate-key') return readLastKeys(piece, fault, line);
    const values = fault.code === 'yaml-invalid' ? parseLeniently(piece) : undefined;
    if (values === undefined) return { documents: [], faults: [fault] };
    return {
      documents: values.map((value, at) => ({ index: document + at, line: firstLine(piece, line), value })),
      faults: [],
    };
  }
}

function readLastKeys(piece: string, fault: DocumentFault, line: number): ParsedDocuments {
  try {
    return { documents: readStream(piece, fault.document, line, true), faults: [fault] };
  } catch (error) {
    return { documents: [], faults: [fault, faultOf(error, fault.document, line)] };
  }
}

/* The first line of a piece that says something. */
function firstLine(piece: string, offset: number): number {
  const at = piece.split('\n').findIndex((line) => !/^\s*(?:#.*|---.*|%.*)?$/.test(line));
  return offset + Math.max(at, 0) + 1;
}

function* splitDocuments(text: string): Generator<{ piece: string; line: number }> {
  const lines = text.split('\n');
  let start = 0;
  for (let at = 1; at <= lines.length; at += 1) {
    if (at < lines.length && !/^---(?:\s|$)/.test(lines[at]!)) continue;
    const piece = lines.slice(start, at);
    const prologue = start === 0 && piece.every((line) => /^\s*(?:#.*|%.*)?$/.test(line)) && at < lines.length;
    if (prologue) continue;
    yield { piece: piece.join('\n'), line: start };
    start = at;
  }
}

function readStream(text: string, firstDocument: number, lineOffset: number, lastKeyWins: boolean): ParsedDocument[] {
  const events = parseEvents(text, { maxDepth: MAX_DEPTH });
  const values = constructFromEvents(events, {
    source: text,
    schema: KUBERNETES_SCHEMA,
    json: lastKeyWins,
    maxAliases: MAX_ALIASES,
  });
  const { starts, aliases } = documentStarts(events);
  if (aliases) boundValues(values);
  let line = lineOffset + 1;
  let from = 0;
  return values.map((value, position) => {
    const start = starts[position] ?? from;
    for (let at = text.indexOf('\n', from); at !== -1 && at < start; at = text.indexOf('\n', at + 1)) line += 1;
    from = Math.max(from, start);
    return { index: firstDocument + position, line, value };
  });
}

function documentStarts(events: Event[]): { starts: (number | undefined)[]; aliases: boolean } {
  const starts: (number | undefined)[] = [];
  let depth = 0;
  let aliases = false;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      depth -= 1;
      continue;
    }
    if (event.type === EVENT_ID.ALIAS) aliases = true;
    if (event.type === EVENT_ID.DOCUMENT) starts.push(undefined);
    else if (depth === 1) starts[starts.length - 1] = 'start' in event ? event.start : undefined;
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING)
      depth += 1;
  }
  return { starts, aliases };
}

class TooLarge extends Error {}

/* Counts values with every alias written out: ten lines can otherwise stand for billions. */
function boundValues(values: unknown[]): void {
  let left = MAX_VALUES;
  const count = (value: unknown, depth: number): void => {
    left -= 1;
    if (left < 0 || depth > MAX_DEPTH) throw new TooLarge();
    if (typeof value !== 'object' || value === null) return;
    for (const child of Object.values(value)) count(child, depth + 1);
  };
  for (const value of values) count(value, 0);
}

function faultOf(error: unknown, document: number, lineOffset: number): DocumentFault {
  if (error instanceof YAMLException) {
    const code = /duplicated? mapping key/.test(error.reason) ? 'yaml-duplicate-key' : 'yaml-invalid';
    const line = lineOffset + (error.mark?.line ?? 0) + 1;
    return { code, message: error.reason, document, line, column: (error.mark?.column ?? 0) + 1 };
  }
  if (error instanceof TooLarge || error instanceof RangeError) {
    const message = `nested deeper than ${MAX_DEPTH} levels or more than ${MAX_VALUES} values with aliases written out`;
    return { code: 'document-too-large', message, document, line: lineOffset + 1, column: 1 };
  }
  throw error;
}
