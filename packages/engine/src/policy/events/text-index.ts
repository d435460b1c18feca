import { folderOfPath, nameOfPath } from './event-view.ts';
import type { Atom } from './necessary-atoms.ts';

/** What somebody asks of a text, or of the folder or the last part of a path. */
export interface TextAtom extends Pick<Atom, 'is' | 'text'> {
  part?: 'name' | 'folder' | undefined;
}

/** Texts whose answers are kept; a program that makes up new ones all the time must not fill the memory. */
const MOST_KEPT = 20_000;
const NONE: readonly number[] = [];

type Holds = (text: string) => boolean;

/** Finds who asks for a text: by the whole text, by parts of a path, by its first folder, else by looking. */
export class TextIndex {
  readonly #whole = new Map<string, number[]>();
  readonly #names = new Map<string, number[]>();
  readonly #folders = new Map<string, number[]>();
  readonly #roots = new Map<string, { prefix: string; position: number }[]>();
  readonly #others: { holds: Holds; position: number }[] = [];
  readonly #kept = new Map<string, readonly number[]>();

  add({ is, text, part }: TextAtom, position: number): void {
    const root = is === 'prefix' && part === undefined ? rootOf(text) : undefined;
    if (is === 'equal')
      put(part === 'name' ? this.#names : part === 'folder' ? this.#folders : this.#whole, text, position);
    else if (root !== undefined) put(this.#roots, root, { prefix: text, position });
    else if (is === 'suffix' && part === undefined && text.lastIndexOf('/') === 0)
      put(this.#names, text.slice(1), position);
    else this.#others.push({ holds: testOf(is, text, part), position });
    this.#kept.clear();
  }

  /** Positions of those who ask for it, each once. */
  find(text: string): readonly number[] {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    const found = this.#look(text);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(text, found);
    return found;
  }

  #look(text: string): readonly number[] {
    const found = new Set<number>(this.#whole.get(text));
    for (const position of this.#names.get(nameOfPath(text)) ?? NONE) found.add(position);
    for (const position of this.#folders.get(folderOfPath(text)) ?? NONE) found.add(position);
    for (const { prefix, position } of this.#roots.get(rootOf(text) ?? '') ?? []) {
      if (text.startsWith(prefix)) found.add(position);
    }
    for (const { holds, position } of this.#others) if (holds(text)) found.add(position);
    return found.size === 0 ? NONE : [...found];
  }
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** `/etc/` of `/etc/ssl/x`; undefined where no folder is whole. */
function rootOf(text: string): string | undefined {
  if (!text.startsWith('/')) return undefined;
  const end = text.indexOf('/', 1);
  return end < 0 ? undefined : text.slice(0, end + 1);
}

const TESTS: Readonly<Record<Atom['is'], (value: string, text: string) => boolean>> = {
  equal: (value, text) => value === text,
  prefix: (value, text) => value.startsWith(text),
  suffix: (value, text) => value.endsWith(text),
  part: (value, text) => value.includes(text),
};

function testOf(is: Atom['is'], text: string, part: TextAtom['part']): Holds {
  const holds = TESTS[is];
  if (part === 'name') return (value) => holds(nameOfPath(value), text);
  return part === 'folder' ? (value) => holds(folderOfPath(value), text) : (value) => holds(value, text);
}
