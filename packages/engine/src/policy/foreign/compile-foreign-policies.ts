import type { Place, Unknown } from '@breakwater/model';
import type { ForeignDocument, ForeignDocumentOf } from '@breakwater/model/foreign';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { nestsDeeperThan } from '../loose-values.ts';
import { compileAdmissionPolicy } from './admission-policy/compile-admission-policy.ts';
import type { ReportFault } from './expressions/compile-parts.ts';
import type { ForeignContext } from './foreign-context.ts';
import { compileRulePolicy } from './kyverno/compile-rule-policy.ts';
import { compileValidatingPolicy } from './kyverno/compile-validating-policy.ts';
import { unjudgedRules } from './kyverno/unjudged-rules.ts';
import { checkNeuvectorRules, compileNeuvectorRules } from './neuvector/index.ts';

export interface CompiledForeignPolicies {
  policies: CompiledPolicy[];
  /** Policies at fault, with the place of the fault, and what of the others is not judged. */
  unknowns: Unknown[];
}

export interface ForeignOptions {
  /** Names that results have already: a policy of the same name is shown under its kind too. */
  taken?: ReadonlySet<string>;
  /** Our own policies, in force or not: among them are the checks of the Pod Security Standards. */
  ours?: readonly CompiledPolicy[];
}

/** Patterns and conditions are followed no deeper. */
const MOST_NESTING = 100;

type ForeignPolicyDocument = ForeignDocumentOf<'admission-policy' | 'kyverno-validating' | 'kyverno-rules'>;

/**
 * Compiles policies in the languages of others, so that `evaluatePolicies` judges by them as they are. What stands beside
 * them counts for all: bindings, exceptions in their languages, and objects that they look up. One that is at fault becomes
 * an unknown with its place, and the others go on.
 */
export function compileForeignPolicies(
  documents: readonly ForeignDocument[],
  { taken = new Set(), ours = [] }: ForeignOptions = {},
): CompiledForeignPolicies {
  const found: CompiledForeignPolicies = { policies: [], unknowns: [] };
  const names = new Set(taken);
  const context: ForeignContext = {
    companions: of(documents, 'object').map(({ document }) => document),
    podSecurity: new Map(ours.map((compiled) => [compiled.policy.metadata.name, compiled])),
  };
  for (const document of documents) {
    if (!isPolicy(document)) continue;
    const name = nameFor(document, names);
    if (isAboutJson(document)) {
      found.unknowns.push(unknown('policy-not-judged', `policy ${name} is about JSON payloads`, document.place, name));
      continue;
    }
    const faults: Unknown[] = [];
    const report: ReportFault = (pointer, message) =>
      faults.push(unknown('policy-invalid', `policy ${name}: ${message}`, inside(document.place, pointer), name));
    if (nestsDeeperThan(document.document, MOST_NESTING)) report([], `it is nested deeper than ${MOST_NESTING} levels`);
    const compiled = faults.length > 0 ? undefined : compile(document, name, documents, context, report);
    if (names.has(name)) report(['metadata', 'name'], 'another policy has this name');
    names.add(name);
    found.unknowns.push(...faults, ...(faults.length === 0 ? remarks(document, name, documents) : []));
    if (faults.length === 0 && compiled !== undefined) found.policies.push(compiled);
  }
  for (const document of of(documents, 'neuvector-rules')) addNeuvectorRules(document, names, context, found);
  found.unknowns.push(...unbound(documents));
  return found;
}

/** Every rule of a document is a policy; a criterion that is not known leaves its rule undecided, and is told. */
function addNeuvectorRules(
  document: ForeignDocumentOf<'neuvector-rules'>,
  names: Set<string>,
  context: ForeignContext,
  found: CompiledForeignPolicies,
): void {
  const { place } = document;
  checkNeuvectorRules(document.document, (pointer, message) =>
    found.unknowns.push(unknown('policy-rule-not-judged', message, inside(place, pointer), 'neuvector')),
  );
  for (const compiled of compileNeuvectorRules(document, context)) {
    const { name } = compiled.policy.metadata;
    if (names.has(name)) found.unknowns.push(unknown('policy-invalid', `another policy is named ${name}`, place, name));
    else found.policies.push(compiled);
    names.add(name);
  }
}

const of = <L extends ForeignDocument['language']>(
  documents: readonly ForeignDocument[],
  language: L,
): ForeignDocumentOf<L>[] => documents.filter((one): one is ForeignDocumentOf<L> => one.language === language);

const isPolicy = (document: ForeignDocument): document is ForeignPolicyDocument =>
  document.language === 'admission-policy' ||
  document.language === 'kyverno-validating' ||
  document.language === 'kyverno-rules';

/** The document may be an item of a list. */
const inside = (place: Place, pointer: (string | number)[]): Place => ({
  ...place,
  pointer: [...(place.pointer ?? []), ...pointer],
});

const unknown = (code: string, message: string, place: Place, subject: string): Unknown => ({
  code,
  message,
  place,
  subject,
});

/** Its own name; with its namespace or kind where another policy has that already. */
function nameFor({ kind, document: { metadata } }: ForeignPolicyDocument, names: ReadonlySet<string>): string {
  const inNamespace = kind === 'Policy' || kind === 'NamespacedValidatingPolicy';
  const own = inNamespace ? `${metadata.namespace ?? 'default'}/${metadata.name}` : metadata.name;
  return names.has(own) ? `${kind}/${own}` : own;
}

function compile(
  document: ForeignPolicyDocument,
  name: string,
  documents: readonly ForeignDocument[],
  context: ForeignContext,
  report: ReportFault,
): CompiledPolicy {
  const own = document.document.metadata.name;
  switch (document.language) {
    case 'admission-policy': {
      const bindings = of(documents, 'admission-binding').map((binding) => binding.document);
      const bound = bindings.filter(({ spec }) => spec.policyName === own);
      return compileAdmissionPolicy(document, name, bound, context, report);
    }
    case 'kyverno-validating': {
      const exceptions = of(documents, 'kyverno-cel-exception').map((exception) => exception.document);
      const about = exceptions.filter(({ spec }) =>
        spec.policyRefs.some((reference) => reference.name === own && reference.kind === document.kind),
      );
      return compileValidatingPolicy(document, name, about, context, report);
    }
    default: {
      const exceptions = of(documents, 'kyverno-exception').map((exception) => exception.document);
      return compileRulePolicy(document, name, exceptions, context, report);
    }
  }
}

/** Whether it judges anything but objects of Kubernetes. */
const isAboutJson = (document: ForeignPolicyDocument): boolean =>
  document.language === 'kyverno-validating' && document.document.spec.evaluation?.mode === 'JSON';

/** What of a policy that can be used is not judged, or not as its own system would. */
function remarks(document: ForeignPolicyDocument, name: string, documents: readonly ForeignDocument[]): Unknown[] {
  const { place } = document;
  if (document.language === 'kyverno-rules') {
    return unjudgedRules(document.document).map(({ pointer, message }) =>
      unknown('policy-rule-not-judged', `policy ${name}: ${message}`, inside(place, pointer), name),
    );
  }
  if (document.language !== 'admission-policy') return [];
  const own = document.document.metadata.name;
  if (of(documents, 'admission-binding').some(({ document: { spec } }) => spec.policyName === own)) return [];
  const message = `policy ${name} has no ValidatingAdmissionPolicyBinding at hand: it is judged, and enforces nothing`;
  return [unknown('policy-unbound', message, place, name)];
}

/** Bindings whose policy is not at hand. */
function unbound(documents: readonly ForeignDocument[]): Unknown[] {
  const policies = new Set(of(documents, 'admission-policy').map(({ document }) => document.metadata.name));
  return of(documents, 'admission-binding')
    .filter(({ document }) => !policies.has(document.spec.policyName))
    .map(({ document: { metadata, spec }, place }) =>
      unknown(
        'policy-missing',
        `the binding ${metadata.name} binds the policy ${spec.policyName}, which is not at hand`,
        inside(place, ['spec', 'policyName']),
        spec.policyName,
      ),
    );
}
