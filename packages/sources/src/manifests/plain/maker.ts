/** Makes what a document holds: values, or places. */
export interface Maker<T> {
  /** A scalar as written; without its quotes where it had some. */
  scalar(text: string, start: number, isQuoted: boolean): T;
  /** What stands nowhere. */
  nothing(): T;
  list(items: T[], start: number): T;
  mapping(start: number): T;
  /** Adds a pair, or refuses: a key must not stand twice. */
  pair(mapping: T, key: string, keyStart: number, value: T): void;
}
