import type { LineFinder } from '../line-finder.ts';
import type { LockedPackage, LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../read-text.ts';
import { readLicences } from './npm-component.ts';

/** Deepest nesting of `dependencies` that is followed: npm's own trees stay far below. */
const DEEPEST = 64;

type Scope = ReadonlyMap<string, LockedPackage>;

/**
 * The `dependencies` of a lock file of version 1, which nest as folders do. What a package `requires` is its own, or
 * that of whom it lies in. What the project itself names is not told.
 */
export class NestedDependencies {
  readonly #locked: LockedPackages;
  readonly #lines: LineFinder;
  readonly #wanting: { item: LockedPackage; names: string[]; scopes: Scope[] }[] = [];

  constructor(locked: LockedPackages, lines: LineFinder) {
    this.#locked = locked;
    this.#lines = lines;
  }

  /** Takes the outermost `dependencies`. */
  read(dependencies: unknown): void {
    this.#readLevel(dependencies, []);
    for (const { item, names, scopes } of this.#wanting) this.#locked.link(item, find(names, scopes));
  }

  /** Packages beside each other, below those of the folders above, nearest last. */
  #readLevel(dependencies: unknown, above: Scope[]): Scope {
    const scope = new Map<string, LockedPackage>();
    if (!isFields(dependencies) || above.length > DEEPEST) {
      this.#locked.skip();
      return scope;
    }
    const scopes = [...above, scope];
    for (const [key, entry] of Object.entries(dependencies)) {
      if (!isFields(entry)) {
        this.#locked.skip();
        continue;
      }
      const item = this.#add(key, entry);
      if (item !== undefined) scope.set(key, item);
      const own = 'dependencies' in entry ? [...scopes, this.#readLevel(entry['dependencies'], scopes)] : scopes;
      if (item !== undefined)
        this.#wanting.push({ item, names: Object.keys(fieldsOf(entry, 'requires')), scopes: own });
    }
    return scope;
  }

  #add(key: string, entry: Fields): LockedPackage | undefined {
    const stated = textOf(entry, 'version');
    const alias = /^npm:(.+)@([^@]+)$/.exec(stated);
    const [name, version] = alias === null ? [key, /^\d/.test(stated) ? stated : ''] : [alias[1]!, alias[2]!];
    const development = entry['dev'] === true;
    return this.#locked.add(name, version, {
      development,
      licences: readLicences(entry['license']),
      line: this.#lines.findKey(key),
    });
  }
}

function find(names: string[], scopes: Scope[]): LockedPackage[] {
  return names.flatMap((name) => scopes.findLast((scope) => scope.has(name))?.get(name) ?? []);
}
