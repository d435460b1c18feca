import { resolve } from 'node:path';
import type { Invocation, Option } from './command.ts';

/** Options by which every command is told how to find and read live clusters. */
export const KUBECONFIG_OPTIONS = {
  kubeconfig: { type: 'string', multiple: true, value: 'FILE', help: 'Kubeconfig (default: as kubectl finds it)' },
  namespace: { type: 'string', multiple: true, value: 'NAME', help: 'Only these namespaces of clusters' },
} satisfies Record<string, Option>;

/** Options of every command that takes live clusters beside paths. */
export const CLUSTER_OPTIONS = {
  cluster: { type: 'string', multiple: true, value: 'CONTEXT', help: 'Live cluster, like the target cluster:CONTEXT' },
  ...KUBECONFIG_OPTIONS,
} satisfies Record<string, Option>;

/** How clusters are found and read; what is absent is as kubectl has it. */
export interface ClusterReading {
  /** Absolute, so that they hold from another folder too. */
  kubeconfigs?: string[] | undefined;
  namespaces?: string[] | undefined;
}

/** How an invocation reads clusters. */
export function clusterReading({ options }: Pick<Invocation, 'options'>): ClusterReading {
  const kubeconfigs = options['kubeconfig'] as string[] | undefined;
  return {
    kubeconfigs: kubeconfigs?.map((file) => resolve(file)),
    namespaces: options['namespace'] as string[] | undefined,
  };
}

/** What an invocation names, with the clusters of `--cluster` among it. */
export function withClusters({ options }: Pick<Invocation, 'options'>, targets: string[]): string[] {
  const contexts = (options['cluster'] as string[] | undefined) ?? [];
  return [...targets, ...contexts.map((context) => `cluster:${context}`)];
}
