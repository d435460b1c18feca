/** Descriptor on which the child writes messages, one JSON value a line: stray output of a parser cannot forge one. */
export const RESULT = 3;

/** Descriptor of the first file handed over. */
export const FIRST_FILE = 4;

/** What the parent writes to the child's standard input. */
export interface Request {
  module: string;
  function: string;
  input: unknown;
  /** Descriptors of the files handed over. */
  files: number[];
  /** Sources of modules with their types already stripped, by URL: they are not read again. */
  modules: Record<string, string>;
  /** URLs of those that are imported by the name of their package. */
  names: Record<string, string>;
}

/** What the child answers. `ready` proves that the launcher granted what was asked. */
export type Message =
  | { kind: 'ready' }
  | { kind: 'item'; item: unknown }
  | { kind: 'result'; value: unknown }
  | { kind: 'failed'; message: string };
