import type { ComponentType } from '@breakwater/model';

/** How a program that no package manager brought is known: by the name of its file and by a text that its build wrote into it. */
export interface Classifier {
  /** Stable: what judges runtimes by their name (their end of life, for one) goes by it. */
  name: string;
  /** What NVD calls it, `vendor:product`, the likeliest first. */
  products: string[];
  /** Its purl without version, `golang/helm.sh/helm`; absent for `generic/` and its name. */
  purl?: `${ComponentType}/${string}`;
  /** What the name of its file looks like, from `^` to `$`: all are asked in one expression. */
  file: RegExp;
  /** Read whatever kind of file it is; absent for what is looked for only in executables. */
  text?: true;
  /** Texts that tell its version, the surest first. */
  marks: Mark[];
}

export interface Mark {
  /** Bytes that are looked for; only what lies around them is matched. */
  near: string;
  /** At most 128 characters before and after `near`, each byte a character; the first group is the version. */
  pattern: RegExp;
}

/** Bytes on either side of a mark that its pattern sees. */
export const CONTEXT = 192;
