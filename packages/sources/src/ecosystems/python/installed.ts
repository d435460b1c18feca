import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { isIdentity } from '../purl-of.ts';
import { readText } from '../read-text.ts';
import { parseMetadata } from './metadata.ts';
import { installedFiles, type Listing, modulePaths, ownedPaths, recordedPaths } from './owned-paths.ts';
import { PYTHON_NAME, pythonComponent } from './python-component.ts';

/** Lists of the largest distributions have a quarter of it. */
const LARGEST_LIST = 8 * 1024 * 1024;
const ARCHIVE = /\.(?:egg|whl)$/;

/** Distributions of which the metadata is there: `*.dist-info`, `*.egg-info` as folder or file, `*.egg`, wheels. */
export function readInstalled(files: PackageFile[], context: EcosystemContext, inventory: Inventory): void {
  const beside = new Map(files.map((file) => [file.path, file]));
  const found: { component: Component; listing: Listing }[] = [];
  for (const file of files) {
    if (!isMetadata(file.path)) continue;
    const component = readDistribution(file, context, inventory);
    if (component === undefined) continue;
    inventory.components.push(component);
    if (context.tree === undefined) continue;
    const whole = wholeEgg(file.path);
    if (whole === undefined) found.push({ component, listing: listingOf(file.path, component.name, beside) });
    else component.files = [whole];
  }
  if (context.tree === undefined) return;
  const owned = ownedPaths(
    found.map(({ listing }) => listing),
    context.tree,
  );
  for (const [index, { component }] of found.entries()) component.files = owned[index]!;
}

/** Whether this file tells of a distribution, and is no list beside one that does. */
export function isMetadata(path: string): boolean {
  return (
    path.endsWith('.dist-info/METADATA') ||
    path.endsWith('/PKG-INFO') ||
    path.endsWith('.egg-info') ||
    ARCHIVE.test(path)
  );
}

function readDistribution(file: PackageFile, context: EcosystemContext, inventory: Inventory): Component | undefined {
  const text = readText(file, context, inventory);
  if (text === undefined) return undefined;
  const { name, version, licences } = parseMetadata(text);
  if (isIdentity(name) && isIdentity(version) && PYTHON_NAME.test(name)) {
    const details = { licences, path: file.path, scope: 'installed' as const, development: false, files: [] };
    return pythonComponent({ name, version, ...details });
  }
  const message = 'A Python distribution has no usable name or version';
  const place = { source: context.target, path: `/${file.path}` };
  inventory.unknowns.push({ code: 'package-incomplete', message, place });
  return undefined;
}

/** What an egg or a wheel owns: itself. */
function wholeEgg(path: string): string | undefined {
  if (ARCHIVE.test(path)) return `/${path}`;
  const inside = '/EGG-INFO/PKG-INFO';
  return path.endsWith(inside) ? `/${path.slice(0, 1 - inside.length)}` : undefined;
}

/** The list that lies beside the metadata; where there is none, modules of the names stated, or of its own name. */
function listingOf(path: string, name: string, beside: Map<string, PackageFile>): Listing {
  const isFolder = !path.endsWith('.egg-info');
  const information = isFolder ? path.slice(0, path.lastIndexOf('/')) : path;
  const folder = information.slice(0, Math.max(0, information.lastIndexOf('/')));
  const text = (file: string): string | undefined => {
    const bytes = beside.get(`${information}/${file}`)?.bytes;
    return bytes === undefined || bytes.length > LARGEST_LIST ? undefined : bytes.toString('utf8');
  };
  const record = text('RECORD');
  if (record !== undefined) return { folder, paths: recordedPaths(record, folder) };
  const list = text('installed-files.txt');
  if (list !== undefined) return { folder, paths: installedFiles(list, information) };
  const modules = text('top_level.txt')?.split(/\s+/) ?? [name.replace(/[-.]/g, '_'), name.toLowerCase()];
  return { folder, paths: modulePaths(modules, folder) };
}
