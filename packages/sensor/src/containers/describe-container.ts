import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';

/** What a container and its pod are called. */
export type ContainerFacts = Pick<RuntimeEvent, 'container' | 'pod'>;

type Fields = Readonly<Record<string, unknown>>;

/** Bytes of a runtime's file that are read at most. */
const LARGEST = 4 * 1024 * 1024;

/** A container runtime's own files about a container: each knows where they lie under a host's root. */
const RUNTIMES: readonly ((root: string, id: string) => Promise<ContainerFacts | undefined>)[] = [
  describeByStorage,
  describeByDocker,
  describeByContainerd,
];

/** Says what a container is, by the files of whichever runtime made it; its id alone where none knows it. */
export async function describeContainer(id: string, root = '/'): Promise<ContainerFacts> {
  for (const describe of RUNTIMES) {
    const facts = await describe(root, id);
    if (facts !== undefined) return facts;
  }
  return { container: { id } };
}

/** podman and CRI-O: containers/storage keeps a list with names and images, and the annotations lie in the bundle. */
async function describeByStorage(root: string, id: string): Promise<ContainerFacts | undefined> {
  const folder = join(root, 'var/lib/containers/storage/overlay-containers');
  const entries = await readJson(join(folder, 'containers.json'));
  const entry = Array.isArray(entries) ? entries.map(fieldsOf).find((one) => one['id'] === id) : undefined;
  if (entry === undefined) return undefined;
  const metadata = fieldsOf(parse(textOf(entry['metadata'])));
  const bundle = fieldsOf(await readJson(join(folder, id, 'userdata/config.json')));
  const names = Array.isArray(entry['names']) ? entry['names'] : [];
  const found = fromAnnotations(fieldsOf(bundle['annotations']), id);
  return {
    ...found,
    container: {
      ...clean({
        name: textOf(names[0]),
        image: textOf(metadata['image-name']),
        imageDigest: digestOf(textOf(entry['image'])),
      }),
      ...found.container,
      id,
    },
  };
}

async function describeByDocker(root: string, id: string): Promise<ContainerFacts | undefined> {
  const file = fieldsOf(await readJson(join(root, 'var/lib/docker/containers', id, 'config.v2.json')));
  if (file['ID'] !== id) return undefined;
  const config = fieldsOf(file['Config']);
  const labels = fieldsOf(config['Labels']);
  const found = fromAnnotations(labels, id);
  const own = { name: textOf(file['Name']).replace(/^\//, ''), image: textOf(config['Image']) };
  return {
    ...found,
    container: { ...clean({ ...own, imageDigest: digestOf(textOf(file['Image'])) }), ...found.container, id },
  };
}

async function describeByContainerd(root: string, id: string): Promise<ContainerFacts | undefined> {
  const tasks = join(root, 'run/containerd/io.containerd.runtime.v2.task');
  for (const namespace of await readdir(tasks).catch(() => [])) {
    const bundle = await readJson(join(tasks, namespace, id, 'config.json'));
    if (bundle !== undefined) return fromAnnotations(fieldsOf(fieldsOf(bundle)['annotations']), id);
  }
  return undefined;
}

/** The annotations with which containerd's and CRI-O's side of the CRI, and the kubelet, say what a container is. */
function fromAnnotations(annotations: Fields, id: string): ContainerFacts {
  const first = (...names: string[]): string => names.map((name) => textOf(annotations[name])).find(Boolean) ?? '';
  const pod = {
    name: first('io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name'),
    namespace: first('io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.pod.namespace'),
  };
  const container = clean({
    name: first('io.kubernetes.cri.container-name', 'io.kubernetes.container.name'),
    image: first('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName'),
  });
  return {
    container: { ...container, id },
    ...(pod.name !== '' && pod.namespace !== '' && { pod: { ...pod, labels: {} } }),
  };
}

const digestOf = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text);

const clean = <T extends Record<string, string>>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<T>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Texts of runtimes end in terminals: without control characters, and of a length that a line can have. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, LARGEST).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '') : '';

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.length > LARGEST ? undefined : parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
