import { type RuntimeEvent, subjectWithoutCluster, workloadOfSubject } from '@breakwater/model';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import type { AssessmentView } from '../assessment/view.ts';

/**
 * By its id in the cluster that the event names, else by the name that its subject has where only one cluster knows it
 * and none is known of the name that was told, else by its image. Sources that see a pod and not its owner leave the
 * owner's name to the subject.
 */
export async function findWorkload(
  view: AssessmentView,
  subject: string,
  { pod, container }: RuntimeEvent,
): Promise<AssessedWorkload | undefined> {
  if (pod !== undefined) {
    const own = subjectWithoutCluster(subject);
    const exact =
      (await view.workload(`${pod.cluster ?? 'default'}/${own}`)) ?? (await view.workload(`default/${own}`));
    if (exact !== undefined) return exact;
    const { namespace = '', kind = '', name = '' } = workloadOfSubject(own) ?? {};
    if (pod.cluster !== undefined && (await view.workloads({ limit: 1, cluster: pod.cluster.slice(0, 253) })).total > 0)
      return undefined;
    const { items } = await view.workloads({ limit: 500, namespace, search: name.slice(0, 200) });
    const same = items.filter((item) => item.name === name);
    const alike = same.length > 1 ? same.filter((item) => item.kind === kind) : same;
    return alike.length === 1 && alike[0] !== undefined ? await view.workload(alike[0].id) : undefined;
  }
  const image = container?.image;
  if (image === undefined) return undefined;
  const { items } = await view.workloads({ limit: 500, search: image.slice(0, 200) });
  const running = items.filter(({ images }) => images.some(({ reference }) => reference === image));
  return running.length === 1 && running[0] !== undefined ? await view.workload(running[0].id) : undefined;
}
