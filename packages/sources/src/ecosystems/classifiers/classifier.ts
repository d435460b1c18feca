/** How a program that no package manager brought is known: by where it lies and by a text that its build wrote into it. */
export interface Classifier {
  name: string;
  /** What its path looks like. */
  path: RegExp;
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
