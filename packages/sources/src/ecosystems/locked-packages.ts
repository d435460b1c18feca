import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory } from './ecosystem.ts';
import type { LanguagePackage } from './language-component.ts';
import { isIdentity } from './purl-of.ts';

interface Locked {
  name: string;
  version: string;
  licences: string[];
  development: boolean;
}

const LONGEST_VERSION = 1024;

/**
 * What a lock file lists, each name and version once: a package is of development only where every entry of it is.
 * Entries that cannot be read are counted, so that a list with holes is never taken for a whole one.
 */
export class LockedPackages {
  readonly #component: (item: LanguagePackage) => Component;
  readonly #form: RegExp;
  readonly #found = new Map<string, Locked>();
  #skipped = 0;
  #line: number | undefined;

  /** `form` is what names look like in the ecosystem. */
  constructor(component: (item: LanguagePackage) => Component, form: RegExp) {
    this.#component = component;
    this.#form = form;
  }

  /** Takes an entry; one whose name cannot be a name is skipped. The version may be empty. */
  add(name: string, version: string, { line, ...details }: LockedDetails = {}): void {
    if (!isIdentity(name) || !this.#form.test(name) || version.length > LONGEST_VERSION || version.includes('\0')) {
      this.skip(line);
      return;
    }
    const { development = false, licences = [] } = details;
    const key = `${name}\0${version}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { name, version, licences, development });
    else known.development &&= development;
  }

  /** Counts an entry that could not be read. */
  skip(line?: number): void {
    this.#skipped += 1;
    this.#line ??= line;
  }

  /** Hands over what was found. */
  finish(path: string, { target }: EcosystemContext, { components, unknowns }: Inventory): void {
    for (const item of this.#found.values()) {
      components.push(this.#component({ ...item, path, scope: 'locked', files: [] }));
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
  /** One-based. */
  line?: number | undefined;
}
