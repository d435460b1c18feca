/** Something that two signs can have in common, and from when to when an incident's signs had it. Milliseconds. */
export interface Link {
  key: string;
  first: number;
  last: number;
}

interface Span extends Link {
  incident: string;
}

/** Spans of one incident under one key: what goes on for months, or tells of any time, is as large as what lasted a day. */
const MOST_SPANS = 64;

/**
 * Which incidents have what, and when. A span joins signs no further apart than its key's window, so that a sign within
 * the window of a span is within the window of one of its signs: what is linked depends on the signs alone, and not on
 * the order in which they came.
 */
export class LinkIndex {
  readonly #spans = new Map<string, Span[]>();

  /** Incidents with a sign that has this between two times. */
  find(key: string, from: number, to: number): string[] {
    const found: string[] = [];
    for (const span of this.#spans.get(key) ?? []) if (span.last >= from && span.first <= to) found.push(span.incident);
    return found;
  }

  has(key: string): boolean {
    return this.#spans.has(key);
  }

  /** Notes that an incident's sign has it at a time. */
  add(key: string, incident: string, first: number, last: number, window: number): void {
    const spans = this.#spans.get(key) ?? [];
    let [from, to] = [first, last];
    const others = spans.filter((span) => {
      if (span.incident !== incident || span.last < from - window || span.first > to + window) return true;
      [from, to] = [Math.min(from, span.first), Math.max(to, span.last)];
      return false;
    });
    others.push({ key, incident, first: from, last: to });
    this.#spans.set(key, withoutOldest(others, incident));
  }

  /** Gives all of one incident to another. */
  move(keys: Iterable<string>, from: string, into: string): void {
    for (const key of keys)
      for (const span of this.#spans.get(key) ?? []) if (span.incident === from) span.incident = into;
  }

  /** What an incident has under a key. */
  of(key: string, incident: string): Link[] {
    return (this.#spans.get(key) ?? [])
      .filter((span) => span.incident === incident)
      .map(({ first, last }) => ({ key, first, last }));
  }

  /** Forgets what one incident has under a key. */
  drop(key: string, incident: string): void {
    const left = (this.#spans.get(key) ?? []).filter((span) => span.incident !== incident);
    if (left.length === 0) this.#spans.delete(key);
    else this.#spans.set(key, left);
  }
}

function withoutOldest(spans: Span[], incident: string): Span[] {
  let [oldest, own]: [Span | undefined, number] = [undefined, 0];
  for (const span of spans) {
    if (span.incident !== incident) continue;
    own += 1;
    if (oldest === undefined || span.last < oldest.last) oldest = span;
  }
  return own > MOST_SPANS ? spans.filter((span) => span !== oldest) : spans;
}
