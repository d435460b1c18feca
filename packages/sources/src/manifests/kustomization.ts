import type { Unknown } from '@breakwater/model';
import { isMapping, type Mapping } from './classify-document.ts';

const CHANGES = ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'components', 'replacements', 'images'];

/** What a kustomization says of other files. */
export interface KustomizationRead {
  /** Relative to it. */
  patchFiles: string[];
  /** Files and folders that it includes, components with them, as written. */
  includes: string[];
  changes: boolean;
  component: boolean;
  unknowns: Unknown[];
}

/**
 * Reads a kustomization. One that changes what it includes is an unknown: until it is rendered, its files are read as they
 * stand, so what kustomize would make of them is not known.
 */
export function readKustomization(value: Mapping, source: string): KustomizationRead {
  const patchFiles: string[] = [];
  for (const key of ['patches', 'patchesJson6902']) {
    for (const entry of listOf(value[key])) {
      if (isMapping(entry) && typeof entry['path'] === 'string') patchFiles.push(entry['path']);
    }
  }
  for (const entry of listOf(value['patchesStrategicMerge'])) {
    if (typeof entry === 'string' && !entry.includes('\n')) patchFiles.push(entry);
  }
  const includes = ['resources', 'bases', 'components'].flatMap((key) => listOf(value[key])).filter(isText);
  const component = value['kind'] === 'Component';
  const changes = CHANGES.filter((key) => listOf(value[key]).length > 0);
  if (changes.length === 0) return { patchFiles, includes, component, changes: false, unknowns: [] };
  const message = `${source} changes what it includes (${changes.join(', ')}); its files were read as they stand`;
  const hint =
    'With kustomize or kubectl in the PATH it is rendered: https://kubectl.docs.kubernetes.io/installation/kustomize/';
  const unknown: Unknown = { code: 'kustomization-unrendered', message, place: { source }, hint };
  return { patchFiles, includes, component, changes: true, unknowns: [unknown] };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
