import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Application, Release } from '../applications/application.ts';
import { DATA_USER, imageName } from '../images/build-images.ts';
import { FILES, KEPT } from '../places.ts';

const runFile = promisify(execFile);
/** Cgroups without systemd. */
const PODMAN = ['--runtime=runc', '--cgroup-manager=cgroupfs'];
const NETWORK = 'behaviour';
const SUBNET = '10.91.0.0/20';
/** Address of the host in it, where its names are answered too. */
export const GATEWAY = '10.91.0.1';
/** By which the containers of a recording are told from all others. */
export const NAMESPACE = 'harbour';
/** Together they take what nobody else wants. */
const SHARES = '32';

/** A container that runs, of one release. */
export interface Replica {
  application: Application;
  release: Release;
  /** Name of its pod: containers that follow each other in one place of a StatefulSet share it. */
  pod: string;
  container: string;
  id: string;
  address: string;
}

/** What podman prints; it waits at most a minute. */
export async function podman(...args: readonly string[]): Promise<string> {
  const { stdout } = await runFile('podman', [...PODMAN, ...args], { timeout: 60_000, maxBuffer: 8 * 1024 * 1024 });
  return stdout.trim();
}

/** Runs a command in a container, as an administrator or a probe does; what it printed, whether it failed or not. */
export async function within(replica: Replica, command: readonly string[], user?: string): Promise<string> {
  const as = user === undefined ? [] : [`--user=${user}`];
  return await podman('exec', ...as, replica.container, ...command).catch((error: Error) => error.message);
}

export async function makeNetwork(): Promise<void> {
  await podman('network', 'exists', NETWORK).catch(
    async () => await podman('network', 'create', '--subnet', SUBNET, '--gateway', GATEWAY, NETWORK),
  );
}

const dataOf = (pod: string): string => join(KEPT, 'data', pod);

/** Starts a replica; its data are those of the replica of the same pod that ran before. */
export async function startReplica(application: Application, release: Release, pod: string): Promise<Replica> {
  const container = `behaviour-${pod}`;
  const mounts: string[] = [];
  if (application.data !== undefined) {
    mkdirSync(dataOf(pod), { recursive: true });
    chownSync(dataOf(pod), DATA_USER, DATA_USER);
    mounts.push(`--volume=${dataOf(pod)}:${application.data}`);
  }
  if (application.name === 'web') mounts.push(`--volume=${join(KEPT, 'web.conf')}:/etc/nginx/sites-enabled/default:ro`);
  const environment = { ...application.environment, ...release.environment };
  const id = await podman(
    'run',
    '--detach',
    '--replace',
    `--name=${container}`,
    `--hostname=${pod}`,
    `--network=${NETWORK}`,
    `--network-alias=${application.name}`,
    `--annotation=io.kubernetes.cri.sandbox-name=${pod}`,
    `--annotation=io.kubernetes.cri.sandbox-namespace=${NAMESPACE}`,
    `--annotation=io.kubernetes.cri.container-name=${application.name}`,
    `--cpu-shares=${SHARES}`,
    '--ulimit=nofile=1024:4096',
    '--ulimit=nproc=8192:8192',
    '--log-opt=max-size=1mb',
    '--stop-timeout=4',
    ...Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`),
    ...mounts,
    imageName(application, release),
    ...(release.arguments ?? []),
  );
  const address = await podman(
    'inspect',
    '-f',
    `{{(index .NetworkSettings.Networks "${NETWORK}").IPAddress}}`,
    container,
  );
  return { application, release, pod, container, id, address };
}

export async function stopReplica({ container }: Replica): Promise<void> {
  await podman('rm', '--force', '--time', '4', container).catch(() => undefined);
}

export async function restartReplica(replica: Replica): Promise<Replica> {
  await podman('restart', '--time', '4', replica.container);
  const format = `{{(index .NetworkSettings.Networks "${NETWORK}").IPAddress}}`;
  return { ...replica, address: await podman('inspect', '-f', format, replica.container) };
}

export function removeData(): void {
  rmSync(join(KEPT, 'data'), { recursive: true, force: true });
}

export const configurationOf = (application: string, name: string): string => join(FILES, application, name);
