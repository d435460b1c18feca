import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import { type Fields, fieldsOf, readJson, textOf } from './read-fields.ts';

/** How a container was started, as far as its behaviour depends on it. */
export type ContainerSettings = NonNullable<NonNullable<RuntimeEvent['watch']>['settings']>;

/** Folders with a folder for each container, and where the runtime's configuration lies in that (OCI runtime-spec, config.md). */
const BUNDLES: readonly { parents: string; file: string }[] = [
  { parents: 'run/containerd/io.containerd.runtime.v2.task', file: 'config.json' },
  { parents: 'run/k3s/containerd/io.containerd.runtime.v2.task', file: 'config.json' },
  { parents: 'var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task', file: 'config.json' },
  { parents: 'var/lib/containers/storage', file: 'userdata/config.json' },
];
const DOCKER = 'var/lib/docker/containers';
const MOST_ARGUMENTS = 64;
const LONGEST_ARGUMENT = 256;
const MOST_NAMES = 256;

/**
 * What a runtime was told to start a container with: its command line, the names of its environment's variables and its
 * limits. Values of the environment are not taken up: they hold secrets. Undefined where no runtime's file tells.
 */
export async function readSettings(id: string, root = '/'): Promise<ContainerSettings | undefined> {
  for (const { parents, file } of BUNDLES)
    for (const parent of await readdir(join(root, parents)).catch(() => [])) {
      const bundle = fieldsOf(await readJson(join(root, parents, parent, id, file)));
      if (bundle['process'] !== undefined) return ofBundle(bundle);
    }
  return await ofDocker(join(root, DOCKER, id));
}

function ofBundle(bundle: Fields): ContainerSettings {
  const started = fieldsOf(bundle['process']);
  const resources = fieldsOf(fieldsOf(bundle['linux'])['resources']);
  const [cpu, memory] = [fieldsOf(resources['cpu']), fieldsOf(resources['memory'])];
  return {
    arguments: argumentsOf(started['args']),
    environment: namesOf(started['env']),
    limits: limitsOf(numberOf(cpu['quota']) / (numberOf(cpu['period']) || 100_000), numberOf(memory['limit'])),
  };
}

async function ofDocker(folder: string): Promise<ContainerSettings | undefined> {
  const file = fieldsOf(await readJson(join(folder, 'config.v2.json')));
  if (file['Path'] === undefined) return undefined;
  const host = fieldsOf(await readJson(join(folder, 'hostconfig.json')));
  const quota = numberOf(host['CpuQuota']) / (numberOf(host['CpuPeriod']) || 100_000);
  return {
    arguments: argumentsOf([file['Path'], ...(Array.isArray(file['Args']) ? file['Args'] : [])]),
    environment: namesOf(fieldsOf(file['Config'])['Env']),
    limits: limitsOf(numberOf(host['NanoCpus']) / 1e9 || quota, numberOf(host['Memory'])),
  };
}

const argumentsOf = (value: unknown): string[] =>
  listOf(value)
    .slice(0, MOST_ARGUMENTS)
    .map((one) => textOf(one).slice(0, LONGEST_ARGUMENT));

/** Names alone, in order. */
const namesOf = (value: unknown): string[] =>
  [...new Set(listOf(value).map((one) => /^([A-Za-z_][A-Za-z0-9_.-]{0,127})=/.exec(textOf(one))?.[1] ?? ''))]
    .filter((name) => name !== '')
    .sort()
    .slice(0, MOST_NAMES);

/** Cores, and bytes: what is none is no limit. */
const limitsOf = (cpu: number, memory: number): Record<string, number> => ({
  ...(cpu > 0 && { cpu }),
  ...(memory > 0 && { memory }),
});

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
