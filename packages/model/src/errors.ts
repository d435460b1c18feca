/** Options every error of ours carries beside its message. */
export interface ErrorDetails {
  /** Stable, machine-readable, kebab-case: `advisories-missing`. */
  code: string;
  /** What to do next, as a sentence. */
  hint?: string;
  cause?: unknown;
}

abstract class BreakwaterError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, { code, hint, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** The person at the keyboard can mend it: a wrong path, a flag, a missing import. */
export class UserError extends BreakwaterError {}

/** Something we depend on failed: trying again may help. */
export class UpstreamError extends BreakwaterError {
  /** Milliseconds for which it asked to be left alone, where it did. */
  readonly retryAfter: number | undefined;

  constructor(message: string, details: ErrorDetails & { retryAfter?: number | undefined }) {
    super(message, details);
    this.retryAfter = details.retryAfter;
  }
}
