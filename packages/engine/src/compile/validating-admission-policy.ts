import type { JsonObject } from '@breakwater/model';
import type { CompiledPolicy } from '../policy/index.ts';
import { LATEST } from '../policy/kubernetes-version.ts';
import { confineByAdmission } from './admission-envelope.ts';
import { renameFree } from './cel/rename.ts';
import type { Compilation, CompileOptions, CompileTarget, Gap } from './compile-target.ts';
import { type CompiledExceptions, compileExceptions } from './kubernetes/exceptions.ts';
import { type FactVariables, factVariables } from './kubernetes/fact-variables.ts';
import {
  type MatchCondition,
  namespaceSelector,
  objectOf,
  resourceRules,
  selection,
} from './kubernetes/match-constraints.ts';
import { type PolicyParts, readParts } from './kubernetes/policy-parts.ts';
import { validationOf } from './kubernetes/validations.ts';
import { LIMITED } from './profile/container-limits.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';
/** The first minor version that serves it. */
const FIRST_VERSION = 30;
const MAX_NAME_LENGTH = 253;

const ACTIONS = { audit: ['Audit'], warn: ['Warn', 'Audit'], block: ['Deny', 'Audit'] } as const;

/**
 * Kubernetes' own admission policies: a ValidatingAdmissionPolicy and its binding for each policy that needs nothing but
 * the request. What the API server evaluates says the same as our own evaluation; what could not, stays out whole.
 */
export const VALIDATING_ADMISSION_POLICY = {
  name: 'validating-admission-policy',
  summary: 'ValidatingAdmissionPolicy and its binding, enforced by the API server itself',
  refuses: LIMITED,
  canAudit: true,
  compile,
  confine: confineByAdmission,
} satisfies CompileTarget;

function compile(compiled: CompiledPolicy, options: CompileOptions): Compilation {
  const policy = compiled.policy.metadata.name;
  const kubernetes = options.kubernetes ?? LATEST;
  const outside = gapsOutside(compiled, kubernetes);
  if (outside.length > 0) return { policy, objects: [], gaps: outside };
  const { parts, gaps } = readParts(compiled, kubernetes);
  const exceptions = compileExceptions(compiled, parts, options);
  gaps.push(...exceptions.gaps);
  if (gaps.length > 0) return { policy, objects: [], gaps };
  return {
    policy,
    objects: [writePolicy(compiled, parts, exceptions, options), writeBinding(compiled, exceptions, options)],
    gaps: [],
    ...(exceptions.validUntil === undefined ? {} : { validUntil: exceptions.validUntil }),
  };
}

/** Reasons that lie outside of its expressions. */
function gapsOutside({ policy, judge }: CompiledPolicy, kubernetes: number): Gap[] {
  const { phases, match } = policy.spec;
  const gaps: Gap[] = [];
  if (judge !== undefined) gaps.push({ code: 'language', message: 'it is written in a language of others' });
  if (!phases.includes('deploy') || match.events !== undefined) {
    gaps.push({ code: 'phase', message: 'it does not judge what is deployed', pointer: ['spec', 'phases'] });
  }
  if (kubernetes < FIRST_VERSION) {
    gaps.push({
      code: 'version',
      message: `API servers have ValidatingAdmissionPolicy from Kubernetes 1.${FIRST_VERSION}`,
    });
  }
  if (nameOf(policy.metadata.name).length > MAX_NAME_LENGTH)
    gaps.push({ code: 'name', message: 'its name is too long' });
  return gaps;
}

const nameOf = (policy: string): string => `breakwater-${policy}`;

function metadataOf({ policy }: CompiledPolicy, { validUntil }: CompiledExceptions): JsonObject {
  return {
    name: nameOf(policy.metadata.name),
    labels: { 'app.kubernetes.io/managed-by': 'breakwater' },
    annotations: {
      'breakwater/title': policy.spec.title,
      'breakwater/severity': policy.spec.severity,
      ...(validUntil === undefined ? {} : { 'breakwater/valid-until': validUntil }),
    },
  };
}

function writePolicy(
  compiled: CompiledPolicy,
  parts: PolicyParts,
  exceptions: CompiledExceptions,
  { failurePolicy = 'Fail' }: CompileOptions,
): JsonObject {
  const { match, title } = compiled.policy.spec;
  const facts = factsOf(parts, exceptions);
  const own = parts.variables.map(({ name, expression: { source, root } }) => ({
    name,
    expression: `dyn(${renameFree(source, facts.texts, root)})`,
  }));
  const { conditions, guards } = conditionsOf(parts, facts, exceptions);
  const selected = selection(parts.resources, match);
  const matchConditions = [...selected.conditions, ...conditions];
  const variables = [...facts.variables, ...own];
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: metadataOf(compiled, exceptions),
    spec: {
      failurePolicy,
      matchConstraints: {
        ...selected.selectors,
        resourceRules: resourceRules(parts.resources),
      },
      ...(matchConditions.length === 0 ? {} : { matchConditions }),
      ...(variables.length === 0 ? {} : { variables: variables.map((variable) => ({ ...variable })) }),
      validations: parts.rules.map((rule) =>
        validationOf(rule, { texts: facts.texts, guards, exceptions: exceptions.images, title }),
      ),
    },
  };
}

/** The facts that the rules use, and those that exceptions do. */
function factsOf({ used, podKinds, variables, resources }: PolicyParts, { images }: CompiledExceptions): FactVariables {
  const containers =
    images.length === 0
      ? used.containers
      : { all: used.containers?.all === true, names: new Set([...(used.containers?.names ?? []), 'image']) };
  return factVariables(
    { ...used, ...(containers === undefined ? {} : { containers }) },
    objectOf(resources),
    podKinds,
    variables.map(({ name }) => name),
  );
}

/** An update that lets go of what is being deleted must never be refused, or it stays for ever. */
const NOT_BEING_DELETED: MatchCondition = {
  name: 'not-being-deleted',
  expression: "request.operation != 'UPDATE' || !has(object.metadata.deletionTimestamp)",
};

/** Facts that conditions before a policy have: its variables are not there yet, nor is the namespace. */
const KNOWN_BEFORE: readonly string[] = ['object', 'oldObject', 'request', 'authorizer'];

/** Conditions before the policy; those that need more guard each validation. */
function conditionsOf(
  { conditions: written, resources }: PolicyParts,
  { texts }: FactVariables,
  exceptions: CompiledExceptions,
): { conditions: MatchCondition[]; guards: string[] } {
  const conditions: MatchCondition[] = [];
  const guards: string[] = [];
  if (resources.some(({ operations }) => operations.includes('UPDATE'))) conditions.push(NOT_BEING_DELETED);
  written.forEach(({ expression: { source, root, type, checked } }, index) => {
    const text = renameFree(source, texts, root);
    if (![...checked.references].every((name) => KNOWN_BEFORE.includes(name))) guards.push(text);
    else {
      const expression = type === 'bool' ? text : `(${text}) ? true : false`;
      conditions.push({ name: `condition-${index + 1}`, expression });
    }
  });
  if (exceptions.objects.length > 0) {
    const covered = exceptions.objects.map(({ expression }) => `(${expression})`).join(' || ');
    conditions.push({ name: 'exceptions', expression: `!(${covered})` });
  }
  return { conditions, guards };
}

function writeBinding(
  compiled: CompiledPolicy,
  exceptions: CompiledExceptions,
  { excludedNamespaces = [] }: CompileOptions,
): JsonObject {
  const selector = namespaceSelector('NotIn', excludedNamespaces);
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: metadataOf(compiled, exceptions),
    spec: {
      policyName: nameOf(compiled.policy.metadata.name),
      validationActions: [...ACTIONS[compiled.policy.spec.enforcement.deploy ?? 'audit']],
      ...(selector === undefined ? {} : { matchResources: { namespaceSelector: selector } }),
    },
  };
}
