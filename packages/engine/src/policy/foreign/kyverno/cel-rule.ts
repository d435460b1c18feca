import type { KyvernoRule } from '@breakwater/model/foreign';
import { Failure } from '../../cel/index.ts';
import type { Facts } from '../../facts/facts.ts';
import { parametersFor } from '../admission-policy/parameters.ts';
import type { ReportFault } from '../expressions/compile-parts.ts';
import {
  beginEvaluation,
  compileExpressionRules,
  type ExpressionRules,
  meetsConditions,
  runValidations,
} from '../expressions/expression-rules.ts';
import { outcomeOf } from '../foreign-policy.ts';
import { admissionFacts, type JudgedRequest } from '../judged-request.ts';
import { PASS, type RuleResult, SKIP } from './rule-result.ts';

export interface CompiledCelRule {
  rules: ExpressionRules;
  cel: NonNullable<NonNullable<KyvernoRule['validate']>['cel']>;
  /** The rule's own message, for validations without one. */
  message: string;
}

const VARIABLES = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', 'variables', 'params'];

/** Compiles `validate.cel` with its preconditions; undefined where the rule has none. */
export function compileCelRule(
  { validate, celPreconditions }: KyvernoRule,
  pointer: readonly (string | number)[],
  report: ReportFault,
): CompiledCelRule | undefined {
  const cel = validate?.cel;
  if (!cel) return undefined;
  const inside = [...pointer, 'validate', 'cel'];
  const rules = compileExpressionRules(
    {
      conditions: celPreconditions ?? [],
      variables: cel.variables ?? [],
      validations: cel.expressions ?? [],
      annotations: cel.auditAnnotations ?? [],
    },
    { variables: VARIABLES },
    {
      conditions: [...pointer, 'celPreconditions'],
      variables: [...inside, 'variables'],
      validations: [...inside, 'expressions'],
      annotations: [...inside, 'auditAnnotations'],
    },
    report,
  );
  return { rules, cel, message: validate.message ?? '' };
}

/** Judges a request by the rule's expressions, for every parameter that it is given. */
export function judgeCelRule(
  { rules, cel, message }: CompiledCelRule,
  request: JudgedRequest,
  facts: Facts,
  failurePolicy: 'Fail' | 'Ignore',
): RuleResult {
  const failed = (failure: Failure): RuleResult => resultOf(failure, failurePolicy);
  const parameters = parametersFor(cel.paramKind, cel.paramRef, request, facts['params']);
  if (parameters instanceof Failure) return failed(parameters);
  let applied = false;
  for (const params of parameters) {
    const evaluation = beginEvaluation(rules, admissionFacts(request, facts['authorizer'], params));
    const met = meetsConditions(rules, evaluation);
    if (met instanceof Failure) return failed(met);
    if (!met) continue;
    applied = true;
    const broken = runValidations(rules, evaluation).filter(({ value }) => value !== true);
    const first = broken.find(({ value }) => value === false);
    if (first !== undefined) return { status: 'fail', message: messageFor(first, cel, message) };
    const [undecided] = broken;
    if (undecided !== undefined && undecided.value instanceof Failure) return failed(undecided.value);
  }
  return applied ? PASS : SKIP;
}

function messageFor(
  { index, message: said }: { index: number; message: string },
  cel: CompiledCelRule['cel'],
  ruleMessage: string,
): string {
  const { message, messageExpression } = cel.expressions?.[index] ?? {};
  return !message && !messageExpression && ruleMessage !== '' ? ruleMessage.trim() : said;
}

function resultOf(failure: Failure, failurePolicy: 'Fail' | 'Ignore'): RuleResult {
  const { verdict, message, missing } = outcomeOf(failure, failurePolicy);
  return verdict === 'fail' ? { status: 'fail', message } : { status: 'unknown', message, missing };
}
