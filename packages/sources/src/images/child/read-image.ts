import type { Image, ImageSource, Layer, Unknown } from '@breakwater/model';
import { ecosystems } from '../../ecosystems/all.ts';
import type { BlobStore } from './blob-store.ts';
import { describeBase } from './describe-base.ts';
import { describeConfig, describePlatform } from './describe-config.ts';
import type { Fault } from './fault.ts';
import { type FileSystemRead, readFileSystem } from './file-system.ts';
import { readHistory } from './history.ts';
import { refuseLibraries } from './isal.ts';
import { programDistiller } from './program-distiller.ts';
import type { LayersRead } from './read-layers.ts';
import { readEnvironment } from './read-release.ts';
import type { ImagePlan } from './resolve-images.ts';
import { wantedBy } from './wanted-files.ts';

/** What every file of an image is asked. */
export const wanted = wantedBy(ecosystems);

/** The same where programs are to be listed too. */
export const wantedWithPrograms = wantedBy(ecosystems, [programDistiller]);

export interface ImageFrame {
  id: string;
  source: ImageSource;
  target: string;
  plan?: ImagePlan;
  /** Whether programs are to be listed. */
  release?: boolean;
  /** Of its manifest, where that was not handed over. */
  annotations?: Record<string, string>;
}

/** Puts an image together from its layers: final tree, distribution, components, and everything that is not known. */
export async function readImage(frame: ImageFrame, read: LayersRead, store: BlobStore): Promise<Image> {
  refuseLibraries();
  const system = await readFileSystem(read, store, frame);
  return describeImage(frame, read.layers, read.faults, system);
}

/** An image whose layers were read: what they came to, and what the image says of itself. */
export function describeImage(frame: ImageFrame, layers: Layer[], layerFaults: Fault[], system: FileSystemRead): Image {
  const { id, source, target, plan } = frame;
  const faults = [...(plan?.faults ?? []), ...layerFaults, ...system.faults];
  const platform = plan === undefined ? undefined : describePlatform(plan.config);
  const config = plan === undefined ? undefined : describeConfig(plan.config);
  const annotations = { ...frame.annotations, ...plan?.annotations };
  const history = readHistory(plan?.config ?? {});
  const base = describeBase(history, layers.length, annotations, config?.labels ?? {});
  return {
    id,
    source,
    target,
    references: plan?.references ?? [],
    manifestDigests: plan?.manifestDigests ?? [],
    ...(platform !== undefined && { platform }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(system.distribution !== undefined && { distribution: system.distribution }),
    layers,
    components: system.components,
    fileCount: system.fileCount,
    ...(system.programs !== undefined && {
      release: { ...system.programs, ...readEnvironment(plan?.config ?? {}) },
    }),
    unknowns: [...faults.map((fault) => toUnknown(fault, target, id)), ...system.unknowns].map((unknown) => ({
      ...unknown,
      subject: id,
    })),
  };
}

/** A fault with its place. */
export function toUnknown({ code, message, path, hint }: Fault, target: string, subject?: string): Unknown {
  return {
    code,
    message,
    place: { source: target, ...(path !== undefined && { path }) },
    ...(subject !== undefined && { subject }),
    ...(hint !== undefined && { hint }),
  };
}
