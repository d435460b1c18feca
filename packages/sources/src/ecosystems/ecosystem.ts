import type { Component, Distribution, Unknown } from '@breakwater/model';

/** A file that an ecosystem asked for, from the final file system of an image or from a folder. */
export interface PackageFile {
  /** Relative to the root, without a leading slash: `var/lib/dpkg/status`. */
  path: string;
  /** Its content; where it was distilled, the facts that the ecosystem's own distiller wrote. */
  bytes: Buffer;
  distilled?: true;
}

/** What is known of a file when its first bytes have come. */
export interface FileHead {
  path: string;
  /** Bytes of the whole file. */
  size: number;
  /** The first 64 bytes, or all of a shorter file. */
  bytes: Buffer;
}

/**
 * Takes the facts out of a file that is too large to keep: an executable, an archive. Its content is foreign and is
 * gone once the facts are taken. Never throws on it.
 */
export interface Distiller {
  /** Bytes up to which the file is handed over whole. */
  largest: number;
  /**
   * Names of sections: an ELF file that has none of them holds no facts, and its content need not be handed over. Absent:
   * any file may hold some.
   */
  sections?: readonly string[];
  /** The facts of a whole file, in a form of the ecosystem's own; undefined where it holds none. */
  whole(content: Buffer): Buffer | undefined;
  /** Begins to read a larger file piece by piece. Absent: a larger file is an unknown. */
  stream?(): DistillerStream;
}

export interface DistillerStream {
  /** The next bytes; they are valid only during the call. */
  write(bytes: Buffer): void;
  /** The facts, after the last byte. */
  end(): Buffer | undefined;
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
  /** Whether a package of the operating system brought the file at this path, given with its leading slash. */
  isPackaged?(path: string): boolean;
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
  files: Record<string, string | Uint8Array>;
  expected: {
    purl: string;
    files?: string[];
    licences?: string[];
    source?: string;
    scope?: Component['scope'];
  }[];
  /** Codes of unknowns that the example cannot be without. */
  unknowns?: string[];
}

/** One family of packages: a folder here and a line in `index.ts`. */
export interface Ecosystem {
  name: string;
  /** Asked for each file of an image, so it must be quick; true has the file's content kept for `parse`. */
  wants(path: string): boolean;
  /**
   * Asked for each file that nobody wants by its path, so it must be quick; an answer has the file's facts taken while
   * it passes and given to `parse`.
   */
  distil?(head: FileHead): Distiller | undefined;
  /** Gets every file it wanted, and the facts of every file it distilled. Never throws on their content. */
  parse(files: PackageFile[], context: EcosystemContext): Inventory;
  capabilities: Capabilities;
}
