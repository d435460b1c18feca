import { loadPolicies, podSpecPointer } from '@breakwater/engine/policy';
import { testPolicy } from '@breakwater/engine/policy/cases';
import { type JsonObject, Policy, type PolicyCase, type Rule, UserError } from '@breakwater/model';
import { fieldRule, partAt } from './field-rule.ts';

/** What a new policy is made from. */
export interface DraftOptions {
  name: string;
  kinds?: readonly string[] | undefined;
  title?: string | undefined;
  why?: string | undefined;
  fix?: string | undefined;
  severity?: string | undefined;
  phases?: readonly string[] | undefined;
  each?: string | undefined;
  /** CEL that must hold, or must not: one of them at most. */
  require?: string | undefined;
  forbid?: string | undefined;
  message?: string | undefined;
  /** An object that should be refused. */
  object?: JsonObject | undefined;
  /** Path to what is wrong with it: the rule forbids what it says. */
  pointer?: readonly (string | number)[] | undefined;
}

/**
 * Writes a policy with its cases, every one of which it keeps. Throws UserError where what is given makes no policy, or
 * one that does not refuse the object that it should.
 */
export function draftPolicy(options: DraftOptions): Policy {
  const draft = options.pointer === undefined ? fromExpressions(options) : fromField(options, options.pointer);
  const checked = Policy.safeParse(draft);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UserError(`That makes no policy: ${issue?.path.join('.')}: ${issue?.message}.`, {
      code: 'policy-invalid',
    });
  }
  return withVerdicts(checked.data, options.object);
}

type Rules = { require: Rule[] } | { forbid: Rule[] };

/** Without the verdicts of its cases. */
function assemble(
  options: DraftOptions,
  kinds: readonly string[] | undefined,
  rules: Rules,
  fix: string,
  cases: unknown[],
) {
  const { name, severity = 'medium', phases = ['build', 'deploy'] } = options;
  const title = options.title ?? name.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
  return {
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name },
    spec: {
      title,
      why: options.why ?? `${title}: that was decided here.`,
      fix: options.fix ?? fix,
      severity,
      phases,
      ...(kinds === undefined ? {} : { match: { kinds } }),
      ...rules,
      enforcement: Object.fromEntries(phases.map((phase) => [phase, 'audit'])),
      cases,
    },
  };
}

const caseOf = (name: string, object: JsonObject, verdict = 'pass'): unknown => ({ name, given: { object }, verdict });

function fromField(options: DraftOptions, pointer: readonly (string | number)[]): unknown {
  const { object = {} } = options;
  const value = valueAt(object, pointer);
  if (value === undefined) {
    throw new UserError(`The object has no field ${pointer.join('.')}.`, {
      code: 'field-missing',
      hint: 'Name it as a path from its root, such as spec.template.spec.containers[0].securityContext.privileged.',
    });
  }
  const { rule, field, value: shown } = fieldRule(object, pointer, value);
  const kinds = options.kinds ?? (rule.each === 'containers' ? undefined : [String(object['kind'])]);
  const fix = `Remove ${field}${typeof value === 'object' ? '' : `, or give it another value than ${shown}`}.`;
  const cases = [
    caseOf(`${field} is ${shown}`, partAt(object, pointer), 'fail'),
    caseOf(`without ${field}`, partAt(object, pointer, true)),
  ];
  const { message = rule.message } = options;
  return assemble(options, kinds, { forbid: [{ ...rule, message }] }, fix, cases);
}

function fromExpressions(options: DraftOptions): unknown {
  const { object, require, forbid, each } = options;
  const expr = require ?? forbid;
  const kinds = options.kinds ?? (object === undefined ? ['Deployment'] : [String(object['kind'])]);
  const example = object ?? exampleOf(kinds[0] ?? 'Deployment');
  if (expr === undefined && object !== undefined) {
    throw new UserError('What is wrong with the object?', {
      code: 'rule-missing',
      hint: 'Name the field with --field, or say what must hold with --require, or what must not with --forbid.',
    });
  }
  if (expr === undefined) return owned(options, kinds, example);
  const message = options.message ?? "'the object is not as it must be'";
  const rule = { ...(each === undefined ? {} : { each }), expr, message };
  const rules: Rules = require === undefined ? { forbid: [rule] } : { require: [rule] };
  const name = object === undefined ? 'an object that says nothing' : 'as it was found';
  return assemble(options, kinds, rules, 'Change the object so that the rule is kept.', [caseOf(name, example)]);
}

/** The policy that is written where nothing is said: something that every estate wants, to be changed. */
function owned(options: DraftOptions, kinds: readonly string[], example: JsonObject): unknown {
  const rule: Rule = {
    expr: 'object.metadata.?labels.?owner.hasValue()',
    field: 'object.metadata.labels',
    message: options.message ?? "object.metadata.name + ' has no label owner'",
  };
  const labelled = { ...example, metadata: { ...(example['metadata'] as JsonObject), labels: { owner: 'team-shop' } } };
  return assemble(options, kinds, { require: [rule] }, 'Add the label owner, with the name of the team.', [
    caseOf('without an owner', example),
    caseOf('with an owner', labelled),
  ]);
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Service: 'v1',
  Namespace: 'v1',
  ServiceAccount: 'v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
};

/** The least that is an object of a kind. */
function exampleOf(kind: string): JsonObject {
  const apiVersion = Object.hasOwn(API_VERSIONS, kind) ? API_VERSIONS[kind] : undefined;
  const pod: JsonObject = { containers: [{ name: 'app', image: 'registry.example/app:1.0' }] };
  const spec = (podSpecPointer(kind) ?? []).reduceRight<JsonObject>((inner, step) => ({ [step]: inner }), pod);
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    kind,
    metadata: { name: 'example' },
    ...(podSpecPointer(kind) === undefined ? {} : spec),
  };
}

function valueAt(object: JsonObject, pointer: readonly (string | number)[]) {
  let current: unknown = object;
  for (const step of pointer) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current as JsonObject[string] | undefined;
}

/** The policy with what it says of each of its cases; of an object that should be refused it must say so. */
function withVerdicts(policy: Policy, object: JsonObject | undefined): Policy {
  const { policies, unknowns } = loadPolicies([{ policy, place: { source: policy.metadata.name } }]);
  const [fault] = unknowns.filter(({ code }) => code === 'policy-invalid');
  if (fault !== undefined) throw new UserError(`${fault.message}.`, { code: 'policy-invalid' });
  const results = policies.flatMap(testPolicy);
  const [first] = results;
  if (object !== undefined && first?.actual !== 'fail') {
    throw new UserError(`The rule does not refuse the object: it says ${first?.actual} (${first?.message}).`, {
      code: 'rule-too-weak',
    });
  }
  const cases = policy.spec.cases.map(
    (example, index): PolicyCase => ({ ...example, verdict: results[index]?.actual ?? example.verdict }),
  );
  return { ...policy, spec: { ...policy.spec, cases } };
}
