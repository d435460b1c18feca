import type { CompiledPolicy } from './compiled-policy.ts';
import type { PolicySubject } from './facts/facts.ts';
import { podSpecPointer } from './facts/workload.ts';

/** What selectors of policies and exceptions look at. */
export interface SubjectTraits {
  /** Empty for images. */
  kind: string;
  /** Whether it has containers to judge. */
  runs: boolean;
  name: string;
  namespace: string;
  labels: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Reads them from the object as written, whatever stands there. */
export function traitsOf(subject: PolicySubject): SubjectTraits {
  const metadata = record(subject.object?.['metadata']);
  const workload = record(subject.facts?.['workload']);
  const kind = text(subject.object?.['kind']) || text(workload['kind']);
  return {
    kind,
    runs: podSpecPointer(kind) !== undefined || subject.facts?.['containers'] !== undefined,
    name: text(metadata['name']) || text(workload['name']),
    namespace: text(metadata['namespace']) || text(workload['namespace']) || (subject.namespace ?? ''),
    labels: record(metadata['labels'] ?? workload['labels']),
  };
}

/** Whether every label is there with its value. */
export const hasLabels = (
  labels: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, string>>,
): boolean => Object.entries(wanted).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);

/** `team-*` stands for every name that begins so. */
export const nameMatches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/**
 * Whether a policy has anything to say about a subject. Policies that only use facts of images judge subjects without
 * an object (an image, or the reference of one that is not at hand), so that nothing is counted twice.
 */
export function matches(compiled: CompiledPolicy, traits: SubjectTraits): boolean {
  const { about, kinds, policy } = compiled;
  if ((about === 'image') !== (traits.kind === '')) return false;
  if (about === 'workload' && !traits.runs) return false;
  if (kinds !== undefined && !kinds.has(traits.kind)) return false;
  const { namespaces, labels } = policy.spec.match;
  if (namespaces?.include !== undefined && !nameMatches(traits.namespace, namespaces.include)) return false;
  if (namespaces?.exclude !== undefined && nameMatches(traits.namespace, namespaces.exclude)) return false;
  return labels === undefined || hasLabels(traits.labels, labels);
}
