/** Entries of one name that are taken where a pattern is not listed: resolutions of a project lead elsewhere. */
const MOST_OF_A_NAME = 8;

/** The entries of a lock file of yarn by the patterns that they answer: `ms@^2.0.0`. */
export class Patterns<Entry> {
  readonly #byPattern = new Map<string, Entry>();
  readonly #byName = new Map<string, Entry[]>();

  /** Has an entry answer these patterns. */
  add(entry: Entry, patterns: readonly string[]): void {
    for (const pattern of patterns) this.#byPattern.set(pattern, entry);
    for (const name of new Set(patterns.map(nameOf))) {
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [entry]);
      else if (known.length < MOST_OF_A_NAME) known.push(entry);
    }
  }

  /** What answers ranges of names: the entry of the pattern, else every entry of the name, for it is one of them. */
  findAll(needs: readonly (readonly [name: string, range: string])[]): Entry[] {
    const found = new Set<Entry>();
    for (const [name, range] of needs) for (const entry of this.#find(name, range)) found.add(entry);
    return [...found];
  }

  #find(name: string, range: string): readonly Entry[] {
    const entry = this.#byPattern.get(`${name}@${range}`) ?? this.#byPattern.get(`${name}@npm:${range}`);
    return entry === undefined ? (this.#byName.get(name) ?? []) : [entry];
  }
}

function nameOf(pattern: string): string {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? pattern : pattern.slice(0, at);
}
