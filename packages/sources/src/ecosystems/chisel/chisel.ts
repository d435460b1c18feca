import { createRequire } from 'node:module';
import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { isIdentity, osPackagePurl } from '../purl-of.ts';
import { type Fields, isFields, linesOf, parseJson, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const MANIFEST = /(?:^|\/)chisel\/manifest\.wall$/;
/** Bytes of a manifest when inflated: real ones have a few hundred kilobytes. */
const LARGEST = 64 * 1024 * 1024;

/* Few images hold a manifest: what inflates it is loaded with the first. */
const require = createRequire(import.meta.url);

/** Slices of Ubuntu's packages that Chisel put together; its manifest is JSON a line, packed by Zstandard. */
export const chisel: Ecosystem = {
  name: 'chisel',
  wants: (path) => path.endsWith('manifest.wall') && MANIFEST.test(path),
  parse: parseChisel,
  capabilities,
};

function parseChisel(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = inflate(file.bytes);
    if (text === undefined) reportUnreadable(file, 'is no manifest of Chisel', context, inventory);
    else readManifest(text, file, context, inventory);
  }
  return inventory;
}

function inflate(bytes: Buffer): string | undefined {
  const { zstdDecompressSync } = require('node:zlib') as typeof import('node:zlib');
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** `count` of the first line is the number of lines: fewer are a manifest that was cut off. */
function readManifest(text: string, file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const packages: Fields[] = [];
  const paths = new Map<string, string[]>();
  let count: unknown;
  let lines = 0;
  for (const line of linesOf(text)) {
    if (line === '') continue;
    lines += 1;
    const entry = parseJson(line);
    if (!isFields(entry)) continue;
    if (lines === 1) count = Object.hasOwn(entry, 'count') ? entry['count'] : undefined;
    if (textOf(entry, 'kind') === 'package') packages.push(entry);
    if (textOf(entry, 'kind') === 'content') addPath(entry, paths);
  }
  const components = packages.flatMap((entry) => toComponent(entry, paths, file.path, context) ?? []);
  inventory.components.push(...components);
  if (lines !== count || components.length < packages.length) {
    reportUnreadable(file, 'is a manifest of Chisel that is incomplete', context, inventory);
  }
  if (components.length === 0) return;
  inventory.unknowns.push({
    code: 'source-packages-unknown',
    message: 'A manifest of Chisel names no source packages: advisories that name only these are not found',
    place: { source: context.target, path: `/${file.path}` },
  });
}

/** A slice is named after its package: `libc6_libs`. */
function addPath(entry: Fields, paths: Map<string, string[]>): void {
  const name = textOf(entry, 'slice').split('_')[0]!;
  const path = textOf(entry, 'path').replace(/^\/+/, '');
  const known = paths.get(name);
  if (known === undefined) paths.set(name, [path]);
  else known.push(path);
}

function toComponent(
  entry: Fields,
  paths: Map<string, string[]>,
  path: string,
  { distribution, tree }: EcosystemContext,
): Component | undefined {
  const [name, version, arch] = ['name', 'version', 'arch'].map((field) => textOf(entry, field));
  if (!isIdentity(name) || !isIdentity(version)) return undefined;
  const architecture = isIdentity(arch) ? arch : undefined;
  const source = { name, version };
  const purl = osPackagePurl({ type: 'deb', vendor: 'ubuntu', name, version, architecture, source }, distribution);
  return {
    id: purl,
    type: 'deb',
    name,
    version,
    purl,
    ...(distribution?.ecosystem !== undefined && { ecosystem: distribution.ecosystem }),
    ...(architecture !== undefined && { architecture }),
    licences: [],
    path: `/${path}`,
    files: tree === undefined ? [] : ownedFiles(paths.get(name) ?? [], tree),
    scope: 'installed',
    development: false,
  };
}
