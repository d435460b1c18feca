import type { Unknown } from '@breakwater/model';
import { isMapping, type Mapping } from './classify-document.ts';

const CHANGES = ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'components', 'replacements', 'images'];

/**
 * The patch files that a kustomization names, relative to it, and an unknown where it changes what it includes: the files
 * are read as they stand, so what kustomize would make of them is not known.
 */
export function patchFilesOf(value: Mapping, source: string): { patchFiles: string[]; unknowns: Unknown[] } {
  const patchFiles: string[] = [];
  for (const key of ['patches', 'patchesJson6902']) {
    for (const entry of listOf(value[key])) {
      if (isMapping(entry) && typeof entry['path'] === 'string') patchFiles.push(entry['path']);
    }
  }
  for (const entry of listOf(value['patchesStrategicMerge'])) {
    if (typeof entry === 'string' && !entry.includes('\n')) patchFiles.push(entry);
  }
  const changes = CHANGES.filter((key) => listOf(value[key]).length > 0);
  if (changes.length === 0) return { patchFiles, unknowns: [] };
  const message = `${source} changes what it includes (${changes.join(', ')}); its files were read as they stand`;
  const hint = 'Render it with `kubectl kustomize` and read the output.';
  return { patchFiles, unknowns: [{ code: 'kustomization-unrendered', message, place: { source }, hint }] };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
