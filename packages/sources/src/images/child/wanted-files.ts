import { DISTRIBUTION_FILES } from '../../ecosystems/distribution/detect-distribution.ts';
import type { Ecosystem, PackageFile } from '../../ecosystems/ecosystem.ts';
import type { BlobStore } from './blob-store.ts';
import type { Fault } from './fault.ts';
import type { TakesFacts } from './file-distillery.ts';
import type { ImageTree } from './image-tree.ts';
import type { Wanted } from './layer-contents.ts';

const DISTRIBUTION: ReadonlySet<string> = new Set(DISTRIBUTION_FILES);

/**
 * Whether anybody reads what is at a path, and who reads other files by what they are: with `others` beside the
 * ecosystems.
 */
export function wantedBy(ecosystems: Ecosystem[], others: TakesFacts[] = []): Wanted {
  const isWanted = (path: string): boolean =>
    DISTRIBUTION.has(path) || ecosystems.some((ecosystem) => ecosystem.wants(path));
  return Object.assign(isWanted, {
    distilling: [...ecosystems.filter(({ distil }) => distil !== undefined), ...others],
  });
}

/**
 * Contents of wanted files that are links to files nobody asked for by name (`/etc/os-release` into a store, a package
 * data base in another folder): their layers are read once more. What cannot be read again is a fault.
 */
export async function readLinkTargets(
  tree: ImageTree,
  wantedLinks: string[],
  blobs: string[],
  store: BlobStore,
): Promise<{ contents: Map<string, Buffer>; faults: Fault[] }> {
  const contents = new Map<string, Buffer>();
  const faults: Fault[] = [];
  const missing = new Map<number, Map<string, string>>();
  for (const link of wantedLinks) {
    const real = tree.resolve(link);
    const entry = real === undefined ? undefined : tree.entry(real);
    if (real === undefined)
      faults.push({
        code: 'link-circular',
        message: 'A package file is a link that leads in circles',
        path: `/${link}`,
      });
    else if (Buffer.isBuffer(entry)) contents.set(link, entry);
    else if (entry === 'file') {
      const origin = tree.origin(real)!;
      missing.set(origin, (missing.get(origin) ?? new Map()).set(real, link));
    }
  }
  for (const [layer, paths] of missing) {
    const again = await store.reread(blobs[layer]!, new Set(paths.keys()));
    for (const [real, link] of paths) {
      const content = again?.entries.get(real);
      if (Buffer.isBuffer(content)) contents.set(link, content);
      else
        faults.push({
          code: 'link-not-followed',
          message: `A package file is a link to /${real}, which was not read`,
          path: `/${link}`,
        });
    }
  }
  return { contents, faults };
}

/** The files of one ecosystem in the final tree, each real file once, and the facts it took from others. */
export function filesOf(ecosystem: Ecosystem, tree: ImageTree, linked: Map<string, Buffer>): PackageFile[] {
  const files: PackageFile[] = [];
  for (const path of tree.kept()) {
    if (ecosystem.wants(path)) files.push({ path, bytes: tree.entry(path) as Buffer });
  }
  for (const [path, bytes] of linked) {
    const twin = files.some((file) => file.bytes === bytes);
    if (ecosystem.wants(path) && !twin) files.push({ path, bytes });
  }
  if (ecosystem.distil === undefined) return files;
  for (const [path, facts] of tree.distilled()) {
    for (const { ecosystem: name, bytes } of facts)
      if (name === ecosystem.name) files.push({ path, bytes, distilled: true });
  }
  return files;
}
