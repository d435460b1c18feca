import { workloadOfSubject } from '@breakwater/model';

/** `shop / cart` of `shop/Deployment/cart`, with its cluster where it has one; an image as it is. */
export function shortName(subject: string): string {
  const workload = workloadOfSubject(subject);
  if (workload === undefined) return subject;
  const { cluster, namespace, name } = workload;
  return [...(cluster === undefined ? [] : [cluster]), namespace, name].join(' / ');
}
