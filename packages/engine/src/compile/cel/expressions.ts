import type { Rule } from '@breakwater/model';
import type { Node } from '../../policy/cel/ast.ts';
import { type Checked, checkTypes } from '../../policy/cel/check/checker.ts';
import { parse } from '../../policy/cel/parser.ts';
import { DYN } from '../../policy/cel/types.ts';
import { FACT_NAMES } from '../../policy/facts/facts.ts';

/** Every name that an expression of a policy may use, of any type as where the policy was loaded. */
const VARIABLES = new Map([...FACT_NAMES, 'variables', 'c', 'v', 'item', 'key'].map((name) => [name, DYN]));

/** An expression of a policy, parsed and with its types. */
export interface Expression {
  source: string;
  root: Node;
  checked: Checked;
  /** Type of its value: `dyn` where it is not known. */
  type: string;
  /** Path inside the policy. */
  pointer: (string | number)[];
}

/** A rule of a policy with all its expressions. */
export interface RuleExpressions {
  /** What the condition gives when all is well. */
  wanted: boolean;
  /** `containers`, or the list or map that it goes through; undefined for a rule on the object as a whole. */
  each: 'containers' | 'vulnerabilities' | Expression | undefined;
  condition: Expression;
  message: Expression;
}

/** Reads an expression of a policy that was loaded without a fault. */
export function readExpression(source: string, pointer: (string | number)[]): Expression {
  const root = parse(source);
  const checked = checkTypes(root, { source, variables: VARIABLES, container: '', isDeclared: () => true });
  return { source, root, checked, type: checked.typeOf(root).name, pointer };
}

/** Reads a rule's expressions. */
export function readRule(rule: Rule, wanted: boolean, pointer: (string | number)[]): RuleExpressions {
  const { each } = rule;
  return {
    wanted,
    each:
      each === 'containers' || each === 'vulnerabilities' || each === undefined
        ? each
        : readExpression(each, [...pointer, 'each']),
    condition: readExpression(rule.expr, [...pointer, 'expr']),
    message: readExpression(rule.message, [...pointer, 'message']),
  };
}
