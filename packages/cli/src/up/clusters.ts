import { Worker } from 'node:worker_threads';
import type { ClusterList } from '@breakwater/model';
import { plain } from '../terminal/style.ts';
import type { FollowAnswer, FollowRequest } from './cluster-worker.ts';
import { keepRunning } from './keep-running.ts';
import type { ServeOptions } from './serve-options.ts';

/** The following of live clusters beside a server. */
export interface Clusters {
  /** How they stand now. */
  list(): ClusterList;
  /** Settled when each was read once or is in trouble; at once where there is none. */
  ready: Promise<void>;
  close(): Promise<void>;
}

const SCHEME = 'cluster:';

/** Follows the clusters among the paths, on a thread of its own. `onChanged` is called when what they hold changed. */
export function openClusters(
  { invocation, paths, judging, clusters: reading }: ServeOptions,
  onChanged: () => void,
): Clusters {
  const { state } = invocation;
  const contexts = paths.filter((path) => path.startsWith(SCHEME)).map((path) => path.slice(SCHEME.length));
  if (contexts.length === 0) return { list: () => ({ items: [] }), ready: Promise.resolve(), close: async () => {} };
  let list: ClusterList = { items: [] };
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const take = (answer: FollowAnswer) => {
    if (answer.kind === 'changed') onChanged();
    else {
      sayTroubles(list, answer.list);
      list = answer.list;
    }
    if (answer.kind === 'changed' || list.items.every(({ trouble }) => trouble)) isReady();
  };
  const request: FollowRequest = { state, contexts, reading, judging };
  const worker = keepRunning(
    () => new Worker(new URL('./cluster-worker.ts', import.meta.url), { workerData: request }),
    take,
  );
  return {
    list: () => list,
    ready,
    async close() {
      isReady();
      await worker.close();
      const { removeSnapshots, snapshotFolder } = await import('@breakwater/app/clusters');
      await removeSnapshots(snapshotFolder(state));
    },
  };
}

/** One line for a trouble that is new, or over. */
function sayTroubles(before: ClusterList, after: ClusterList): void {
  for (const { name, trouble } of after.items) {
    const known = before.items.find((item) => item.name === name)?.trouble;
    if (trouble && trouble.message !== known?.message) process.stderr.write(`${plain(trouble.message)}\n`);
    if (!trouble && known) process.stderr.write(`Cluster ${plain(name)} answers again.\n`);
  }
}
