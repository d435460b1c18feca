import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { Component } from '@breakwater/model';
import { ecosystems, type PackageFile } from '@breakwater/sources/ecosystems';
import { parseSbom } from '@breakwater/sources/sboms';
import { type Fields, textOf, textsOf } from './json.ts';

/** The packages of an input, or why they cannot be read. */
export type InputReading = { components: Component[]; major?: string } | { unsupported: string };

/** Reads a folder of lock files, or one of them, with the product's own ecosystems. */
export function readFolder(folder: string, input: string, options: Fields): InputReading {
  const root = join(folder, input);
  const skipped = [...textsOf(options['skip_files']), ...textsOf(options['skip_dirs'])].map((path) =>
    join(folder, path),
  );
  const isRootFs = textOf(options['mode']) === 'rootfs';
  const paths = listFiles(root).filter((path) => !skipped.some((skip) => path === skip || path.startsWith(`${skip}/`)));
  const components: Component[] = [];
  let wanted = 0;
  for (const ecosystem of ecosystems) {
    const files = paths.flatMap((path): PackageFile[] => {
      const name = statSync(root).isFile() ? basename(path) : relative(root, path).split(sep).join('/');
      return ecosystem.wants(name) ? [{ path: name, bytes: readFileSync(path) }] : [];
    });
    wanted += files.length;
    if (files.length > 0) components.push(...ecosystem.parse(files, { target: input }).components);
  }
  if (wanted === 0)
    return { unsupported: `no ecosystem reads any of ${paths.map((path) => basename(path)).join(', ')}` };
  const kept = components.filter(
    ({ development, path }) =>
      (!development || options['include_dev'] === true) && (isRootFs || !path.includes('/node_modules/')),
  );
  return { components: kept };
}

/** Reads an SBOM. */
export async function readSbomFile(folder: string, input: string): Promise<InputReading> {
  const { image, unknowns } = await parseSbom(readFileSync(join(folder, input), 'utf8'), input);
  if (image === undefined) return { unsupported: unknowns[0]?.message ?? 'the SBOM cannot be read' };
  const major = image.distribution?.versionId?.split('.')[0];
  return { components: image.components, ...(major === undefined ? {} : { major }) };
}

function listFiles(root: string): string[] {
  if (statSync(root).isFile()) return [root];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
