import type { DriftReport, Image, SprawlReport, Unknown, WhyReport } from '@breakwater/model';
import type { AuditUsers } from './deployed-by.ts';
import { driftOf } from './drift.ts';
import { endedImages, imageNamesOf } from './ended-images.ts';
import { indexLive, type LiveIndex } from './live-index.ts';
import { type LiveReading, type ReadLiveOptions, readLive } from './read-live.ts';
import { runningWorkloads } from './running-workloads.ts';
import { sprawlOf } from './sprawl.ts';

/** What can be asked about live clusters that were read at one moment. */
export interface ClusterAnswers {
  /** What runs and why; only workloads whose name, namespace, pod or image has `wanted` in it. */
  why(wanted?: string): WhyReport;
  /** Where manifests below paths and the clusters differ. */
  drift(paths: string[], signal?: AbortSignal): Promise<DriftReport>;
  /** `knownImages` looks up images that were read before, by the names that workloads give them. */
  sprawl(now: string, knownImages?: (names: string[]) => Promise<Image[]>): Promise<SprawlReport>;
  unknowns: Unknown[];
}

/** Reads clusters by their contexts, once, for any number of questions. `audit` is an audit log. */
export async function askClusters(
  contexts: string[],
  { audit, ...options }: ReadLiveOptions & { audit?: string | undefined } = {},
): Promise<ClusterAnswers> {
  const reading = await readLive(contexts, options);
  const { readAuditLog } = await import('@breakwater/sources/clusters');
  return answersOf(reading, audit === undefined ? undefined : await readAuditLog(audit));
}

/** The answers of what was read. */
export function answersOf(reading: LiveReading, audit?: AuditUsers): ClusterAnswers {
  const index = indexLive(reading.objects);
  const { clusters, unknowns } = reading;
  return {
    unknowns,
    why(wanted) {
      const workloads = runningWorkloads(index, audit);
      return {
        workloads: wanted === undefined ? workloads : workloads.filter((one) => names(one, wanted, index)),
        unknowns,
      };
    },
    async drift(paths, signal) {
      const { readManifests } = await import('@breakwater/sources/manifests');
      const git = await readManifests(paths, signal ? { signal } : {});
      const unread = new Map(clusters.map(({ name, unread: kinds }) => [name, kinds]));
      const compared = driftOf({
        git: git.objects,
        live: index,
        clusters: clusters.map(({ name }) => name),
        unread,
        audit,
      });
      return { ...compared, unknowns: [...git.unknowns, ...unknowns] };
    },
    async sprawl(now, knownImages) {
      const unread = clusters.flatMap(({ name, unreadResources }) =>
        unreadResources.map((resource) => ({ cluster: name, name: resource })),
      );
      const { items, undecided } = sprawlOf(index, { now, unread });
      const workloads = runningWorkloads(index);
      const images = (await knownImages?.(imageNamesOf(workloads))) ?? [];
      return { items: [...items, ...endedImages(workloads, images, now)], undecided, unknowns };
    },
  };
}

/** Whether a question means a workload: its name, `namespace/name`, the name of one of its pods, or an image. */
function names({ workload, images }: WhyReport['workloads'][number], wanted: string, index: LiveIndex): boolean {
  const { namespace, name, kind, cluster } = workload;
  const full = [name, `${namespace}/${name}`, `${kind}/${name}`, `${namespace}/${kind}/${name}`];
  if (full.some((text) => text.toLowerCase() === wanted.toLowerCase())) return true;
  if (images.some(({ reference, digests }) => reference.includes(wanted) || digests.includes(wanted))) return true;
  const pod = wanted.split('/').at(-1) as string;
  if (!pod.startsWith(name)) return false;
  return index.inNamespace('Pod', cluster, namespace).some((entry) => entry.name === pod);
}
