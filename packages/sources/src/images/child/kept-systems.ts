import { createHash } from 'node:crypto';
import type { Layer } from '@breakwater/model';
import type { FileSystemRead } from './file-system.ts';
import type { KeptLayers, LayerIdentity } from './kept-layers.ts';
import { seal, unseal } from './layer-file.ts';

/** What the layers of an image came to, and how each was found to be. */
export interface KeptSystem {
  layers: Layer[];
  system: FileSystemRead;
}

const VERSION = 'file system 1';

/**
 * What an earlier scan found in the same layers in the same order: two images, or two archives of one, that have the
 * same layers hold the same. An image that was read before is so told again without putting its layers together.
 */
export class KeptSystems {
  readonly #kept: KeptLayers;

  constructor(kept: KeptLayers) {
    this.#kept = kept;
  }

  /** What was kept of these layers, said of `target`; undefined where nothing was. */
  find(layers: LayerIdentity[], target: string): KeptSystem | undefined {
    const name = nameOf(layers);
    const bytes = this.#kept.readFile(name);
    const json = bytes === undefined ? undefined : unseal(bytes)?.json;
    if (json === undefined) return undefined;
    for (const digest of [name, ...layers.map((layer) => layer.digest ?? layer.diffId ?? name)]) this.#kept.use(digest);
    const { told, layers: read, system } = JSON.parse(json.toString('utf8')) as KeptSystem & { told: string };
    const unknowns = system.unknowns.map((unknown) => {
      const { source, ...place } = unknown.place;
      return { ...unknown, place: { source: source === told ? target : source, ...place } };
    });
    return { layers: read, system: { ...system, unknowns } };
  }

  /** Hands over what was found in layers that were all read whole. */
  keep(identities: LayerIdentity[], target: string, { layers, system }: KeptSystem): void {
    const steps = layers.map(({ createdBy, ...layer }) => layer);
    const name = nameOf(identities);
    this.#kept.write(name, name, seal({ told: target, layers: steps, system }, []));
  }
}

function nameOf(layers: LayerIdentity[]): string {
  const text = JSON.stringify([VERSION, ...layers.map(({ digest, diffId, size }) => [digest, diffId, size])]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
