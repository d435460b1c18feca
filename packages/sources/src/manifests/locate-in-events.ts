import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/** Gives the offset of a field, by the zero-based document and the path in it. */
export type OffsetFinder = (document: number, pointer: readonly (string | number)[]) => number;

/** What stands in a document, with where it begins. */
export interface Part {
  start: number | undefined;
  /** Of a key that is a plain name. */
  name?: string;
  /** Of a scalar: its text, read when it is asked for. */
  scalar?: ScalarEvent;
  items?: Part[];
  pairs?: [key: Part, value: Part][];
  /** Pairs by name, made when a large mapping is first looked into. */
  byName?: Map<string, [Part, Part]>;
}

const MAX_DEPTH = 100;
/** Pairs from which on a mapping is worth an index: a Compose file has one mapping for all its services. */
const LARGE = 32;
/* Merge keys may lead to many merge keys. */
const MAX_HOPS = 1_000;

/**
 * Reads the parser's events once, to find many fields: several times as fast as a syntax tree. Throws where the strict
 * parser finds a fault. A field that is not there is found at its nearest ancestor.
 */
export function eventFinder(text: string): OffsetFinder {
  return partFinder(text, readDocuments(text, parseEvents(text, { maxDepth: MAX_DEPTH })));
}

/** Finds fields among what stands in a text's documents. */
export function partFinder(text: string, documents: readonly Part[]): OffsetFinder {
  return (document, pointer) => {
    const root = documents[document];
    let offset = root?.start ?? 0;
    let part = root;
    const budget = { hops: MAX_HOPS };
    for (const key of pointer) {
      const step: Step | undefined = part && stepInto(text, part, key, budget);
      if (step === undefined) break;
      offset = step.offset ?? offset;
      part = step.value;
    }
    return offset;
  };
}

/** The contents of each document. An alias is the part that it stands for. */
function readDocuments(text: string, events: readonly Event[]): Part[] {
  const documents: Part[] = [];
  let anchors = new Map<string, Part>();
  let position = 0;
  const next = (): Event | undefined => events[position++];
  const read = (event: Event): Part => {
    if (event.type === EVENT_ID.ALIAS) {
      const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
      return { ...target, start: event.anchorStart - 1 };
    }
    const part = emptyPart(event);
    if ('anchorStart' in event && event.anchorStart >= 0)
      anchors.set(text.slice(event.anchorStart, event.anchorEnd), part);
    if (part.items === undefined && part.pairs === undefined) return part;
    for (let inner = next(); inner !== undefined && inner.type !== EVENT_ID.POP; inner = next()) {
      const first = read(inner);
      if (part.items !== undefined) part.items.push(first);
      else {
        const value = next();
        if (value !== undefined) part.pairs?.push([first, read(value)]);
      }
    }
    return part;
  };
  for (let event = next(); event !== undefined; event = next()) {
    if (event.type !== EVENT_ID.DOCUMENT) continue;
    anchors = new Map();
    const contents = next();
    documents.push(contents === undefined || contents.type === EVENT_ID.POP ? { start: undefined } : read(contents));
  }
  return documents;
}

function emptyPart(event: Event): Part {
  switch (event.type) {
    case EVENT_ID.SEQUENCE:
      return { start: event.start, items: [] };
    case EVENT_ID.MAPPING:
      return { start: event.start, pairs: [] };
    case EVENT_ID.SCALAR:
      return { start: startOfScalar(event), scalar: event };
    default:
      return { start: undefined };
  }
}

/** Quotes belong to what they enclose; nothing at all has no place. */
function startOfScalar({ valueStart, style }: ScalarEvent): number | undefined {
  if (valueStart < 0) return undefined;
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? valueStart - 1 : valueStart;
}

interface Step {
  offset: number | undefined;
  value: Part;
}

/** What stands behind a key, also where a merge key (`<<`) brings it: there it is written. */
function stepInto(text: string, part: Part, key: string | number, budget: { hops: number }): Step | undefined {
  if (budget.hops-- <= 0) return undefined;
  if (part.items !== undefined) {
    const value = typeof key === 'number' ? part.items[key] : undefined;
    return value === undefined ? undefined : { offset: value.start, value };
  }
  const pair = pairOf(text, part, String(key));
  if (pair !== undefined) return { offset: pair[0].start, value: pair[1] };
  const merged = pairOf(text, part, '<<')?.[1];
  for (const source of merged?.items ?? (merged === undefined ? [] : [merged])) {
    const found = stepInto(text, source, key, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last of a name, as the last counts. */
function pairOf(text: string, part: Part, name: string): [Part, Part] | undefined {
  const { pairs } = part;
  if (pairs === undefined || pairs.length < LARGE) return pairs?.findLast(([key]) => nameOf(text, key) === name);
  part.byName ??= new Map(pairs.map((pair) => [nameOf(text, pair[0]) ?? '', pair]));
  return part.byName.get(name);
}

const nameOf = (text: string, { name, scalar }: Part): string | undefined =>
  scalar === undefined ? name : getScalarValue(text, scalar);
