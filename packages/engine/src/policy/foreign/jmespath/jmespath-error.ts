/** What is wrong with an expression or with what it was applied to. */
export class JmesPathError extends Error {}

/** A fact or a function that an expression needs and that is not there: nothing follows from the expression. */
export class JmesPathUnknown extends Error {
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`not known: ${missing.join(', ')}`);
    this.missing = missing;
  }
}
