import type { JsonObject } from '../manifest.ts';
import type { Place } from '../place.ts';
import type { AdmissionBinding, AdmissionPolicy } from './admission-policies.ts';
import type { KyvernoCelException, KyvernoException, KyvernoPolicy } from './kyverno-policies.ts';
import type { KyvernoValidatingPolicy } from './kyverno-validating-policies.ts';
import type { NeuvectorRules } from './neuvector-rules.ts';

/**
 * A document that stands among policies and is not ours: a policy in another language, what goes with one, or an object
 * that policies may look up (a parameter, a ConfigMap).
 */
export type ForeignDocument = {
  /** As written: `ClusterPolicy`, `Policy`, ... */
  kind: string;
  place: Place;
} & (
  | { language: 'admission-policy'; document: AdmissionPolicy }
  | { language: 'admission-binding'; document: AdmissionBinding }
  | { language: 'kyverno-validating'; document: KyvernoValidatingPolicy }
  | { language: 'kyverno-rules'; document: KyvernoPolicy }
  | { language: 'kyverno-exception'; document: KyvernoException }
  | { language: 'kyverno-cel-exception'; document: KyvernoCelException }
  | { language: 'neuvector-rules'; document: NeuvectorRules }
  | { language: 'object'; document: JsonObject }
);

/** A document in one of these languages. */
export type ForeignDocumentOf<L extends ForeignDocument['language']> = Extract<ForeignDocument, { language: L }>;
