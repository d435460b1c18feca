import type { Component, Distribution, ImageRelease, ImageSource, Unknown } from '@breakwater/model';
import { ecosystems } from '../../ecosystems/all.ts';
import { detectDistribution } from '../../ecosystems/distribution/detect-distribution.ts';
import { distributionOfPrograms } from '../../ecosystems/distribution/distribution-of-programs.ts';
import type { BlobStore } from './blob-store.ts';
import type { Fault } from './fault.ts';
import { ImageTree } from './image-tree.ts';
import { OPERATING_SYSTEM, readComponents } from './read-components.ts';
import type { LayersRead } from './read-layers.ts';
import { readPrograms } from './read-release.ts';
import { readLinkTargets } from './wanted-files.ts';

/** What the layers of an image come to, whatever the image says of itself. */
export interface FileSystemRead {
  distribution?: Distribution;
  components: Component[];
  fileCount: number;
  /** Where they were asked for. */
  programs?: Pick<ImageRelease, 'files' | 'omitted'>;
  faults: Fault[];
  unknowns: Unknown[];
}

/** Puts layers on each other and reads what is there. Of a checkout only lock files can be expected. */
export async function readFileSystem(
  read: LayersRead,
  store: BlobStore,
  { target, source, release = false }: { target: string; source: ImageSource; release?: boolean },
): Promise<FileSystemRead> {
  const tree = new ImageTree(read.contents);
  const links = read.contents
    .flatMap(({ wantedLinks }) => wantedLinks)
    .filter((path) => tree.entry(path) !== undefined);
  const linked = await readLinkTargets(tree, [...new Set(links)], read.blobs, store);
  const text = (path: string): string | undefined => (linked.contents.get(path) ?? tree.read(path))?.toString('utf8');
  const stated = detectDistribution(text);
  const found = readComponents(ecosystems, tree, linked.contents, read.layers, target, stated);
  const distribution = stated ?? distributionOfPrograms(found.components);
  const faults = [...linked.faults];
  if (source === 'repository') faults.push(...(found.hadPackageFiles ? [] : [nothingToMatch('It holds no lock file')]));
  else if (found.components.length > 0) faults.push(...unlistedSystem(stated, found.components));
  else faults.push(nothingToMatch(found.hadPackageFiles ? 'Its package data bases list nothing' : NO_DATA_BASE));
  return {
    ...(distribution !== undefined && { distribution }),
    components: found.components,
    fileCount: tree.fileCount,
    ...(release && { programs: readPrograms(tree) }),
    faults,
    unknowns: found.unknowns,
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
