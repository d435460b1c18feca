import { z } from 'zod';
import { openClient } from './cluster-client.ts';
import { Informer, type InformerOptions } from './informer.ts';
import type { ClusterContext } from './kubeconfig.ts';
import type { LiveObject } from './take-object.ts';

/** Whether a pod serves, as its probes say. */
export interface PodReadiness {
  namespace: string;
  name: string;
  isReady: boolean;
}

export interface ReadinessOptions {
  /** Name of the node whose pods are followed; those of all where it is left out. */
  node?: string | undefined;
  /** Called for each pod at first, and when it changed. Pods that end, or have ended, are not told of. */
  take(pod: PodReadiness): void;
  /** A sentence where it is not known any more, and nothing where it is again. */
  onTrouble(message: string | undefined): void;
  retry?: InformerOptions['retry'];
  pollEvery?: number;
}

/** Readiness that is followed. */
export interface OpenReadiness {
  /** Settled when all pods were told once, or could not be read. */
  listed: Promise<void>;
  /** Of a pod as it is known now; undefined for one that is not there, or ends. */
  of(namespace: string, name: string): boolean | undefined;
  close(): Promise<void>;
}

const PODS = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true, verbs: ['list', 'watch'] };
const Pod = z.object({
  metadata: z.object({ deletionTimestamp: z.string().optional() }),
  status: z
    .object({
      phase: z.string().default(''),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .default({ phase: '', conditions: [] }),
});
/** Milliseconds without trouble after which it is over. */
const CALM = 5000;
const OVER = new Set(['Succeeded', 'Failed']);

/** Follows the Ready condition of pods. It takes nothing but to list and watch pods. */
export function watchReadiness(context: ClusterContext, options: ReadinessOptions): OpenReadiness {
  const client = openClient(context);
  const stop = new AbortController();
  const { node, retry, pollEvery } = options;
  const kind = {
    ...PODS,
    content: 'whole' as const,
    ...(node !== undefined && { fieldSelector: `spec.nodeName=${node}` }),
  };
  let calm: NodeJS.Timeout | undefined;
  const informer = new Informer(client, kind, {
    ...(retry && { retry }),
    ...(pollEvery !== undefined && { pollEvery }),
    onChange({ type, object, before }) {
      const isReady = type === 'removed' ? undefined : readinessOf(object);
      if (isReady === undefined || (before !== undefined && before !== object && readinessOf(before) === isReady))
        return;
      options.take({ namespace: object.namespace, name: object.name, isReady });
    },
    onState() {
      clearTimeout(calm);
      const message = informer.trouble?.message;
      // While it tries again there is none for a moment.
      if (message === undefined) calm = setTimeout(() => options.onTrouble(undefined), CALM).unref();
      else options.onTrouble(message);
    },
  });
  const running = informer.run(stop.signal);
  return {
    listed: informer.listed,
    of(namespace, name) {
      const pod = informer.objects.get(`${namespace}/${name}`);
      return pod && readinessOf(pod);
    },
    async close() {
      stop.abort();
      await running;
      clearTimeout(calm);
      client.close();
    },
  };
}

/** Undefined for a pod that ends: that it serves no more is as it should be. */
function readinessOf({ object }: LiveObject): boolean | undefined {
  const pod = Pod.safeParse(object).data;
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || OVER.has(pod.status.phase)) return undefined;
  return pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
