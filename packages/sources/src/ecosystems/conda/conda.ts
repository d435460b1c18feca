import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { type Fields, listOf, readJson, readText, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { readEnvironment } from './environment.ts';

const INSTALLED = /(?:^|\/)conda-meta\/[^/]+\.json$/;
const ENVIRONMENT = /(?:^|\/)environment\.ya?ml$/;
const NAME = /^[\w.-]{1,255}$/;

/** Packages of conda: installed in an environment, or asked for by `environment.yml`. */
export const conda: Ecosystem = {
  name: 'conda',
  wants: (path) =>
    path.endsWith('.json')
      ? path.includes('conda-meta/') && INSTALLED.test(path)
      : (path.endsWith('.yml') || path.endsWith('.yaml')) && ENVIRONMENT.test(path),
  parse: parseConda,
  capabilities,
};

function parseConda(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.path.endsWith('.json')) readInstalled(file, context, inventory);
    else {
      const text = readText(file, context, inventory);
      if (text !== undefined && !readEnvironment(file.path, text, context, inventory)) {
        reportUnreadable(file, 'is no environment of conda', context, inventory);
      }
    }
  }
  return inventory;
}

function readInstalled(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const document = readJson(file, context, inventory);
  if (document === undefined) return;
  const name = textOf(document, 'name');
  const version = textOf(document, 'version');
  if (!NAME.test(name) || !isIdentity(version)) {
    reportUnreadable(file, 'states no usable name and version', context, inventory);
    return;
  }
  const qualifiers = {
    build: short(document, 'build'),
    channel: channelOf(document),
    subdir: short(document, 'subdir'),
  };
  const files = context.tree === undefined ? [] : ownedFiles(pathsOf(document, file.path), context.tree);
  const licences = [textOf(document, 'license')];
  const item = { name, version, licences, path: file.path, scope: 'installed' as const, development: false, files };
  inventory.components.push(purlComponent('conda', item, { qualifiers }));
}

function short(document: Fields, name: string): string {
  const text = textOf(document, name);
  return text.length <= 255 ? text : '';
}

/** The last part of a channel's address: `conda-forge` of `https://conda.example/conda-forge/linux-64`. */
function channelOf(document: Fields): string {
  const parts = short(document, 'channel')
    .split('/')
    .filter((part) => part !== '');
  return (parts.at(-1) === textOf(document, 'subdir') ? parts.at(-2) : parts.at(-1)) ?? '';
}

/** Paths of `files`, which are relative to the environment. */
function* pathsOf(document: Fields, path: string): Generator<string> {
  const prefix = path.replace(/conda-meta\/[^/]+$/, '');
  for (const item of listOf(document, 'files')) if (typeof item === 'string') yield `${prefix}${item}`;
}
