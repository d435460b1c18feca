import { resolve } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import type { Guarding } from '@breakwater/sensor/guards';
import type { OpenReadiness } from '@breakwater/sources/clusters';
import type { Invocation } from '../command.ts';
import { plain } from '../terminal/style.ts';

/** Probes of containers, told to a ladder. */
export interface WatchedHealth {
  /** A container is guarded from now on: what is known of its pod already is told. */
  begun(facts: Pick<RuntimeEvent, 'pod'>): void;
  close(): Promise<void>;
}

/** Milliseconds between two questions to the runtimes of this host. */
const LOOK = 5000;

/**
 * Tells a ladder what probes say: the Ready condition of this node's pods where a cluster is named, and the health checks
 * of podman, Docker and nerdctl. @throws {UserError} where the cluster that is named is not known
 */
export async function watchHealth(
  { options, signal }: Invocation,
  node: string,
  guarding: Guarding,
  says: (line: string) => void,
): Promise<WatchedHealth> {
  const context = options['readiness'] as string | undefined;
  const readiness = context === undefined ? undefined : await followPods(context, options, node, guarding, says);
  const { readHealth } = await import('@breakwater/sensor/containers');
  /** Containers that have no check: whether one has does not change. */
  const unchecked = new Set<string>();
  const look = async (): Promise<void> => {
    const guarded = guarding.containers;
    for (const id of unchecked) if (!guarded.includes(id)) unchecked.delete(id);
    const asked = guarded.filter((id) => !unchecked.has(id));
    const health = await readHealth(asked);
    for (const id of asked) {
      const said = health.get(id);
      if (said === undefined) unchecked.add(id);
      else if (said !== 'starting') guarding.health({ container: id }, said === 'healthy');
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    timer = setTimeout(() => void look().finally(() => signal.aborted || again()), LOOK);
  };
  again();
  return {
    begun({ pod }) {
      const isReady = pod && readiness?.of(pod.namespace, pod.name);
      if (pod !== undefined && isReady !== undefined) guarding.health({ pod: `${pod.namespace}/${pod.name}` }, isReady);
    },
    async close() {
      clearTimeout(timer);
      await readiness?.close();
    },
  };
}

async function followPods(
  wanted: string,
  options: Invocation['options'],
  node: string,
  guarding: Guarding,
  says: (line: string) => void,
): Promise<OpenReadiness> {
  const { findContext, watchReadiness } = await import('@breakwater/sources/clusters');
  const kubeconfigs = options['kubeconfig'] as string[] | undefined;
  const context = await findContext(wanted, { kubeconfigs: kubeconfigs?.map((file) => resolve(file)) });
  let trouble: string | undefined;
  return watchReadiness(context, {
    node,
    take: ({ namespace, name, isReady }) => guarding.health({ pod: `${namespace}/${name}` }, isReady),
    onTrouble(message) {
      if (message !== undefined && trouble === undefined)
        says(`Readiness of pods is not known, and does not take guards back: ${plain(message)}`);
      if (message === undefined && trouble !== undefined) says('Readiness of pods is known again.');
      trouble = message;
    },
  });
}
