import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory } from './ecosystem.ts';
import type { LanguagePackage } from './language-component.ts';
import { isIdentity } from './purl-of.ts';

/** A package that a lock file lists, each name and version once. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  licences: string[];
  development: boolean;
  relationship: Relationship | undefined;
  line: number | undefined;
  /** What it needs, of the same file; undefined where the file does not tell. */
  needs: Set<LockedPackage> | undefined;
}

export type Relationship = NonNullable<Component['relationship']>;

const LONGEST_VERSION = 1024;
/** Edges of a file that are kept: those of the largest projects are a tenth of it. */
const MOST_EDGES = 200_000;
/** What a package is where its entries differ: the first of these. */
const CLOSEST: (Relationship | undefined)[] = ['root', 'workspace', 'direct', 'indirect', undefined];

/**
 * What a lock file lists, each name and version once: a package is of development only where every entry of it is, and
 * as close to the project as the closest of its entries. Entries that cannot be read are counted, so that a list with
 * holes is never taken for a whole one.
 */
export class LockedPackages {
  readonly #component: (item: LanguagePackage) => Component;
  readonly #form: RegExp;
  readonly #found = new Map<string, LockedPackage>();
  #edges = 0;
  #skipped = 0;
  #line: number | undefined;

  /** `form` is what names look like in the ecosystem. */
  constructor(component: (item: LanguagePackage) => Component, form: RegExp) {
    this.#component = component;
    this.#form = form;
  }

  /** Takes an entry; one whose name cannot be a name is skipped, and undefined. The version may be empty. */
  add(name: string, version: string, details: LockedDetails = {}): LockedPackage | undefined {
    const { development = false, licences = [], relationship, line } = details;
    if (!isIdentity(name) || !this.#form.test(name) || version.length > LONGEST_VERSION || version.includes('\0')) {
      this.skip(line);
      return undefined;
    }
    const key = `${name}\0${version}`;
    const known = this.#found.get(key);
    if (known === undefined) {
      const item = { name, version, licences, development, relationship, line, needs: undefined };
      this.#found.set(key, item);
      return item;
    }
    known.development &&= development;
    known.relationship = CLOSEST.find((one) => one === relationship || one === known.relationship);
    known.line ??= line;
    return known;
  }

  /** Says what a package needs: these, and those that were said before. */
  link(from: LockedPackage, targets: Iterable<LockedPackage>): void {
    from.needs ??= new Set();
    for (const target of targets) {
      if (target === from || this.#edges >= MOST_EDGES || from.needs.has(target)) continue;
      from.needs.add(target);
      this.#edges += 1;
    }
  }

  /** Counts an entry that could not be read. */
  skip(line?: number): void {
    this.#skipped += 1;
    this.#line ??= line;
  }

  /** Hands over what was found. */
  finish(path: string, { target }: EcosystemContext, { components, unknowns }: Inventory): void {
    const made = new Map<LockedPackage, Component>();
    for (const item of this.#found.values()) {
      const { name, version, licences, development, relationship, line } = item;
      const known = { ...(relationship !== undefined && { relationship }), ...(line !== undefined && { line }) };
      const details = { name, version, licences, development, path, scope: 'locked' as const, files: [] };
      made.set(item, this.#component({ ...details, ...known }));
    }
    for (const [{ needs }, component] of made) {
      if (needs !== undefined) component.dependsOn = [...new Set([...needs].map((item) => made.get(item)!.id))];
      components.push(component);
    }
    if (this.#skipped === 0) return;
    unknowns.push({
      code: 'package-incomplete',
      message: `Entries of a lock file that have a wrong form: ${this.#skipped}; packages may be missing`,
      place: { source: target, path: `/${path}`, ...(this.#line !== undefined && { line: this.#line }) },
    });
  }
}

export interface LockedDetails {
  development?: boolean;
  licences?: string[];
  relationship?: Relationship | undefined;
  /** One-based. */
  line?: number | undefined;
}
