import { dirname, resolve } from 'node:path/posix';
import type { Json } from '@breakwater/model';
import { sourceOf } from '../../walk-files.ts';
import type { PlatformDocument } from '../platform-document.ts';

/** Files beside a Compose file that it cannot be read without. */
export interface References {
  /** Compose files that become a part of it. */
  included: Set<string>;
  /** Services of other Compose files that services of its own extend, by file. */
  extended: Map<string, Set<string>>;
  /** `.env` and the files of `env_file`. */
  variables: Set<string>;
}

const MOST = 2_000;

/** What a document names, as sources, whether it is there or not. Paths with variables or of remote places are left out. */
export function referencesOf({ value, source }: PlatformDocument): References {
  const folder = dirname(source);
  const variables = new Set([besides(folder, '.env')]);
  const found: References = { included: new Set(), extended: new Map(), variables };
  for (const entry of listOf(fieldOf(value, 'include'))) {
    const home = textOf(fieldOf(entry, 'project_directory'));
    for (const path of texts(typeof entry === 'string' ? entry : fieldOf(entry, 'path'))) {
      add(found.included, folder, path);
      if (isLocal(path)) found.variables.add(besides(folder, home ?? dirname(path), '.env'));
    }
    for (const path of texts(fieldOf(entry, 'env_file'))) add(found.variables, folder, path);
  }
  const services = fieldOf(value, 'services');
  for (const service of typeof services === 'object' && services !== null ? Object.values(services) : []) {
    addExtended(found.extended, source, fieldOf(service, 'extends'));
    for (const path of envFilesOf(fieldOf(service, 'env_file'))) add(found.variables, folder, path);
  }
  return found;
}

function envFilesOf(value: Json | undefined): string[] {
  return typeof value === 'string'
    ? [value]
    : listOf(value).flatMap((item) => textOf(item) ?? textOf(fieldOf(item, 'path')) ?? []);
}

function addExtended(extended: Map<string, Set<string>>, source: string, value: Json | undefined): void {
  const file = textOf(fieldOf(value, 'file'));
  const service = textOf(fieldOf(value, 'service'));
  if (file === undefined || service === undefined || !isLocal(file) || extended.size >= MOST) return;
  const path = besides(dirname(source), file);
  if (path !== source) extended.set(path, (extended.get(path) ?? new Set()).add(service));
}

function add(found: Set<string>, folder: string, path: string): void {
  if (isLocal(path) && found.size < MOST) found.add(besides(folder, path));
}

/** A path beside a file, spelt as sources are. */
export function besides(...path: string[]): string {
  return sourceOf(resolve(...path));
}

/** Whether a path is one of the disk and needs no variable. */
export function isLocal(path: string): boolean {
  return (
    path !== '' &&
    !path.includes('$') &&
    !path.includes('://') &&
    !/^(?:git@|oci:|github\.com\/)/.test(path) &&
    !path.startsWith('~')
  );
}

function fieldOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function texts(value: Json | undefined): string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
