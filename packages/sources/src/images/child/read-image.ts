import type { Component, Distribution, Image, ImageSource, Unknown } from '@breakwater/model';
import { ecosystems } from '../../ecosystems/all.ts';
import { detectDistribution } from '../../ecosystems/distribution/detect-distribution.ts';
import { distributionOfPrograms } from '../../ecosystems/distribution/distribution-of-programs.ts';
import type { BlobStore } from './blob-store.ts';
import { describeBase } from './describe-base.ts';
import { describeConfig, describePlatform } from './describe-config.ts';
import type { Fault } from './fault.ts';
import { readHistory } from './history.ts';
import { ImageTree } from './image-tree.ts';
import { OPERATING_SYSTEM, readComponents } from './read-components.ts';
import type { LayersRead } from './read-layers.ts';
import type { ImagePlan } from './resolve-images.ts';
import { readLinkTargets, wantedBy } from './wanted-files.ts';

/** What every file of an image is asked. */
export const wanted = wantedBy(ecosystems);

export interface ImageFrame {
  id: string;
  source: ImageSource;
  target: string;
  plan?: ImagePlan;
  /** Of its manifest, where that was not handed over. */
  annotations?: Record<string, string>;
}

/** Puts an image together from its layers: final tree, distribution, components, and everything that is not known. */
export async function readImage(frame: ImageFrame, read: LayersRead, store: BlobStore): Promise<Image> {
  const { id, source, target, plan } = frame;
  const tree = new ImageTree(read.contents);
  const links = read.contents
    .flatMap(({ wantedLinks }) => wantedLinks)
    .filter((path) => tree.entry(path) !== undefined);
  const linked = await readLinkTargets(tree, [...new Set(links)], read.blobs, store);
  const text = (path: string): string | undefined => (linked.contents.get(path) ?? tree.read(path))?.toString('utf8');
  const distribution = detectDistribution(text);
  const found = readComponents(ecosystems, tree, linked.contents, read.layers, target, distribution);
  const system = distribution ?? distributionOfPrograms(found.components);
  const faults = [...(plan?.faults ?? []), ...read.faults, ...linked.faults];
  if (source === 'repository') faults.push(...(found.hadPackageFiles ? [] : [nothingToMatch('It holds no lock file')]));
  else if (found.components.length > 0) faults.push(...unlistedSystem(distribution, found.components));
  else faults.push(nothingToMatch(found.hadPackageFiles ? 'Its package data bases list nothing' : NO_DATA_BASE));
  const platform = plan === undefined ? undefined : describePlatform(plan.config);
  const config = plan === undefined ? undefined : describeConfig(plan.config);
  const annotations = { ...frame.annotations, ...plan?.annotations };
  const history = readHistory(plan?.config ?? {});
  const base = describeBase(history, read.layers.length, annotations, config?.labels ?? {});
  return {
    id,
    source,
    target,
    references: plan?.references ?? [],
    manifestDigests: plan?.manifestDigests ?? [],
    ...(platform !== undefined && { platform }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(system !== undefined && { distribution: system }),
    layers: read.layers,
    components: found.components,
    fileCount: tree.fileCount,
    unknowns: [...faults.map((fault) => toUnknown(fault, target, id)), ...found.unknowns].map((unknown) => ({
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

const NO_DATA_BASE = 'It holds no package data base';

function nothingToMatch(why: string): Fault {
  return {
    code: 'nothing-to-match',
    message: `${why}: nothing was found that could be matched with advisories`,
    hint: 'Programs copied in by hand are not listed anywhere; an SBOM from their build tells what they hold.',
  };
}

/** A distribution whose advisories are known by package, and no package of it is listed: its data base was taken away. */
function unlistedSystem(distribution: Distribution | undefined, components: Component[]): Fault[] {
  if (distribution?.ecosystem === undefined || components.some(({ type }) => OPERATING_SYSTEM.has(type))) return [];
  return [
    {
      code: 'system-unlisted',
      message: `It is ${distribution.name}, but no package of the system is listed: what of it is there was not judged`,
      hint: 'Keep the package data base in the image, or give an SBOM that was written while it was there.',
    },
  ];
}
