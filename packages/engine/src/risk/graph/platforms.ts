import type { Translation } from '@breakwater/model';
import type { EstateFacts } from './facts.ts';

/** How the parts of a platform other than Kubernetes are called, and how many hosts it has at least. */
export interface PlatformWords {
  controlPlane: string;
  node: string;
  /** True where one host is all there is: who holds it holds everything. */
  single: boolean;
}

const WORDS: Readonly<Record<Translation['platform'], PlatformWords>> = {
  compose: { controlPlane: 'the Docker daemon and all it runs', node: 'the Docker host', single: true },
  swarm: { controlPlane: 'the managers of the swarm', node: 'a node of the swarm', single: false },
  ecs: { controlPlane: 'the ECS cluster', node: 'a container instance of ECS', single: false },
  marathon: { controlPlane: 'the masters of Mesos', node: 'an agent of Mesos', single: false },
};

/** The clusters that are none of Kubernetes: no service accounts, no secrets of administrators, words of their own. */
export function platformsOf({ objects }: EstateFacts): Map<string, PlatformWords> {
  const platforms = new Map<string, PlatformWords>();
  for (const { cluster, translation } of objects) {
    if (translation !== undefined && !platforms.has(cluster)) platforms.set(cluster, WORDS[translation.platform]);
  }
  return platforms;
}
