import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { UserError } from '@breakwater/model';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';

/** How contexts are found. */
export interface KubeconfigOptions {
  /** Files that were named; else `KUBECONFIG`, else `~/.kube/config`, else the service account of the pod. */
  kubeconfigs?: readonly string[] | undefined;
  environment?: NodeJS.ProcessEnv | undefined;
  /** Put before the paths of the service account; for tests. */
  serviceAccountPrefix?: string | undefined;
}

/** A context with all that speaking to its cluster takes. */
export interface ClusterContext {
  name: string;
  /** File that states its user; empty inside a cluster. */
  kubeconfig: string;
  cluster: Cluster;
  user: User;
  /** What its user is limited to, where the context says so. */
  namespace?: string | undefined;
  current: boolean;
}

/** Name of the context of the service account that a pod runs with. */
export const IN_CLUSTER = 'in-cluster';
/** Stands for the context that the kubeconfig calls current, unless one has this very name. */
const CURRENT = 'current';
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Every context of the kubeconfigs that the user named, by option or environment; never of files that are scanned, for
 * a kubeconfig can name commands to run. Of contexts, clusters and users of one name the first counts, as for kubectl.
 * Throws UserError for a file that cannot be read.
 */
export async function readContexts(options: KubeconfigOptions = {}): Promise<ClusterContext[]> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const files = kubeconfigFiles(options);
  if (files.length === 0) return inClusterContext(new KubeConfig(), options);
  const configs = files.map((file) => ({ file, config: load(new KubeConfig(), file) }));
  const current = configs.find(({ config }) => config.getCurrentContext())?.config.getCurrentContext();
  const contexts = new Map<string, ClusterContext>();
  for (const { config } of configs) {
    for (const { name, cluster, user, namespace } of config.getContexts()) {
      const where = configs.find((other) => other.config.getCluster(cluster) !== null);
      const who = configs.find((other) => other.config.getUser(user) !== null);
      const found = where?.config.getCluster(cluster);
      if (contexts.has(name) || !found) continue;
      const account = who?.config.getUser(user) ?? { name: user ?? '' };
      const about = { name, kubeconfig: who?.file ?? '', cluster: found, user: account, current: name === current };
      contexts.set(name, { ...about, ...(namespace ? { namespace } : {}) });
    }
  }
  return [...contexts.values()];
}

/** The context of a name; `current` and `in-cluster` stand for those. Throws UserError where there is none. */
export async function findContext(name: string, options: KubeconfigOptions = {}): Promise<ClusterContext> {
  const contexts = await readContexts(options);
  const named = contexts.find((context) => context.name === name);
  const found = named ?? (name === CURRENT ? contexts.find(({ current }) => current) : undefined);
  if (found) return found;
  throw new UserError(`No kubeconfig at hand has a context named '${name}'.`, {
    code: 'context-unknown',
    hint:
      contexts.length > 0
        ? `There are: ${contexts.map((context) => context.name).join(', ')}.`
        : 'Name a kubeconfig: --kubeconfig FILE, or KUBECONFIG in the environment.',
  });
}

function kubeconfigFiles({ kubeconfigs = [], environment = process.env }: KubeconfigOptions): string[] {
  if (kubeconfigs.length > 0) return kubeconfigs.map((file) => resolve(file));
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '' && existsSync(file));
  if (listed.length > 0) return listed.map((file) => resolve(file));
  const usual = join(environment['HOME'] ?? homedir(), '.kube', 'config');
  return existsSync(usual) ? [usual] : [];
}

function load(config: KubeConfig, file: string): KubeConfig {
  try {
    config.loadFromFile(file, { onInvalidEntry: 'filter' });
    return config;
  } catch (cause) {
    throw new UserError(`${file} cannot be read as a kubeconfig.`, {
      code: 'kubeconfig-unreadable',
      hint: 'kubectl config view --kubeconfig FILE says more.',
      cause,
    });
  }
}

/** The way into the cluster that this process runs in; none outside of one. */
function inClusterContext(
  config: KubeConfig,
  { environment = process.env, serviceAccountPrefix = '' }: KubeconfigOptions,
): ClusterContext[] {
  const inside = environment['KUBERNETES_SERVICE_HOST'] && existsSync(serviceAccountPrefix + SERVICE_ACCOUNT_TOKEN);
  if (!inside) return [];
  config.loadFromCluster(serviceAccountPrefix);
  const [cluster] = config.getClusters();
  const [user] = config.getUsers();
  return cluster && user ? [{ name: IN_CLUSTER, kubeconfig: '', cluster, user, current: true }] : [];
}
