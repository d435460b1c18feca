export type { LiveCluster } from './live-estates.ts';
export type { LiveReading, ReadLiveOptions } from './read-live.ts';
