import type { Workload } from '@breakwater/model';
import type { FindByLabels } from './services.ts';

/** The label that a StatefulSet gives each of its pods, and no template has. */
const POD_NAME = 'statefulset.kubernetes.io/pod-name';

/** A finder over workloads that looks only at those with one of the labels; asked for no labels it finds nothing. */
export function finderOf(workloads: readonly Workload[]): FindByLabels {
  const index = new Map<string, Workload[]>();
  const keyOf = (cluster: string, namespace: string, key: string, value: string) =>
    `${cluster}\u0000${namespace}\u0000${key}\u0000${value}`;
  for (const workload of workloads)
    for (const [key, value] of Object.entries(workload.podLabels)) {
      const place = keyOf(workload.cluster, workload.namespace, key, value);
      const known = index.get(place);
      if (known === undefined) index.set(place, [workload]);
      else known.push(workload);
    }
  return (cluster, namespace, labels) => {
    const member = labels.get(POD_NAME);
    if (member !== undefined) {
      const set = member.replace(/-[0-9]+$/, '');
      return workloads.filter(
        (one) =>
          one.kind === 'StatefulSet' && one.name === set && one.cluster === cluster && one.namespace === namespace,
      );
    }
    const wanted = [...labels];
    const lists = wanted.map(([key, value]) => index.get(keyOf(cluster, namespace, key, value)) ?? []);
    const [shortest] = lists.sort((a, b) => a.length - b.length);
    return (shortest ?? []).filter(({ podLabels }) =>
      wanted.every(([key, value]) => Object.hasOwn(podLabels, key) && podLabels[key] === value),
    );
  };
}
