import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLayers } from './big-image/make-layers.ts';
import { writeDockerArchive, writeLayout } from './big-image/write-archives.ts';

/** Where the two forms of the image are. */
export interface BigImage {
  archive: string;
  layout: string;
}

/** The folder that keeps the image: BREAKWATER_BIG_IMAGE, or one under the folder for temporary files. */
export function locateBigImage(): BigImage {
  const folder = process.env['BREAKWATER_BIG_IMAGE'] ?? join(tmpdir(), 'breakwater-big-image');
  return { archive: join(folder, 'big.tar'), layout: join(folder, 'big-oci') };
}

/** Makes the image unless it is there; it takes about a quarter of an hour and, for a while, 11 GB of disk. */
async function makeBigImage({ archive, layout }: BigImage): Promise<void> {
  if (existsSync(archive) && existsSync(layout)) return;
  const folder = join(archive, '..');
  mkdirSync(folder, { recursive: true });
  const layers = makeLayers(folder);
  const draft = join(folder, 'draft');
  mkdirSync(draft, { recursive: true });
  const diffIds = await writeLayout(draft, layers);
  writeDockerArchive(`${archive}.draft`, layers, diffIds);
  for (const { path } of layers) rmSync(path);
  renameSync(draft, layout);
  renameSync(`${archive}.draft`, archive);
}

if (import.meta.main) {
  const image = locateBigImage();
  await makeBigImage(image);
  console.log(`${image.archive}\n${image.layout}`);
}
