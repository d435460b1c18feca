import type { Checked } from './check/checker.ts';
import type { FunctionTable } from './functions/index.ts';

/** What names mean at a place in an expression. */
export interface Scope {
  source: string;
  variables: ReadonlySet<string>;
  /** What the checker found out; undefined where types are not checked. */
  checked: Checked | undefined;
  /** Prefix for names that are not found as they are, as protobuf packages are; empty for none. */
  container: string;
  /** Functions beside those of the libraries. */
  functions?: FunctionTable | undefined;
  /** Variables of the macros around, each with its slot. */
  locals: ReadonlyMap<string, number>;
  /** How many variables are around: the next free slot. */
  level: number;
  /** Whether evaluators note where an evaluation ended for its cost. */
  traces: boolean;
}

/** The scope inside a macro, with its variables in the next slots. */
export function enter(scope: Scope, ...names: string[]): Scope {
  const locals = new Map(scope.locals);
  names.forEach((name, index) => {
    locals.set(name, scope.level + index);
  });
  return { ...scope, locals, level: scope.level + names.length };
}
