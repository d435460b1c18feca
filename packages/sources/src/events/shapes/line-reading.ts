/** Fields that are looked at, by their names. What is below a field of another name is never looked at. */
export interface Fields {
  reads: ReadonlySet<string>;
  /** Fields of which all that is below may be looked at, by whatever name. */
  wholes?: ReadonlySet<string>;
}

/** What a source looks at in its lines, so that the rest of them need not be read. */
export interface LineReading extends Fields {
  /**
   * Fields whose objects are told again and again as they are, and what is looked at in those: they are read once, and
   * lines share what was read.
   */
  parts: ReadonlyMap<string, Fields>;
}

/** Names and places in lists, from the outermost. */
export type JsonPath = readonly (string | number)[];

/** Whether the source looks at what stands there. Plain fields of the line itself tell whose it is: all are looked at. */
export function isRead(reading: LineReading, path: JsonPath): boolean {
  return path.length === 1 || isReadBelow(reading, path);
}

/** Whether what stands there is looked at, in an object of which `fields` are. */
export function isReadBelow({ reads, wholes }: Fields, path: JsonPath): boolean {
  for (const name of path) {
    if (typeof name === 'number') continue;
    if (wholes?.has(name)) return true;
    if (!reads.has(name)) return false;
  }
  return true;
}

/** Whether an object or a list is taken as a whole: it is told again and again, or nobody looks at what is in it. */
export function isPart({ reads, wholes, parts }: LineReading, path: JsonPath): boolean {
  const name = path.at(-1);
  if (typeof name !== 'string' || path.slice(0, -1).some((above) => wholes?.has(String(above)))) return false;
  return parts.has(name) || !(reads.has(name) || wholes?.has(name));
}
