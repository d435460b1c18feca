import type { ForeignDocument } from '@breakwater/model/foreign';

type Language = ForeignDocument['language'];

/** What a kind of a group is to us: a language that is judged, or what it does instead. */
export type ForeignKind = { language: Language } | { does: string };

const KYVERNO_POLICIES: Readonly<Record<string, ForeignKind>> = {
  ValidatingPolicy: { language: 'kyverno-validating' },
  NamespacedValidatingPolicy: { language: 'kyverno-validating' },
  PolicyException: { language: 'kyverno-cel-exception' },
  ImageValidatingPolicy: { does: 'verifies signatures and attestations of images' },
  NamespacedImageValidatingPolicy: { does: 'verifies signatures and attestations of images' },
  MutatingPolicy: { does: 'changes objects' },
  NamespacedMutatingPolicy: { does: 'changes objects' },
  GeneratingPolicy: { does: 'makes objects' },
  NamespacedGeneratingPolicy: { does: 'makes objects' },
  DeletingPolicy: { does: 'deletes objects' },
  NamespacedDeletingPolicy: { does: 'deletes objects' },
};

const GROUPS: Readonly<Record<string, Readonly<Record<string, ForeignKind>>>> = {
  'admissionregistration.k8s.io': {
    ValidatingAdmissionPolicy: { language: 'admission-policy' },
    ValidatingAdmissionPolicyBinding: { language: 'admission-binding' },
    MutatingAdmissionPolicy: { does: 'changes objects' },
    MutatingAdmissionPolicyBinding: { does: 'changes objects' },
  },
  'kyverno.io': {
    ClusterPolicy: { language: 'kyverno-rules' },
    Policy: { language: 'kyverno-rules' },
    PolicyException: { language: 'kyverno-exception' },
    CleanupPolicy: { does: 'deletes objects' },
    ClusterCleanupPolicy: { does: 'deletes objects' },
  },
  'policies.kyverno.io': KYVERNO_POLICIES,
  'templates.gatekeeper.sh': { ConstraintTemplate: { does: "holds rules of Gatekeeper's own" } },
  // Of every template a kind of its own.
  'constraints.gatekeeper.sh': { '*': { does: "puts rules of Gatekeeper's own in force" } },
  'mutations.gatekeeper.sh': { '*': { does: 'changes objects' } },
  'policies.kubewarden.io': { '*': { does: 'runs a program of its own' } },
  'security.openshift.io': { SecurityContextConstraints: { does: 'says which pods an account may run in OpenShift' } },
  'neuvector.com': { NvAdmissionControlSecurityRule: { language: 'neuvector-rules' } },
};

/** What a kind is to us; undefined for what is no policy. */
export function foreignKindOf(apiVersion: unknown, kind: unknown): ForeignKind | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const group = apiVersion.split('/')[0] ?? '';
  const kinds = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : kinds?.['*'];
}

/** Rules as NeuVector's API and console export them, which say nowhere what they are. */
export function isNeuvectorExport(value: object): boolean {
  const { rules } = value as { rules?: unknown };
  const isRule = (rule: unknown): boolean =>
    typeof rule === 'object' && rule !== null && Array.isArray((rule as { criteria?: unknown }).criteria);
  return Array.isArray(rules) && rules.length > 0 && rules.every(isRule);
}

const GROUP_NAMES = Object.keys(GROUPS)
  .map((group) => group.replaceAll('.', '\\.'))
  .join('|');
const HEADER = new RegExp(`^[\\s-]*apiVersion:\\s*["']?(${GROUP_NAMES})/\\w+["']?\\s*$`, 'm');
const KIND = /^[\s-]*kind:\s*["']?(\w+)["']?\s*$/gm;

const NEEDLES = [
  'kyverno.io/',
  'admissionregistration.k8s.io/',
  'neuvector.com/',
  'gatekeeper.sh/',
  'kubewarden.io/',
  'security.openshift.io/',
];

/** Tells from the beginning of a YAML file whether it holds policies in the languages of others: what the first is. */
export function detectForeignPolicies(head: Uint8Array): ForeignKind | undefined {
  const buffer = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (!NEEDLES.some((needle) => buffer.includes(needle))) return undefined;
  const text = buffer.toString('utf8');
  const group = HEADER.exec(text)?.[1];
  if (group === undefined) return undefined;
  const kinds = text.matchAll(KIND).map(([, kind]) => foreignKindOf(`${group}/v1`, kind));
  return kinds.find((kind) => kind !== undefined);
}
