export { answersOf, askClusters, type ClusterAnswers } from './ask-clusters.ts';
export { followClusters } from './follow-clusters.ts';
export type { FollowClustersOptions } from './follow-options.ts';
export type { LiveCluster } from './live-estates.ts';
export { type Judged, LiveJudgement } from './live-judgement.ts';
export type { LiveReading, ReadLiveOptions } from './read-live.ts';
export { formatReaderRole, readerRules } from './reader-role.ts';
export { readSnapshot, removeSnapshots, snapshotFolder } from './snapshots.ts';
