import { parentPort, workerData } from 'node:worker_threads';
import { followClusters, snapshotFolder } from '@breakwater/app/clusters';
import { type Judging, openPolicySet } from '@breakwater/app/estate';
import type { ClusterList } from '@breakwater/model';
import type { ClusterReading } from '../cluster-options.ts';

/** What the worker is given. */
export interface FollowRequest {
  state: string;
  contexts: string[];
  reading: ClusterReading;
  judging: Judging;
}

/** What the worker sends: how clusters stand, or that what they hold changed. */
export type FollowAnswer = { kind: 'status'; list: ClusterList } | { kind: 'changed' };

const answer = (message: FollowAnswer) => parentPort?.postMessage(message);

/* Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it. */
void follow(workerData as FollowRequest).finally(() => parentPort?.close());

async function follow({ state, contexts, reading, judging }: FollowRequest): Promise<void> {
  const stop = new AbortController();
  parentPort?.on('message', () => stop.abort());
  const { policySet } = await openPolicySet(judging.policies, new Date().toISOString(), undefined, undefined, judging);
  await followClusters({
    contexts,
    reading,
    policySet,
    snapshots: snapshotFolder(state),
    signal: stop.signal,
    onStatus: (list) => answer({ kind: 'status', list }),
    onChanged: () => answer({ kind: 'changed' }),
  });
}
