import type { Image, ImageSource, Unknown } from '@breakwater/model';
import type { WallContext } from '../../wall/task.ts';
import { indexArchive } from './archive-index.ts';
import type { BlobStore } from './blob-store.ts';
import { type ByteRange, readRange } from './byte-range.ts';
import { compressionOf } from './compression.ts';
import type { Fault } from './fault.ts';
import { readFileSystem } from './file-system.ts';
import { type KeptLayerItem, KeptLayers, type LayerIdentity } from './kept-layers.ts';
import { type KeptSystem, KeptSystems } from './kept-systems.ts';
import type { Budget, Wanted } from './layer-contents.ts';
import { type LayerRead, LayerReader } from './layer-reader.ts';
import { RangeStore } from './range-store.ts';
import { describeImage, type ImageFrame, readImage, toUnknown, wanted, wantedWithPrograms } from './read-image.ts';
import { LayerPool, readLayers, withSteps } from './read-layers.ts';
import { type ImagePlan, type Plans, resolveDockerArchive } from './resolve-images.ts';
import { resolveLayout } from './resolve-layout.ts';
import { StreamStore } from './stream-store.ts';

/** What the parent opened. The order of descriptors is that of the names. */
export interface ReadRequest {
  target: string;
  platform?: string;
  /** Programs and libraries are to be listed. */
  release?: true;
  /** Where the layer cache is, in which case the last descriptor is its draft. */
  cache?: string;
  opened:
    | { kind: 'archive'; size: number; first: string }
    | { kind: 'layout'; files: { name: string; size: number }[] }
    /** Layers come as streams, each once, except those that the layer cache has; documents by name as base64. */
    | {
        kind: 'registry';
        /** Without `size`, of a length that only its end tells; what is `unverified` need not have the stated digest. */
        files: { name: string; size?: number; kept?: boolean; unverified?: boolean }[];
        documents: Record<string, string>;
        source?: ImageSource;
        /** Of the image's manifest, where that is not among the documents. */
        annotations?: Record<string, string>;
      }
    /** What an engine exports, as a stream: in whatever form and order it writes an archive. */
    | { kind: 'export'; source: ImageSource }
    | { kind: 'packed-folder'; source?: ImageSource };
}

/** What is told while reading. */
export type ReadItem =
  | { kind: 'image'; image: Image }
  | { kind: 'unknown'; unknown: Unknown }
  | { kind: 'progress'; done: number; total: number; subject: string }
  | KeptLayerItem;

/** Content that may be kept of all layers of a target together. */
const BUDGET = 160 * 1024 * 1024;

const OCI_SOURCES = {
  archive: 'oci-archive',
  layout: 'oci-layout',
  registry: 'registry',
  export: 'oci-archive',
  'packed-folder': 'root-filesystem',
} as const;
const WHOLE_STREAM = Number.MAX_SAFE_INTEGER;

/** The task behind the wall: reads every image of what was handed over and emits each as soon as it is read. */
export async function readTarget(request: ReadRequest, { files, emit }: WallContext): Promise<null> {
  const session = new Session(request, files.at(-1), (item) => emit(item));
  const { opened } = request;
  if (opened.kind === 'layout') {
    const ranges = opened.files.map(
      ({ name, size }, index) => [name, { descriptor: files[index]!, start: 0, length: size }] as const,
    );
    await session.readStore(new RangeStore(new Map(ranges), session.wanted, session.budget), []);
  } else if (opened.kind === 'registry') {
    const streams = [...files];
    const ranges = opened.files.map(({ name, size = WHOLE_STREAM, kept, unverified = false }) => {
      const descriptor = kept ? undefined : streams.shift();
      return [name, { descriptor, start: undefined, length: size, unverified }] as const;
    });
    const documents = Object.entries(opened.documents).map(
      ([name, content]) => [name, Buffer.from(content, 'base64')] as const,
    );
    const store = new RangeStore(new Map(ranges), session.wanted, session.budget, new Map(documents));
    await session.readStore(store, []);
  } else if (opened.kind === 'archive')
    await session.readArchive({ descriptor: files[0]!, start: 0, length: opened.size });
  else if (opened.kind === 'export')
    await session.readStream({ descriptor: files[0]!, start: undefined, length: WHOLE_STREAM });
  else await session.readRoot({ descriptor: files[0]!, start: undefined, length: WHOLE_STREAM });
  return null;
}

class Session {
  readonly budget: Budget = { left: BUDGET };
  readonly wanted: Wanted;
  readonly #request: ReadRequest;
  readonly #emit: (item: ReadItem) => void;
  readonly #kept: KeptLayers | undefined;

  constructor(request: ReadRequest, draft: number | undefined, emit: (item: ReadItem) => void) {
    this.#request = request;
    this.wanted = request.release === undefined ? wanted : wantedWithPrograms;
    this.#emit = emit;
    if (request.cache !== undefined && draft !== undefined)
      this.#kept = new KeptLayers(request.cache, draft, this.budget, emit);
  }

  async readArchive(archive: ByteRange): Promise<void> {
    const { opened } = this.#request;
    const first = opened.kind === 'archive' ? Buffer.from(opened.first, 'base64') : Buffer.alloc(0);
    if (compressionOf(first) === 'none') {
      const index = await indexArchive(archive);
      if (index === undefined) return this.readRoot(archive);
      return this.readStore(new RangeStore(index.ranges, this.wanted, this.budget), index.faults);
    }
    return this.readStream(archive);
  }

  /** Reads what can be read only once, from its start. */
  async readStream(archive: ByteRange): Promise<void> {
    const store = new StreamStore(this.wanted, this.budget);
    const root = await store.load(archive);
    if (isImageStore(store))
      return this.readStore(
        store,
        root.faults.filter(({ code }) => code.startsWith('archive-')),
      );
    return this.#emitRoot(root, store);
  }

  /** Reads a plain tar as a root file system. */
  async readRoot(archive: ByteRange): Promise<void> {
    const reader = new LayerReader(this.wanted, this.budget);
    for await (const chunk of readRange(archive)) await reader.write(chunk);
    const store = new RangeStore(new Map(archive.start === undefined ? [] : [['', archive]]), this.wanted, this.budget);
    await this.#emitRoot(await reader.finish(), store);
  }

  async readStore(store: BlobStore, faults: Fault[]): Promise<void> {
    const { images, faults: more } = await this.#resolve(store);
    for (const fault of [...faults, ...more]) this.#unknown(fault);
    const pool = new LayerPool(store, images, this.#kept);
    const total = images.reduce((sum, { layers }) => sum + layers.length, 0);
    let done = 0;
    for (const plan of images) {
      const target =
        images.length === 1 ? this.#request.target : `${this.#request.target}#${plan.references[0] ?? plan.id}`;
      const source = this.#source ?? (plan.source === 'oci' ? OCI_SOURCES[this.#request.opened.kind] : plan.source);
      const frame = { id: plan.id, source, target, plan, ...this.#annotations, ...this.#release };
      const known = this.#findSystem(pool.identitiesOf(plan), target);
      const onLayer = (): void => this.#progress(++done, total, target);
      if (known === undefined) await this.#readLayersOf(frame, pool, store, onLayer);
      else {
        pool.skip(plan);
        for (const _ of plan.layers) onLayer();
        const image = describeImage(frame, withSteps(plan, known.layers), [], known.system);
        this.#emit({ kind: 'image', image });
      }
    }
  }

  async #readLayersOf(
    frame: ImageFrame & { plan: ImagePlan },
    pool: LayerPool,
    store: BlobStore,
    onLayer: () => void,
  ): Promise<void> {
    const { plan, target } = frame;
    const isUnverified = (blob: string): boolean => store.isUnverified?.(blob) === true;
    const read = await readLayers(plan, pool.read, onLayer, isUnverified);
    const system = await readFileSystem(read, store, frame);
    const identities = pool.identitiesOf(plan);
    if (this.#kept !== undefined && identities !== undefined && read.faults.length === 0)
      new KeptSystems(this.#kept).keep(identities, target, { layers: read.layers, system });
    this.#emit({ kind: 'image', image: describeImage(frame, read.layers, read.faults, system) });
  }

  #findSystem(identities: LayerIdentity[] | undefined, target: string): KeptSystem | undefined {
    if (this.#kept === undefined || identities === undefined) return undefined;
    return new KeptSystems(this.#kept).find(identities, target);
  }

  /** An archive of newer Docker is an OCI layout too, whose index may name platforms that were not saved. */
  async #resolve(store: BlobStore): Promise<Plans> {
    const docker = store.has('manifest.json');
    if (!store.has('index.json')) return resolveDockerArchive(store);
    const plans = await resolveLayout(store, this.#request.platform);
    if (!docker) return plans;
    if (plans.images.length === 0) return resolveDockerArchive(store);
    return { images: plans.images, faults: plans.faults.filter(({ code }) => code !== 'blob-missing') };
  }

  async #emitRoot(root: LayerRead, store: BlobStore): Promise<void> {
    const { target } = this.#request;
    if (root.contents.entries.size === 0) {
      for (const fault of root.faults) this.#unknown(fault);
      return this.#unknown({ code: 'not-an-image', message: 'It holds no manifest of an image and no file system' });
    }
    this.#progress(1, 1, target);
    const layers = [{ diffId: root.diffId, size: root.size }];
    const read = { contents: [root.contents], layers, blobs: [''], faults: root.faults };
    const source = this.#source ?? 'root-filesystem';
    const image = await readImage({ id: root.diffId, source, target, ...this.#release }, read, store);
    this.#emit({ kind: 'image', image });
  }

  get #release(): { release?: boolean } {
    return this.#request.release === undefined ? {} : { release: true };
  }

  get #annotations(): { annotations?: Record<string, string> } {
    const { opened } = this.#request;
    return opened.kind === 'registry' && opened.annotations !== undefined ? { annotations: opened.annotations } : {};
  }

  /** What the parent says of where it comes from, where the form of the content does not tell. */
  get #source(): ImageSource | undefined {
    const { opened } = this.#request;
    return 'source' in opened ? opened.source : undefined;
  }

  #unknown(fault: Fault): void {
    this.#emit({ kind: 'unknown', unknown: toUnknown(fault, this.#request.target) });
  }

  #progress(done: number, total: number, subject: string): void {
    this.#emit({ kind: 'progress', done, total, subject });
  }
}

function isImageStore(store: BlobStore): boolean {
  return ['manifest.json', 'index.json', 'oci-layout'].some((name) => store.has(name));
}
