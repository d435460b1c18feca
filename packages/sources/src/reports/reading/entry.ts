type Step = string | number;

/**
 * A value of a foreign report and where it stands. Every step asks for own fields only, and whatever is missing or of
 * another form reads as nothing: importers name the fields that they know and need no checks of their own.
 * Where a field is asked for of a list, the first item answers: XML repeats what JSON says once.
 */
export class Entry {
  readonly value: unknown;
  /** JSON path inside the document. */
  readonly pointer: readonly Step[];
  /** One-based line of the row, in formats that have rows. */
  readonly line: number | undefined;

  constructor(value: unknown, pointer: readonly Step[] = [], line?: number) {
    this.value = value;
    this.pointer = pointer;
    this.line = line;
  }

  /** What stands at the end of a path of fields. */
  at(...path: string[]): Entry {
    let entry: Entry = this;
    for (const name of path) entry = entry.#field(name);
    return entry;
  }

  #field(name: string): Entry {
    const list = Array.isArray(this.value);
    const holder: unknown = list ? (this.value as unknown[])[0] : this.value;
    const known = isObject(holder) && Object.hasOwn(holder, name);
    const pointer = list ? [...this.pointer, 0, name] : [...this.pointer, name];
    return new Entry(known ? (holder as Record<string, unknown>)[name] : undefined, pointer, this.line);
  }

  /** A text or a number as text, trimmed; empty where there is neither. */
  text(...path: string[]): string {
    const value = textual(this.at(...path).value);
    return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  }

  /** The first of several fields that has a text. */
  firstText(...names: string[]): string {
    for (const name of names) {
      const found = this.text(name);
      if (found !== '') return found;
    }
    return '';
  }

  /** A number, or a text that is one. */
  number(...path: string[]): number | undefined {
    const value = textual(this.at(...path).value);
    const number =
      typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  }

  /** Whether it is true, or says so. */
  flag(...path: string[]): boolean {
    const value = textual(this.at(...path).value);
    return value === true || (typeof value === 'string' && /^true$/i.test(value.trim()));
  }

  /** The texts of a list, or the one text that stands in its place. */
  texts(...path: string[]): string[] {
    return this.each(...path)
      .map((entry) => entry.text())
      .filter((text) => text !== '');
  }

  /** The items of a list; one that is no list is its only item. */
  each(...path: string[]): Entry[] {
    const entry = this.at(...path);
    if (Array.isArray(entry.value))
      return entry.value.map((item: unknown, index) => new Entry(item, [...entry.pointer, index], entry.line));
    return entry.value === undefined || entry.value === null ? [] : [entry];
  }

  /** One item of a list, by its place. */
  item(index: number, ...path: string[]): Entry {
    const entry = this.at(...path);
    const value = Array.isArray(entry.value) ? (entry.value as unknown[])[index] : undefined;
    return new Entry(value, [...entry.pointer, index], entry.line);
  }

  /** The fields of an object with their names. */
  members(...path: string[]): [name: string, entry: Entry][] {
    const entry = this.at(...path);
    if (!isObject(entry.value) || Array.isArray(entry.value)) return [];
    return Object.entries(entry.value).map(([name, value]) => [
      name,
      new Entry(value, [...entry.pointer, name], entry.line),
    ]);
  }

  /** Whether there is anything. */
  has(...path: string[]): boolean {
    const { value } = this.at(...path);
    return value !== undefined && value !== null;
  }
}

/** What an element of XML says: its text. */
function textual(value: unknown): unknown {
  const single: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(single) && !Array.isArray(single) && Object.hasOwn(single, '#text')
    ? (single as Record<string, unknown>)['#text']
    : single;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
