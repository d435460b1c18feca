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
  /** Labels before an update: a request cannot leave a policy's sight by taking a label away. */
  oldLabels: Readonly<Record<string, unknown>>;
  /** Group of `apiVersion`; empty for the core. */
  group: string;
  /** What the request does; a manifest and what runs count as created. */
  operation: string;
  /** `status`, `exec`, ...; empty for the object itself. */
  subresource: string;
  /** Type of the event, where one is judged. */
  event: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Reads them from the object as written, whatever stands there; of a deletion, from what is deleted. */
export function traitsOf({ object: written, facts = {}, namespace = '' }: PolicySubject): SubjectTraits {
  const request = record(facts['request']);
  const old = record(facts['oldObject']);
  const object = written ?? old;
  const metadata = record(object['metadata']);
  const workload = record(facts['workload']);
  const kind = text(object['kind']) || text(workload['kind']);
  const group = groupOf(text(object['apiVersion']));
  return {
    kind,
    runs: podSpecPointer(kind) !== undefined || facts['containers'] !== undefined,
    name: text(metadata['name']) || text(workload['name']) || text(request['name']),
    namespace:
      kind === 'Namespace' && group === ''
        ? ''
        : text(metadata['namespace']) || text(workload['namespace']) || text(request['namespace']) || namespace,
    labels: record(metadata['labels'] ?? workload['labels']),
    oldLabels: record(record(old['metadata'])['labels']),
    group,
    operation: text(request['operation']) || 'CREATE',
    subresource: text(request['subResource']),
    event: text(record(facts['event'])['type']),
  };
}

const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
