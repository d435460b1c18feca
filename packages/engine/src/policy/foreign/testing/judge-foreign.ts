import type { JsonObject, PolicyResult, Unknown } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import { evaluatePolicies } from '../../evaluate.ts';
import type { PolicySubject } from '../../facts/facts.ts';
import { compileForeignPolicies } from '../compile-foreign-policies.ts';

const LANGUAGES: Readonly<Record<string, ForeignDocument['language']>> = {
  ValidatingAdmissionPolicy: 'admission-policy',
  ValidatingAdmissionPolicyBinding: 'admission-binding',
  ValidatingPolicy: 'kyverno-validating',
  NamespacedValidatingPolicy: 'kyverno-validating',
  ClusterPolicy: 'kyverno-rules',
  Policy: 'kyverno-rules',
};

/** A document as its reader gives it, by its kind; what is none of the policies is an object beside them. */
export function foreignDocument(document: JsonObject & { apiVersion?: string; kind: string }): ForeignDocument {
  const { kind, apiVersion } = document;
  const exception = apiVersion?.startsWith('policies.') ? 'kyverno-cel-exception' : 'kyverno-exception';
  const language = kind === 'PolicyException' ? exception : (LANGUAGES[kind] ?? 'object');
  const metadata = { name: 'p', ...(document['metadata'] as object | undefined) };
  return { language, kind, document: { ...document, metadata }, place: { source: 'policies.yaml' } } as ForeignDocument;
}

type Documents = (JsonObject & { kind: string })[];

export const compile = (documents: Documents, ours: readonly CompiledPolicy[] = []) =>
  compileForeignPolicies(documents.map(foreignDocument), { ours });

/** Judges an object by policies that have no fault, in the deploy phase. */
export function judge(
  documents: Documents,
  object: JsonObject | undefined,
  facts: Record<string, unknown> = {},
  ours: readonly CompiledPolicy[] = [],
): PolicyResult[] {
  const { policies, unknowns } = compile(documents, ours);
  const faults = unknowns.filter(({ code }: Unknown) => code === 'policy-invalid');
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '));
  const subject: PolicySubject = { id: 'a', namespace: 'default', facts, ...(object === undefined ? {} : { object }) };
  return evaluatePolicies(policies, subject, 'deploy', [], '2026-01-01T00:00:00Z');
}

/** Each result in short: `element verdict enforcement`. */
export const inShort = (results: readonly PolicyResult[]): string[] =>
  results.map(({ element, verdict, enforcement }) => [element, verdict, enforcement].filter(Boolean).join(' '));

export const pod = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
});

export const deployment = (template: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', ...metadata },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'c', image: 'nginx:1' }] }, ...template } },
});

export const cronJob = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'j' },
  spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec } } } } },
});
