import { isObject, type Json, type JsonObject, type ManifestObject, type Unknown } from '@breakwater/model';

type Pointer = (string | number)[];

/** Takes note of a field that is not what it has to be. */
export type Report = (pointer: Pointer, expected: string, found: Json) => void;

/** What is read where nothing is written: most fields of most objects. */
const NOTHING: JsonObject = Object.freeze({});
const NO_ITEMS: readonly Json[] = [];

/**
 * Reads fields of an object that strangers wrote. A field of a wrong type is reported, with its pointer, and read as absent;
 * `null` is absent without a report, as for an API server.
 */
export class Fields {
  readonly #value: JsonObject;
  readonly #report: Report;
  readonly #above: Fields | Pointer;
  readonly #key: string | undefined;
  readonly #index: number | undefined;

  /** `above` is the way to the object, or what holds it: under a key, and in a list there at an index. */
  constructor(value: JsonObject, above: Fields | Pointer, report: Report, key?: string, index?: number) {
    this.#value = value;
    this.#report = report;
    this.#above = above;
    this.#key = key;
    this.#index = index;
  }

  /** Spelled when it is asked for: of most objects nothing is reported. */
  get pointer(): Pointer {
    const pointer = this.#above instanceof Fields ? this.#above.pointer : [...this.#above];
    if (this.#key !== undefined) pointer.push(this.#key);
    if (this.#index !== undefined) pointer.push(this.#index);
    return pointer;
  }

  string(key: string): string | undefined {
    const value = this.#get(key);
    if (value === undefined || typeof value === 'string') return value;
    return this.#wrong(key, 'a text', value);
  }

  boolean(key: string): boolean | undefined {
    const value = this.#get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#wrong(key, 'true or false', value);
  }

  integer(key: string): number | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    return this.#wrong(key, 'a whole number', value);
  }

  strings(key: string): string[] {
    const texts: string[] = [];
    this.#list(key).forEach((item, index) => {
      if (typeof item === 'string') texts.push(item);
      else this.#wrong(key, 'a text', item, index);
    });
    return texts;
  }

  /** Texts by name. Numbers count as texts where quantities are meant (`cpu: 1`). */
  texts(key: string, { numbers = false } = {}): Record<string, string> {
    const texts: Record<string, string> = {};
    const object = this.#object(key) ?? NOTHING;
    for (const name of Object.keys(object)) {
      if (name === '__proto__') continue;
      const value = object[name] as Json;
      if (typeof value === 'string') texts[name] = value;
      else if (numbers && typeof value === 'number') texts[name] = String(value);
      else if (value !== null) this.#report([...this.pointer, key, name], 'a text', value);
    }
    return texts;
  }

  /** The object under a key; one without fields where there is none. */
  child(key: string): Fields {
    return new Fields(this.#object(key) ?? NOTHING, this, this.#report, key);
  }

  /** The objects of the list under a key, with their indexes in their pointers. */
  children(key: string): Fields[] {
    const children: Fields[] = [];
    this.#list(key).forEach((item, index) => {
      if (isObject(item)) children.push(new Fields(item, this, this.#report, key, index));
      else this.#wrong(key, 'an object', item, index);
    });
    return children;
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  /** The first of some keys that is there. */
  firstOf(keys: readonly string[]): string | undefined {
    return keys.find((key) => this.has(key));
  }

  #get(key: string): Json | undefined {
    const value = Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
    return value === null ? undefined : value;
  }

  #object(key: string): JsonObject | undefined {
    const value = this.#get(key);
    if (value === undefined || isObject(value)) return value;
    return this.#wrong(key, 'an object', value);
  }

  #list(key: string): readonly Json[] {
    const value = this.#get(key);
    if (value === undefined) return NO_ITEMS;
    return Array.isArray(value) ? value : (this.#wrong(key, 'a list', value) ?? NO_ITEMS);
  }

  #wrong(key: string, expected: string, found: Json, index?: number): undefined {
    this.#report([...this.pointer, key, ...(index === undefined ? [] : [index])], expected, found);
  }
}

/** A report that makes unknowns about one object, one for each field however often it is read. */
export function reportUnknowns({ kind, name, place }: ManifestObject, subject: string, unknowns: Unknown[]): Report {
  const told = new Set<string>();
  return (pointer, expected, found) => {
    const path = pointer.join('.');
    if (told.has(path)) return;
    told.add(path);
    const message = `${kind} ${name}: ${path} is ${nameOf(found)} where ${expected} belongs; it was not read`;
    const inside = [...(place.pointer ?? []), ...pointer];
    unknowns.push({ code: 'field-invalid', message, place: { ...place, pointer: inside }, subject });
  };
}

function nameOf(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : `${value}`;
}
