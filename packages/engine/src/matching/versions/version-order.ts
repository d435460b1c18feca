/**
 * How versions of some ecosystems are ordered. A version is parsed once and compared many times.
 * `compare` is a total order over whatever `parse` returns: reflexive, antisymmetric and transitive.
 */
export interface VersionOrder<T = unknown> {
  /** OSV ecosystems without their release: `Debian`, `npm`. */
  readonly ecosystems: readonly string[];
  /** The version in parts, or undefined when it is none in these ecosystems: then nothing can be said of it. */
  parse(version: string): T | undefined;
  /** Below 0 when `a` comes before `b`, 0 when they are the same version, above 0 otherwise. */
  compare(a: T, b: T): number;
}

/** Longer version strings are refused: no package has one, and orders stay cheap on hostile input. */
export const LONGEST_VERSION = 1000;
