import type { Component, Distribution, Unknown } from '@breakwater/model';

/** A file that an ecosystem asked for, from the final file system of an image or from a folder. */
export interface PackageFile {
  /** Relative to the root, without a leading slash: `var/lib/dpkg/status`. */
  path: string;
  bytes: Buffer;
}

/** Questions about the final file system. */
export interface FileTree {
  /** The path with every link followed, inside the root; undefined where nothing is there or links go in circles. */
  resolve(path: string): string | undefined;
  /** Whether a file that is no folder is at this path, links followed. */
  isFile(path: string): boolean;
}

/** What a parser knows beside its files. */
export interface EcosystemContext {
  /** What the user named, for places of unknowns. */
  target: string;
  distribution?: Distribution;
  /** Absent where only identities matter, not owned files: an older state of a data base, a lock file on its own. */
  tree?: FileTree;
}

/** What was read: a file that could not be read is an unknown, never nothing. */
export interface Inventory {
  components: Component[];
  unknowns: Unknown[];
}

/** A claim that the conformance test holds an ecosystem to. */
export interface Capabilities {
  /** Files that are read, as people write them. */
  reads: string[];
  /** Whether `Component.files` tells who owns a path. */
  ownership: boolean;
  licences: boolean;
  /** The source package that a binary package was built from. */
  sourcePackages: boolean;
  /** What is left out on purpose, a sentence each. */
  leavesOut: string[];
  /** A smallest image that proves the claims. */
  examples: CapabilityExample[];
}

export interface CapabilityExample {
  title: string;
  /** Path to content. */
  files: Record<string, string>;
  expected: {
    purl: string;
    files?: string[];
    licences?: string[];
    source?: string;
    scope?: Component['scope'];
  }[];
}

/** One family of packages: a folder here and a line in `index.ts`. */
export interface Ecosystem {
  name: string;
  /** Asked for each file of an image, so it must be quick; true has the file's content kept for `parse`. */
  wants(path: string): boolean;
  /** Gets every file it wanted. Never throws on their content. */
  parse(files: PackageFile[], context: EcosystemContext): Inventory;
  capabilities: Capabilities;
}
