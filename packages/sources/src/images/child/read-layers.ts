import type { Layer } from '@breakwater/model';
import type { BlobStore } from './blob-store.ts';
import type { Fault } from './fault.ts';
import { readHistory, stepsOfLayers } from './history.ts';
import type { KeptLayers, LayerIdentity } from './kept-layers.ts';
import { type Budget, LayerContents } from './layer-contents.ts';
import type { LayerRead } from './layer-reader.ts';
import type { ImagePlan, LayerPlan } from './resolve-images.ts';

/** The layers of an image, as read and as described; one that could not be read is empty and a fault. */
export interface LayersRead {
  contents: LayerContents[];
  layers: Layer[];
  /** Name in the blob store, for reading again. */
  blobs: string[];
  faults: Fault[];
}

const NOTHING: Budget = { left: 0 };

/** Reads the layers of an image two at a time and holds each to its digest, size and diff_id. */
export async function readLayers(
  plan: ImagePlan,
  read: (blob: string) => Promise<LayerRead | undefined>,
  onLayer: (done: number, total: number) => void,
  isUnverified: (blob: string) => boolean = () => false,
): Promise<LayersRead> {
  const { layers, diffIds } = plan;
  const result: LayersRead = { contents: [], layers: [], blobs: layers.map(({ blob }) => blob), faults: [] };
  if (layers.length !== diffIds.length) {
    const message = `The manifest has ${layers.length} layers, the config ${diffIds.length} diff_ids`;
    result.faults.push({ code: 'layer-count-mismatch', message });
  }
  const steps = stepsOfLayers(readHistory(plan.config), layers.length);
  let done = 0;
  const reads = await Promise.all(
    layers.map(async ({ blob }) => {
      const layer = await read(blob);
      onLayer(++done, layers.length);
      return layer;
    }),
  );
  for (const [index, layer] of layers.entries()) {
    const got = reads[index];
    const stated = isUnverified(layer.blob) ? undefined : diffIds[index];
    const usable = check(layer, got, stated, result.faults) && got !== undefined;
    result.contents.push(usable ? got.contents : new LayerContents(() => false, NOTHING));
    const createdBy = steps[index];
    result.layers.push({
      diffId: (isUnverified(layer.blob) ? diffIds[index] : got?.diffId) ?? diffIds[index] ?? '',
      ...(digestOfLayer(layer, got) !== undefined && { digest: digestOfLayer(layer, got)! }),
      size: got?.size ?? 0,
      ...(createdBy !== undefined && { createdBy }),
    });
  }
  return result;
}

function digestOfLayer({ digest }: LayerPlan, got: LayerRead | undefined): string | undefined {
  if (digest !== undefined) return digest;
  return got === undefined || got.compression === 'none' ? undefined : got.digest;
}

/** Whether a layer is what its manifest says; what its blob's digest does not vouch for is not used. */
function check(layer: LayerPlan, got: LayerRead | undefined, diffId: string | undefined, faults: Fault[]): boolean {
  const path = layer.blob;
  const name = `Layer ${layer.digest ?? layer.blob}`;
  if (path === '') return false;
  if (got === undefined) {
    faults.push({ code: 'layer-missing', message: `${name} is not there: its packages are not known`, path });
    return false;
  }
  for (const fault of got.faults) faults.push({ path, ...fault });
  if (layer.digest?.startsWith('sha256:') && layer.digest !== got.digest) {
    faults.push({ code: 'digest-mismatch', message: `${name} has the digest ${got.digest}: it was not used`, path });
    return false;
  }
  if (layer.digest?.startsWith('sha512:')) {
    faults.push({ code: 'digest-not-checked', message: `${name} is named by SHA-512, which was not checked`, path });
  }
  if (layer.size !== undefined && layer.size !== got.storedSize) {
    faults.push({ code: 'size-mismatch', message: `${name} has ${got.storedSize} bytes, not ${layer.size}`, path });
  }
  if (diffId !== undefined && diffId !== got.diffId && !got.faults.some(({ code }) => code.startsWith('layer-'))) {
    faults.push({
      code: 'diff-id-mismatch',
      message: `${name} unpacks to ${got.diffId}, the config says ${diffId}`,
      path,
    });
  }
  return true;
}

/** Layers that are known, with the steps that this image says they were made by. */
export function withSteps(plan: ImagePlan, layers: Layer[]): Layer[] {
  const steps = stepsOfLayers(readHistory(plan.config), layers.length);
  return layers.map((layer, index) => ({ ...layer, ...(steps[index] !== undefined && { createdBy: steps[index] }) }));
}

/** Reads blobs once for all images that share them, or takes what an earlier scan kept of them; forgets a layer after its last image. */
export class LayerPool {
  readonly #store: BlobStore;
  readonly #uses = new Map<string, number>();
  readonly #reads = new Map<string, Promise<LayerRead | undefined>>();
  readonly #identities = new Map<string, LayerIdentity>();
  readonly #kept: KeptLayers | undefined;

  constructor(store: BlobStore, plans: ImagePlan[], kept: KeptLayers | undefined) {
    this.#store = store;
    this.#kept = kept;
    for (const { layers, diffIds } of plans) {
      for (const [index, { blob, digest }] of layers.entries())
        this.#identities.set(blob, { digest, diffId: diffIds[index], size: store.size(blob) });
    }
    for (const { blob } of plans.flatMap(({ layers }) => layers)) this.#uses.set(blob, (this.#uses.get(blob) ?? 0) + 1);
  }

  readonly read = (blob: string): Promise<LayerRead | undefined> => {
    const left = (this.#uses.get(blob) ?? 1) - 1;
    this.#uses.set(blob, left);
    const reading = this.#reads.get(blob) ?? this.#read(blob);
    if (left > 0) this.#reads.set(blob, reading);
    else this.#reads.delete(blob);
    return reading;
  };

  /** What an image says of its layers; undefined where it does not say it of all that are there. */
  identitiesOf({ layers, diffIds }: ImagePlan): LayerIdentity[] | undefined {
    if (layers.length !== diffIds.length) return undefined;
    const vouched = layers.every(({ blob }) => this.#store.has(blob) && this.#store.isUnverified?.(blob) !== true);
    if (!vouched) return undefined;
    return layers.map(({ blob, digest }, index) => ({ digest, diffId: diffIds[index], size: this.#store.size(blob) }));
  }

  /** Says that an image needs none of its layers. */
  skip({ layers }: ImagePlan): void {
    for (const { blob } of layers) {
      const left = (this.#uses.get(blob) ?? 1) - 1;
      this.#uses.set(blob, left);
      if (left === 0) this.#reads.delete(blob);
    }
  }

  async #read(blob: string): Promise<LayerRead | undefined> {
    const identity = this.#identities.get(blob);
    if (this.#kept === undefined || identity === undefined || !this.#store.has(blob)) return this.#store.layer(blob);
    const found = this.#kept.find(identity);
    if (found !== undefined) return found;
    const read = await this.#store.layer(blob);
    if (read !== undefined) this.#kept.keep(read);
    return read;
  }
}
