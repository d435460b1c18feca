import type { Snapshot } from './snapshot.ts';

/** A snapshot of a cluster of which nothing is known yet. */
export function emptySnapshot(time: string, cluster = 'default'): Snapshot {
  return {
    format: 1,
    time,
    cluster,
    policies: [],
    foreign: [],
    exceptions: [],
    settings: [],
    faults: [],
    packs: [],
    kubernetesVersion: 'latest',
    objects: [],
    complete: false,
    unread: [],
    images: [],
    exposures: {},
  };
}
