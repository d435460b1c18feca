import type { KubernetesRange, Rule } from '@breakwater/model';
import type { CompiledExpression } from './cel/index.ts';
import { fieldsNamed } from './facts/fault-fields.ts';
import { type FieldPath, parseFieldPath } from './field-path.ts';
import type { Compiler, PolicyExpression, Report } from './policy-expression.ts';
import { type CompiledVariable, factsBehind, VARIABLE_NAMES } from './variables.ts';

export interface CompiledRule {
  each: Rule['each'];
  /** What it goes through where that is an expression of its own. */
  list: CompiledExpression | undefined;
  /** Path of that list inside the object, where the expression is nothing but a path. */
  listPath: readonly (string | number)[] | undefined;
  /** Versions that it holds for; all when absent. */
  kubernetes: KubernetesRange | undefined;
  expression: CompiledExpression;
  message: CompiledExpression;
  /** Paths to the field at fault, the best first. */
  readonly fields: readonly FieldPath[];
  /** Whether the rule says so itself, and they are not only those that it looks at. */
  namesFields: boolean;
  /** What the expression gives when all is well: true for `require`, false for `forbid`. */
  wanted: boolean;
  /** Facts that it uses, those of the policy's variables in it included, and `variables` itself. */
  facts: ReadonlySet<string>;
}

/** Lists of ours that rules go through, with the name of the element. */
const LISTS: Readonly<Record<string, string>> = { containers: 'c', vulnerabilities: 'v' };

const isOurs = (each: string): boolean => Object.hasOwn(LISTS, each);

/** Names that a rule's expressions may use beside the facts: of the element that it is at. */
const elementNames = (each: string | undefined): string[] =>
  each === undefined ? [] : isOurs(each) ? [LISTS[each] as string] : ['item', 'key'];

/** Compiles a rule; undefined where it cannot be used. */
export function compileRule(
  rule: Rule,
  wanted: boolean,
  pointer: (string | number)[],
  variables: readonly CompiledVariable[],
  compile: Compiler,
  report: Report,
): CompiledRule | undefined {
  const { each, kubernetes } = rule;
  const source = each === undefined || isOurs(each) ? undefined : each;
  const names = [...VARIABLE_NAMES, ...elementNames(each)];
  const list = source === undefined ? undefined : compile([...pointer, 'each'], source, VARIABLE_NAMES);
  const expression = compile([...pointer, 'expr'], rule.expr, names);
  const message = compile([...pointer, 'message'], rule.message, names);
  if (expression === undefined || message === undefined || (source !== undefined && list === undefined))
    return undefined;
  const facts = (field: 'each' | 'expr' | 'message', text: string, found: PolicyExpression | undefined) =>
    found === undefined ? [] : factsBehind(text, found.names, variables, [...pointer, field], report);
  if (rule.message.includes('variables')) facts('message', rule.message, message);
  const used = new Set([...facts('expr', rule.expr, expression), ...facts('each', source ?? '', list)]);
  for (const name of elementNames(each)) used.delete(name);
  if (each !== undefined && isOurs(each)) used.add(each);
  const path = parseFieldPath(source ?? '');
  let fields = rule.field === undefined ? undefined : readFields(rule, [...pointer, 'field'], report);
  return {
    each,
    list: list?.expression,
    listPath: path?.root === 'object' ? path.steps : undefined,
    kubernetes,
    expression: expression.expression,
    message: message.expression,
    get fields() {
      fields ??= fieldsOf(rule);
      return fields;
    },
    namesFields: rule.field !== undefined,
    wanted,
    facts: used,
  };
}

/** Where a rule names no field, those that it looks at: of its element only where it goes through one. */
const fieldsOf = ({ each, expr }: Rule): FieldPath[] =>
  fieldsNamed(expr).filter(({ root }) => !['c', 'item'].includes(root) || elementNames(each).includes(root));

/** The paths that a rule names as being at fault; one that leads nowhere is reported. */
function readFields({ each, field = [] }: Rule, pointer: (string | number)[], report: Report): FieldPath[] {
  return [field].flat().flatMap((text, index) => {
    const at = Array.isArray(field) ? [...pointer, index] : pointer;
    const path = parseFieldPath(text);
    if (path === undefined) report(at, `${text} is no path from object, workload.pod, c or item`);
    else if ((path.root === 'c' || path.root === 'item') && !elementNames(each).includes(path.root)) {
      report(at, `${text} begins at ${path.root}, which this rule does not go through`);
    }
    return path ?? [];
  });
}
