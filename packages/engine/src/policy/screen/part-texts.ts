import type { Written } from '../facts/facts.ts';
import { type Element, WrittenContainer } from '../facts/workload.ts';
import { partText } from './part-text.ts';
import type { Part } from './read-parts.ts';

const ABSENT = '-';

/** What is of a class of its own may have fields that JSON has not: numbers as expressions know them, what is not known. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Texts of the parts of one subject, each made when it is first asked for. */
export class PartTexts {
  readonly #parts: readonly Part[];
  readonly #written: Written;
  readonly #texts: (string | undefined)[] = [];
  #container: WrittenContainer | undefined;

  constructor(parts: readonly Part[], written: Written) {
    this.#parts = parts;
    this.#written = written;
  }

  /** Goes to a container: what was known of the one before is forgotten. */
  enter(element: Element): void {
    this.#container = element instanceof WrittenContainer ? element : undefined;
    for (let index = 0; index < this.#parts.length; index += 1) {
      const { root } = this.#parts[index]!;
      if (root === 'container' || root === 'role') this.#texts[index] = undefined;
    }
  }

  /** The texts of some parts; empty where one has none. */
  of(parts: readonly number[]): string {
    let whole = ABSENT;
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index]!;
      let text = this.#texts[part];
      if (text === undefined) {
        text = this.#read(this.#parts[part]!);
        this.#texts[part] = text;
      }
      if (text === '') return '';
      whole += text;
    }
    return whole;
  }

  #read({ root, field }: Part): string {
    if (root === 'role') return partText(this.#container?.role);
    const holder = root === 'container' ? this.#container?.spec : this.#written[root];
    if (!isPlain(holder)) return '';
    return Object.hasOwn(holder, field) ? partText(holder[field]) : ABSENT;
  }
}
