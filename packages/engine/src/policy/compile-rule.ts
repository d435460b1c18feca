import type { KubernetesRange, Rule } from '@breakwater/model';
import { type CompiledExpression, compileExpression } from './cel/index.ts';
import { FACT_NAMES } from './facts/facts.ts';
import { type FieldPath, parseFieldPath } from './field-path.ts';

export interface CompiledRule {
  each: Rule['each'];
  /** What it goes through where that is an expression of its own. */
  readonly list: CompiledExpression | undefined;
  /** Path of that list inside the object, where the expression is nothing but a path. */
  listPath: readonly (string | number)[] | undefined;
  /** Versions that it holds for; all when absent. */
  kubernetes: KubernetesRange | undefined;
  readonly expression: CompiledExpression;
  readonly message: CompiledExpression;
  /** Paths to the field at fault, the best first. */
  fields: readonly FieldPath[];
  /** What the expression gives when all is well: true for `require`, false for `forbid`. */
  wanted: boolean;
  /** Facts that it uses, `variables` among them. */
  facts: ReadonlySet<string>;
}

/** Where in a rule a fault is. */
export type RuleField = 'each' | 'expr' | 'message' | 'field';

/** Everything that expressions of policies may use. */
export const VARIABLE_NAMES: readonly string[] = [...FACT_NAMES, 'variables'];

const ELEMENT_NAMES: Readonly<Record<string, readonly string[]>> = { containers: ['c'], vulnerabilities: ['v'] };

/** Variables of a rule: every fact, and the element that it is at. */
const variablesOf = ({ each }: Rule): string[] =>
  each === undefined ? [...VARIABLE_NAMES] : [...VARIABLE_NAMES, ...(ELEMENT_NAMES[each] ?? ['item', 'key'])];

const compileField = (rule: Rule, field: 'expr' | 'message'): CompiledExpression =>
  compileExpression(rule[field], { variables: variablesOf(rule) });

/** The expression that `each` is, if it names none of our lists. */
const listSource = ({ each }: Rule): string | undefined =>
  each === undefined || Object.hasOwn(ELEMENT_NAMES, each) ? undefined : each;

const compileList = (source: string): CompiledExpression => compileExpression(source, { variables: VARIABLE_NAMES });

/** What needs no compiling. */
function shapeOf(rule: Rule): Pick<CompiledRule, 'each' | 'kubernetes' | 'listPath' | 'fields'> {
  const { each, kubernetes, field = [] } = rule;
  const list = parseFieldPath(listSource(rule) ?? '');
  return {
    each,
    kubernetes,
    listPath: list?.root === 'object' ? list.steps : undefined,
    fields: [field].flat().flatMap((text) => parseFieldPath(text) ?? []),
  };
}

/**
 * Compiles a rule now.
 *
 * @param onFault is given the field and what was thrown where an expression is at fault; the rule is then undefined.
 */
export function compileRule(
  rule: Rule,
  wanted: boolean,
  onFault: (field: RuleField, error: unknown) => void,
): CompiledRule | undefined {
  const compile = (field: RuleField, work: () => CompiledExpression): CompiledExpression | undefined => {
    try {
      return work();
    } catch (error) {
      onFault(field, error);
      return undefined;
    }
  };
  const source = listSource(rule);
  const list = source === undefined ? undefined : compile('each', () => compileList(source));
  const expression = compile('expr', () => compileField(rule, 'expr'));
  const message = compile('message', () => compileField(rule, 'message'));
  if (expression === undefined || message === undefined || (source !== undefined && list === undefined))
    return undefined;
  const used = [...expression.references, ...(list?.references ?? [])];
  return { ...shapeOf(rule), list, expression, message, wanted, facts: withElement(rule, used) };
}

/**
 * A rule of ours, whose expressions are compiled when they are first asked for: most commands need few of them. Its
 * facts are read from the text; a test holds them equal to those that compiling gives.
 */
export function compileRuleLater(rule: Rule, wanted: boolean): CompiledRule {
  let expression: CompiledExpression | undefined;
  let message: CompiledExpression | undefined;
  let list: CompiledExpression | undefined;
  const source = listSource(rule);
  return {
    ...shapeOf(rule),
    wanted,
    facts: withElement(rule, namesIn(`${rule.expr} ${source ?? ''}`)),
    get list() {
      if (source !== undefined) list ??= compileList(source);
      return list;
    },
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

const withElement = (rule: Rule, names: Iterable<string>): ReadonlySet<string> =>
  new Set([...[...names].filter(isFact), ...(rule.each === undefined || listSource(rule) ? [] : [rule.each])]);

const isFact = (name: string): boolean => VARIABLE_NAMES.includes(name);

/** Names outside of strings that are no field of something. */
export function namesIn(source: string): string[] {
  const code = source.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  return [...code.matchAll(/(?<![\w.])[a-zA-Z]\w*/g)].map(([name]) => name);
}
