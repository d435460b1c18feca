import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exception, PolicyDocument } from '@breakwater/model';
import { type PolicyFiles, policyFilesBelow, readPolicies, shownPath } from './read-policies.ts';

const FOLDER = fileURLToPath(new URL('../../../../policies/', import.meta.url));
/** What decides how a document is read and checked: kept documents are read anew when one of these has changed. */
const READERS = ['./read-policies.ts', '../manifests/parse-documents.ts', '../../../model/src/policy.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** What a file of ours held when it was read and checked. */
interface KeptFile {
  path: string;
  policies: PolicyDocument[];
  exceptions: Exception[];
}

/**
 * The policies that come with Breakwater, from the folder `policies/`. Once read and checked they are kept in the folder
 * where Node keeps compiled code, and only there: code is loaded from it anyway.
 *
 * @param folder where they are; another one for tests.
 */
export function builtInPolicies(folder = FOLDER): PolicyFiles {
  const found: PolicyFiles = { policies: [], exceptions: [], settings: [], foreign: [], unknowns: [] };
  const paths = policyFilesBelow(folder, found.unknowns);
  const kept = keptFile(folder);
  const state = stateOf([...paths, ...READERS]);
  const files = readKept(kept, state) ?? readFiles(paths, found, kept, state);
  for (const { path, policies, exceptions } of files) {
    const source = shownPath(path);
    for (const { policy, place } of policies) {
      found.policies.push({ policy, place: { ...place, source }, builtIn: true });
    }
    found.exceptions.push(...exceptions);
  }
  return found;
}

function keptFile(folder: string): string | undefined {
  const cache = getCompileCacheDir();
  if (cache === undefined) return undefined;
  return join(cache, `policies-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.json`);
}

/** Path, size and time of the last change of each file; a change of time is one that no copy carries over. */
function stateOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return `${path} ${found?.size} ${found?.ctimeMs}`;
    })
    .join('\n');
}

function readKept(file: string | undefined, state: string): KeptFile[] | undefined {
  if (file === undefined) return undefined;
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { state: string; files: KeptFile[] };
    return kept.state === state ? kept.files : undefined;
  } catch {
    return undefined;
  }
}

/** Reads and keeps them, unless something is at fault: that is told every time. */
function readFiles(paths: string[], found: PolicyFiles, kept: string | undefined, state: string): KeptFile[] {
  const files = paths.map((path) => {
    const { unknowns, ...read } = readPolicies([path]);
    found.unknowns.push(...unknowns);
    return { path, ...read };
  });
  if (kept === undefined || found.unknowns.length > 0) return files;
  const draft = `${kept}.${randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify({ state, files }), { mode: 0o600 });
    renameSync(draft, kept);
  } catch {
    // Not kept: the next start reads the files again.
  }
  return files;
}
