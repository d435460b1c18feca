import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromAnnotations } from './annotations.ts';
import { type BoltBucket, BoltFile } from './bolt.ts';
import { clean, type Fields, fieldsOf, labelsOf, readJson, textOf } from './read-fields.ts';
import type { ContainerFacts } from './store.ts';

const TASKS = 'io.containerd.runtime.v2.task';
const METADATA = 'io.containerd.metadata.v1.bolt/meta.db';
/** Where containerd keeps what runs, and what it knows: its own places, and those of k3s, RKE2 and MicroK8s. */
const PLACES: readonly { run: string; state: string }[] = [
  { run: 'run/containerd', state: 'var/lib/containerd' },
  { run: 'run/k3s/containerd', state: 'var/lib/rancher/k3s/agent/containerd' },
  { run: 'run/k3s/containerd', state: 'var/lib/rancher/rke2/agent/containerd' },
  { run: 'var/snap/microk8s/common/run/containerd', state: 'var/snap/microk8s/common/var/lib/containerd' },
];

/** containerd: annotations lie in the bundle of what runs, labels and image digests in its metadata store. */
export async function findInContainerd(root: string, id: string): Promise<ContainerFacts | undefined> {
  for (const { run, state } of PLACES) {
    const annotations = await annotationsOf(join(root, run, TASKS), id);
    const stored = readMetadata(join(root, state, METADATA), id);
    if (annotations === undefined && stored === undefined) continue;
    const found = fromAnnotations({ ...stored?.labels, ...annotations }, id, stored?.podLabels);
    const own = { name: stored?.labels['nerdctl/name'] ?? '', image: stored?.image ?? '' };
    return {
      ...found,
      container: { ...clean({ ...own, imageDigest: stored?.imageDigest ?? '' }), ...found.container, id },
    };
  }
  return undefined;
}

async function annotationsOf(tasks: string, id: string): Promise<Fields | undefined> {
  for (const namespace of await readdir(tasks).catch(() => [])) {
    const bundle = await readJson(join(tasks, namespace, id, 'config.json'));
    if (bundle !== undefined) return fieldsOf(fieldsOf(bundle)['annotations']);
  }
  return undefined;
}

interface StoredContainer {
  image: string;
  imageDigest: string;
  labels: Record<string, string>;
  podLabels: Record<string, string>;
}

/** A container in containerd's metadata (containerd/metadata/buckets.go); undefined where it or the file is not whole. */
export function readMetadata(path: string, id: string): StoredContainer | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const file = new BoltFile(path);
    try {
      for (const [, bucket] of file.entries(file.bucket(file.root, 'v1'))) {
        if (Buffer.isBuffer(bucket)) continue;
        const container = file.bucket(bucket, 'containers', id);
        if (container !== undefined) return describe(file, bucket, container);
      }
    } finally {
      file.close();
    }
  } catch {
    // Its owner writes to it, or it is no such file: what a container is called is then not known from here.
  }
  return undefined;
}

function describe(file: BoltFile, store: BoltBucket, container: BoltBucket): StoredContainer {
  const image = file.text(container, 'image');
  const pod = file.text(container, 'sandboxid');
  const sandbox = file.bucket(store, 'containers', pod) ?? file.bucket(store, 'sandboxes', pod);
  return {
    image: textOf(image),
    imageDigest: textOf(file.text(store, 'images', image, 'target', 'digest')),
    labels: textsOf(file, file.bucket(container, 'labels')),
    podLabels: labelsOf(textsOf(file, file.bucket(sandbox, 'labels'))),
  };
}

function textsOf(file: BoltFile, bucket: BoltBucket | undefined): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [name, value] of file.entries(bucket))
    if (Buffer.isBuffer(value)) texts.push([name, textOf(value.toString('utf8'))]);
  return Object.fromEntries(texts);
}
