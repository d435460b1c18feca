import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type Fields, fieldsOf, readJson, textOf } from '../read-text.ts';
import { type Workspaces, workspacesOf } from './workspaces.ts';

/** What a project's `package.json` asks for. */
export interface Manifest {
  name: string;
  version: string;
  /** Name to range: what is shipped with it, and what only its development needs. */
  ships: Map<string, string>;
  develops: Map<string, string>;
  workspaces: Workspaces;
}

const SHIPPED = ['dependencies', 'optionalDependencies', 'peerDependencies'];

/** Reads a project's `package.json`; undefined, and an unknown, where it is none. */
export function readManifest(file: PackageFile, context: EcosystemContext, inventory: Inventory): Manifest | undefined {
  const content = readJson(file, context, inventory);
  return content === undefined ? undefined : toManifest(content);
}

/** What the content of a `package.json` says. */
export function toManifest(content: Fields): Manifest {
  const ships = new Map(SHIPPED.toReversed().flatMap((field) => rangesOf(content, field)));
  const develops = new Map(rangesOf(content, 'devDependencies').filter(([name]) => !ships.has(name)));
  const [name, version] = [textOf(content, 'name'), textOf(content, 'version')];
  return { name, version, ships, develops, workspaces: workspacesOf(content) };
}

function rangesOf(content: Fields, field: string): [string, string][] {
  const entries = Object.entries(fieldsOf(content, field));
  return entries.map(([name, range]) => [name, typeof range === 'string' ? range : '']);
}

/** Manifests by their folder, relative to the root: read when they are asked for, and once. */
export class Manifests {
  readonly #files: Map<string, PackageFile>;
  readonly #read = new Map<string, Manifest | undefined>();
  readonly #context: EcosystemContext;
  readonly #inventory: Inventory;

  constructor(files: PackageFile[], context: EcosystemContext, inventory: Inventory) {
    this.#files = new Map(files.map((file) => [folderOf(file.path), file]));
    this.#context = context;
    this.#inventory = inventory;
  }

  /** That of a folder. */
  of(folder: string): Manifest | undefined {
    const file = this.#files.get(folder);
    if (file !== undefined && !this.#read.has(folder))
      this.#read.set(folder, readManifest(file, this.#context, this.#inventory));
    return this.#read.get(folder);
  }

  /** Folders with a manifest. */
  folders(): IterableIterator<string> {
    return this.#files.keys();
  }
}

/** The folder of a file, empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
