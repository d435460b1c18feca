import type { KubernetesRange, Rule } from '@breakwater/model';
import { type CompiledExpression, compileExpression } from './cel/index.ts';
import { FACT_NAMES } from './facts/facts.ts';

export interface CompiledRule {
  each: Rule['each'];
  /** Versions that it holds for; all when absent. */
  kubernetes: KubernetesRange | undefined;
  readonly expression: CompiledExpression;
  readonly message: CompiledExpression;
  /** What the expression gives when all is well: true for `require`, false for `forbid`. */
  wanted: boolean;
  /** Facts that it uses. */
  facts: ReadonlySet<string>;
}

/** Variables of a rule: every fact, and the element that it is at. */
const variablesOf = ({ each }: Rule): string[] => [
  ...FACT_NAMES,
  ...(each === 'containers' ? ['c'] : each === 'vulnerabilities' ? ['v'] : []),
];

const compileField = (rule: Rule, field: 'expr' | 'message'): CompiledExpression =>
  compileExpression(rule[field], { variables: variablesOf(rule) });

/**
 * Compiles a rule now.
 *
 * @param onFault is given the field and what was thrown where an expression is at fault; the rule is then undefined.
 */
export function compileRule(
  rule: Rule,
  wanted: boolean,
  onFault: (field: 'expr' | 'message', error: unknown) => void,
): CompiledRule | undefined {
  const compile = (field: 'expr' | 'message'): CompiledExpression | undefined => {
    try {
      return compileField(rule, field);
    } catch (error) {
      onFault(field, error);
      return undefined;
    }
  };
  const expression = compile('expr');
  const message = compile('message');
  if (expression === undefined || message === undefined) return undefined;
  const { each, kubernetes } = rule;
  return { each, kubernetes, expression, message, wanted, facts: withElement(rule, expression.references) };
}

/**
 * A rule of ours, whose expressions are compiled when they are first asked for: most commands need few of them. Its
 * facts are read from the text; a test holds them equal to those that compiling gives.
 */
export function compileRuleLater(rule: Rule, wanted: boolean): CompiledRule {
  let expression: CompiledExpression | undefined;
  let message: CompiledExpression | undefined;
  return {
    each: rule.each,
    kubernetes: rule.kubernetes,
    wanted,
    facts: withElement(rule, factsNamedIn(rule.expr)),
    get expression() {
      expression ??= compileField(rule, 'expr');
      return expression;
    },
    get message() {
      message ??= compileField(rule, 'message');
      return message;
    },
  };
}

const withElement = ({ each }: Rule, facts: Iterable<string>): ReadonlySet<string> =>
  new Set([...[...facts].filter(isFact), ...(each === undefined ? [] : [each])]);

const isFact = (name: string): boolean => (FACT_NAMES as readonly string[]).includes(name);

/** Names of facts outside of strings that are no field of something. */
function factsNamedIn(source: string): string[] {
  const code = source.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  return [...code.matchAll(/(?<![\w.])[a-zA-Z]\w*/g)].map(([name]) => name).filter(isFact);
}
