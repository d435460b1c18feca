import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where tests get a real API server from. */
export type ControlPlane =
  /** `cluster` is the binary, `scripts` the folder with `start.sh` and `stop.sh`. */
  | { kind: 'own'; cluster: string; scripts: string }
  /** A cluster that is there already, and that tests may write to. */
  | { kind: 'given'; kubeconfig: string }
  | { kind: 'none'; reason: string };

const SCRIPTS = fileURLToPath(new URL('../../../shared/cluster/', import.meta.url));

/** Folder in which the built binary is kept, outside of the project. */
export function cacheFolder(): string {
  const { BREAKWATER_CLUSTER_CACHE, XDG_CACHE_HOME } = process.env;
  return BREAKWATER_CLUSTER_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'breakwater-cluster');
}

/**
 * Finds the control plane: `CLUSTER` names a built binary; else the one that was built into the cache folder. A cluster
 * of `KUBECONFIG` is taken only where `BREAKWATER_TEST_CLUSTER=writable` says that tests may write to it: a shell that
 * has the way to a real cluster in its environment must not have tests write there.
 */
export function findControlPlane(): ControlPlane {
  const { CLUSTER, KUBECONFIG, BREAKWATER_TEST_CLUSTER } = process.env;
  if (KUBECONFIG && BREAKWATER_TEST_CLUSTER === 'writable') return { kind: 'given', kubeconfig: KUBECONFIG };
  const scripts = process.env['BREAKWATER_CLUSTER_SCRIPTS'] || SCRIPTS;
  if (!existsSync(join(scripts, 'start.sh'))) {
    return { kind: 'none', reason: 'neither ../shared/cluster nor a writable cluster (KUBECONFIG) is here' };
  }
  const cluster = CLUSTER || join(cacheFolder(), 'cluster');
  if (existsSync(cluster)) return { kind: 'own', cluster, scripts };
  return {
    kind: 'none',
    reason: CLUSTER ? `CLUSTER names ${cluster}, which is not there` : 'no control plane is built',
  };
}

/** Builds the control plane into the cache folder where its sources and Go are here: minutes once, then nothing. */
export function buildControlPlane(): void {
  const { CLUSTER, KUBECONFIG, BREAKWATER_TEST_CLUSTER } = process.env;
  if (CLUSTER || (KUBECONFIG && BREAKWATER_TEST_CLUSTER === 'writable')) return;
  const build = join(SCRIPTS, 'build.sh');
  if (!existsSync(build) || spawnSync('go', ['version']).status !== 0) return;
  const { status } = spawnSync(build, [cacheFolder()], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) console.warn('The control plane could not be built: tests that need it are skipped.');
}

/** Why there is no real API server here; empty where there is one. For titles of what is then skipped. */
export const NO_CLUSTER: string = (() => {
  const found = findControlPlane();
  return found.kind === 'none' ? found.reason : '';
})();

/** The same for tests that kill a server, read its audit log or make nodes: a cluster that was given is not for that. */
export const NO_OWN_CLUSTER: string = findControlPlane().kind === 'given' ? 'the cluster was given' : NO_CLUSTER;

/** A title that says why its tests are skipped, where they are. */
export function onCluster(title: string, reason = NO_CLUSTER): string {
  return reason === '' ? title : `${title} (skipped: ${reason})`;
}

/** The same for tests that need a cluster of their own. */
export function onOwnCluster(title: string): string {
  return onCluster(title, NO_OWN_CLUSTER);
}
