import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromAnnotations } from './annotations.ts';
import { clean, digestOf, type Fields, fieldsOf, labelsOf, parseJson, readJson, textOf } from './read-fields.ts';
import type { ContainerFacts } from './store.ts';

const STORAGE = 'var/lib/containers/storage';

/** Lists of containers: those that stay, and those that go with their end (`--rm`) or with the machine's. */
const listsOf = (name: string): string[] => [
  join(STORAGE, name, 'containers.json'),
  join(STORAGE, name, 'volatile-containers.json'),
  join('run/containers/storage', name, 'volatile-containers.json'),
];

/**
 * podman and CRI-O: containers/storage keeps a list with names and images for each kind of file system
 * (`overlay-containers`, `btrfs-containers`), and the annotations lie in the bundle of each container.
 */
export async function findInStorage(root: string, id: string): Promise<ContainerFacts | undefined> {
  for (const name of await readdir(join(root, STORAGE)).catch(() => [])) {
    if (!name.endsWith('-containers')) continue;
    const folder = join(root, STORAGE, name);
    for (const list of listsOf(name)) {
      const entries = await readJson(join(root, list));
      const entry = Array.isArray(entries) ? entries.map(fieldsOf).find((one) => one['id'] === id) : undefined;
      if (entry !== undefined) return await describe(folder, id, entry);
    }
  }
  return undefined;
}

async function describe(folder: string, id: string, entry: Fields): Promise<ContainerFacts> {
  const metadata = fieldsOf(parseJson(entry['metadata']));
  const annotations = await annotationsOf(folder, id);
  const pod = textOf(annotations['io.kubernetes.cri-o.SandboxID']);
  const podAnnotations = /^[0-9a-f]{64}$/.test(pod) ? await annotationsOf(folder, pod) : {};
  const labels = labelsOf(fieldsOf(parseJson(podAnnotations['io.kubernetes.cri-o.Labels'])));
  const names = Array.isArray(entry['names']) ? entry['names'] : [];
  const found = fromAnnotations(annotations, id, labels);
  const own = { name: textOf(names[0]), image: textOf(metadata['image-name']) };
  return {
    ...found,
    container: { ...clean({ ...own, imageDigest: digestOf(textOf(entry['image'])) }), ...found.container, id },
  };
}

const annotationsOf = async (folder: string, id: string): Promise<Fields> =>
  fieldsOf(fieldsOf(await readJson(join(folder, id, 'userdata/config.json')))['annotations']);
