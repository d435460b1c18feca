/** What names mean at a place in an expression. */
export interface Scope {
  source: string;
  variables: ReadonlySet<string>;
  /** Collects the variables that the expression does use. */
  references: Set<string>;
  /** Prefix for names that are not found as they are, as protobuf packages are; empty for none. */
  container: string;
  /** Variables of the macros around, each with its slot. */
  locals: ReadonlyMap<string, number>;
  /** How many macros are around: the next free slot. */
  level: number;
}
