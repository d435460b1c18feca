import type { Finding } from '@breakwater/model';
import type { AssessedImage, AssessedWorkload } from './assessment.ts';

/** What a search over workloads looks in, in lower case. */
export function workloadText({ workload, ranked }: AssessedWorkload): string {
  return `${workload.id} ${ranked.images.map((image) => image.reference).join(' ')}`.toLowerCase();
}

/** What a search over images looks in, in lower case. */
export function imageText({ image }: AssessedImage): string {
  return `${image.target} ${image.references.join(' ')} ${image.id}`.toLowerCase();
}

/** What a search over findings looks in, in lower case. */
export function findingText({ rule, title, component, subject }: Finding): string {
  return `${rule} ${title} ${component ?? ''} ${subject}`.toLowerCase();
}

/** Cluster and namespace of a finding, from the object that it stands on; empty for what stands on an image alone. */
export function findingScope({ subject, image }: Finding): { cluster: string; namespace: string } {
  const [cluster = '', namespace = '', ...rest] = subject.split('/');
  return subject !== image && rest.length > 0 ? { cluster, namespace } : { cluster: '', namespace: '' };
}
