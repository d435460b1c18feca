import type { Unknown } from '@breakwater/model';
import { isWrittenList, isWrittenMap, type Written } from './written.ts';

const TRUE = new Set(['true', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'no', 'n', 'off', '0']);

/** Reads values that strangers wrote. What is not of the type it has to be is an unknown with its place, and undefined. */
export class WrittenReader {
  readonly unknowns: Unknown[] = [];
  /** "service web": begins the sentences. */
  readonly #subject: string;
  readonly #told = new Set<string>();

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Texts, and numbers and truth values as texts. */
  text(written: Written | undefined): string | undefined {
    if (written === undefined || written.value === null) return undefined;
    if (typeof written.value !== 'object') return String(written.value);
    return this.wrong(written, 'a text');
  }

  /** Undefined also where a variable without a value decides: ask `unset` for that. */
  flag(written: Written | undefined): boolean | undefined {
    if (written === undefined || written.value === null || written.unset.length > 0) return undefined;
    if (typeof written.value === 'boolean') return written.value;
    const text = typeof written.value === 'string' ? written.value.trim().toLowerCase() : '';
    if (TRUE.has(text)) return true;
    return FALSE.has(text) ? false : this.wrong(written, 'true or false');
  }

  /** Whole numbers, also as texts. */
  integer(written: Written | undefined): number | undefined {
    if (written === undefined || written.value === null || written.unset.length > 0) return undefined;
    const number = typeof written.value === 'string' ? Number(written.value.trim() || Number.NaN) : written.value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    return this.wrong(written, 'a whole number');
  }

  /** Items of a list that are not null. */
  list(written: Written | undefined): readonly Written[] {
    if (written === undefined || written.value === null) return [];
    if (isWrittenList(written)) return written.value.filter(({ value }) => value !== null);
    this.wrong(written, 'a list');
    return [];
  }

  /** Mappings of a list. */
  mappings(written: Written | undefined): readonly Written[] {
    return this.list(written).filter((item) => isWrittenMap(item) || this.wrong(item, 'an object'));
  }

  /** Fields of a mapping. */
  fields(written: Written | undefined): [string, Written][] {
    if (written === undefined || written.value === null) return [];
    if (isWrittenMap(written)) return [...written.value];
    this.wrong(written, 'an object');
    return [];
  }

  /** A mapping, or a list of `KEY=VALUE`; a value is undefined for a key alone. */
  pairs(written: Written | undefined): { key: string; value: Written | undefined; item: Written }[] {
    if (!isWrittenList(written)) {
      return this.fields(written).map(([key, item]) => ({ key, item, value: item.value === null ? undefined : item }));
    }
    return this.list(written).flatMap((item): { key: string; value: Written | undefined; item: Written }[] => {
      const text = this.text(item);
      if (text === undefined) return [];
      const at = text.indexOf('=');
      if (at === -1) return [{ key: text.trim(), value: undefined, item }];
      return [{ key: text.slice(0, at).trim(), value: { ...item, value: text.slice(at + 1) }, item }];
    });
  }

  /** Takes note of a value that is not what it has to be. */
  wrong({ place, value }: Written, expected: string): undefined {
    this.tell(
      'field-invalid',
      place,
      `${this.#nameOf(place)} is ${kindOf(value)} where ${expected} belongs; it was not read`,
    );
  }

  /** Takes note of what cannot be told, once for each place. */
  tell(code: string, place: Unknown['place'], message: string, hint?: string): void {
    const key = `${code} ${place.source} ${place.document} ${place.pointer?.join('\n')}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.unknowns.push({ code, message: `${this.#subject}: ${message}`, place, ...(hint && { hint }) });
  }

  #nameOf({ pointer = [] }: Unknown['place']): string {
    return pointer.slice(-3).join('.') || 'the document';
  }
}

function kindOf(value: Written['value']): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'an object';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : String(value);
}
