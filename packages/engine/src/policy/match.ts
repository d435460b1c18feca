import type { Operation } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { isPlatformKind } from './facts/platforms.ts';
import type { SubjectTraits } from './traits.ts';

/** Whether every label is there with its value. */
export const hasLabels = (
  labels: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, string>>,
): boolean => Object.entries(wanted).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);

/** `team-*` stands for every name that begins so. */
export const nameMatches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

const USUAL_OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE'];

/** What controllers write about an object, not what somebody wants of it: refusing it would mend nothing. */
const REPORTS = new Set(['status', 'finalize', 'approval']);

/**
 * Whether a policy may be about a kind. Policies that only use facts of images judge subjects without an object (an image,
 * or the reference of one that is not at hand), so that nothing is counted twice. Those on nothing but `object` are about
 * Kubernetes' objects unless they name a kind of another platform.
 */
export function isAboutKind({ about, kinds }: CompiledPolicy, { kind, runs }: SubjectTraits): boolean {
  if ((about === 'image') !== (kind === '')) return false;
  if (about === 'workload' && !runs) return false;
  return kinds === undefined ? about !== 'object' || !isPlatformKind(kind) : kinds.has(kind);
}

/**
 * Whether a policy that may be about the subject's kind has anything to say of it, as far as what the subject is decides.
 * Policies on events judge events alone.
 */
export function matches({ policy }: CompiledPolicy, traits: SubjectTraits): boolean {
  const { events, namespaces, labels, operations = USUAL_OPERATIONS, apiGroups } = policy.spec.match;
  if (events !== undefined || traits.event !== '') {
    if (events?.includes(traits.event) !== true) return false;
  } else {
    if (!operations.includes(traits.operation as Operation) || REPORTS.has(traits.subresource)) return false;
    if (apiGroups !== undefined && !apiGroups.includes(traits.group)) return false;
  }
  if (namespaces?.include !== undefined && !nameMatches(traits.namespace, namespaces.include)) return false;
  if (namespaces?.exclude !== undefined && nameMatches(traits.namespace, namespaces.exclude)) return false;
  return labels === undefined || hasLabels(traits.labels, labels) || hasLabels(traits.oldLabels, labels);
}
