/** What a suite says to one case: the answer in the shape of the suite's README, or why there is none. */
export type Answer = { answer: unknown } | { unsupported: string };

/** A truth suite: how its cases are answered. A new one is a file beside this one and a line in `suites.ts`. */
export interface Suite {
  readonly name: string;
  /** The fields of a case that may be looked at: the answer must come from nothing else, least of all from the id. */
  readonly reads: readonly string[];
  /** `folder` is the suite's: paths in a case are relative to it. May throw: that is `unsupported`, never a verdict. */
  answer(fields: Record<string, unknown>, folder: string): Answer | Promise<Answer>;
  /** Of a suite that comes from a package: its cases, what is said of them first, and what is wrong with an answer. */
  readonly own?: {
    cases(): { cases: readonly object[]; note: string };
    judge(item: object, said: Answer): string | undefined;
  };
}
