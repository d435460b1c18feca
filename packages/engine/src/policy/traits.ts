import { splitApiVersion } from '../inventory/resource-names.ts';
import type { PolicySubject } from './facts/facts.ts';
import { podSpecPointer } from './facts/workload.ts';
import { recordOf, textOf } from './loose-values.ts';

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

/** Reads them from the object as written, whatever stands there; of a deletion, from what is deleted. */
export function traitsOf({ object: written, facts = {}, namespace = '' }: PolicySubject): SubjectTraits {
  const request = recordOf(facts['request']);
  const old = recordOf(facts['oldObject']);
  const object = written ?? old;
  const metadata = recordOf(object['metadata']);
  const workload = recordOf(facts['workload']);
  const kind = textOf(object['kind']) || textOf(workload['kind']);
  const { group } = splitApiVersion(textOf(object['apiVersion']));
  return {
    kind,
    runs: podSpecPointer(kind) !== undefined || facts['containers'] !== undefined,
    name: textOf(metadata['name']) || textOf(workload['name']) || textOf(request['name']),
    namespace:
      kind === 'Namespace' && group === ''
        ? ''
        : textOf(metadata['namespace']) || textOf(workload['namespace']) || textOf(request['namespace']) || namespace,
    labels: recordOf(metadata['labels'] ?? workload['labels']),
    oldLabels: recordOf(recordOf(old['metadata'])['labels']),
    group,
    operation: textOf(request['operation']) || 'CREATE',
    subresource: textOf(request['subResource']),
    event: textOf(recordOf(facts['event'])['type']),
  };
}
