import type { Json, Place } from '@breakwater/model';

/** A value of a file together with the place that says it: what is merged from several files keeps both. */
export interface Written {
  readonly value: null | boolean | number | string | readonly Written[] | ReadonlyMap<string, Written>;
  readonly place: Place;
  /** Variables in it that have no value. The text then holds them as `${NAME}`. */
  readonly unset: readonly string[];
  /** Where the values of its variables stand, when they come from another file. */
  readonly from?: Place;
}

/** What a text becomes when its variables are replaced. */
export interface Interpolated {
  text: string;
  unset: readonly string[];
  from?: Place;
}

/** Replaces the variables of a text. */
export type Interpolate = (text: string) => Interpolated;

const NONE: readonly string[] = [];

/** A value as it stands in a file, every part with its place. `interpolate` is asked for each text that has a `$`. */
export function writtenOf(value: Json, place: Place, interpolate?: Interpolate): Written {
  if (typeof value === 'string' && interpolate !== undefined && value.includes('$')) {
    const { text, unset, from } = interpolate(value);
    return { value: text, place, unset, ...(from && { from }) };
  }
  if (typeof value !== 'object' || value === null) return { value, place, unset: NONE };
  const at = (step: string | number): Place => ({ ...place, pointer: [...(place.pointer ?? []), step] });
  if (Array.isArray(value)) {
    return { value: value.map((item, index) => writtenOf(item, at(index), interpolate)), place, unset: NONE };
  }
  const fields = Object.entries(value).map(([key, item]) => [key, writtenOf(item, at(key), interpolate)] as const);
  return { value: new Map(fields), place, unset: NONE };
}

/** The same without places. Fields that are null are left out, as nothing is said by them. */
export function plainOf({ value }: Written): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainOf);
  const fields = [...(value as ReadonlyMap<string, Written>)].filter(([, item]) => item.value !== null);
  return Object.fromEntries(fields.map(([key, item]) => [key, plainOf(item)]));
}

/** True for a mapping. */
export function isWrittenMap(
  written: Written | undefined,
): written is Written & { value: ReadonlyMap<string, Written> } {
  return written?.value instanceof Map;
}

/** True for a list. */
export function isWrittenList(written: Written | undefined): written is Written & { value: readonly Written[] } {
  return Array.isArray(written?.value);
}

/** A field of a mapping; undefined where it is not there or null. */
export function fieldOf(written: Written | undefined, ...path: string[]): Written | undefined {
  let current = written;
  for (const key of path) current = isWrittenMap(current) ? current.value.get(key) : undefined;
  return current === undefined || current.value === null ? undefined : current;
}

/** Variables without a value anywhere in it. */
export function unsetIn({ value, unset }: Written): readonly string[] {
  if (typeof value !== 'object' || value === null) return unset;
  return [...value.values()].flatMap(unsetIn);
}
