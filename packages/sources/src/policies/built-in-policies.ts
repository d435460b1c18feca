import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exception, PolicyDocument } from '@breakwater/model';
import { nothingRead, type PolicyFiles, policyFilesBelow, readPolicyFile, shownPath } from './read-policies.ts';

const FOLDER = fileURLToPath(new URL('../../../../policies/', import.meta.url));
/** What decides how a document is read and checked: kept documents are read anew when one of these has changed. */
const READERS = [
  './built-in-policies.ts',
  './read-policies.ts',
  '../manifests/parse-documents.ts',
  '../../../model/src/policy.ts',
].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** What a file of ours held when it was read and checked. */
interface KeptFile {
  path: string;
  policies: PolicyDocument[];
  exceptions: Exception[];
}

/**
 * The policies that come with Breakwater, from the folder `policies/`, without their cases: these are half of what is
 * written there, and only tests read them. Once read and checked they are kept in the folder where Node keeps compiled
 * code, and only there: code is loaded from it anyway.
 *
 * @param folder where they are; another one for tests.
 */
export function builtInPolicies(folder = FOLDER): PolicyFiles {
  const found = nothingRead();
  const paths = policyFilesBelow(folder, found.unknowns);
  const kept = keptFile(folder);
  const state = stateOf([...paths, ...READERS]);
  let files = readKept(kept, state);
  if (files === undefined) {
    files = readFiles(paths, found, withoutCases);
    // A fault is told every time.
    if (kept !== undefined && found.unknowns.length === 0) keep(kept, state, files);
  }
  return together(found, files);
}

/** The same with their cases. */
export function builtInPoliciesWithCases(folder = FOLDER): PolicyFiles {
  const found = nothingRead();
  return together(found, readFiles(policyFilesBelow(folder, found.unknowns), found));
}

function together(found: PolicyFiles, files: readonly KeptFile[]): PolicyFiles {
  for (const { path, policies, exceptions } of files) {
    const source = shownPath(path);
    for (const { policy, place } of policies) {
      found.policies.push({ policy, place: { ...place, source }, builtIn: true });
    }
    found.exceptions.push(...exceptions);
  }
  return found;
}

const CASES = '\n  cases:\n';

/** The text without the cases of its policy, where nothing stands behind them. */
function withoutCases(text: string): string {
  const at = text.indexOf(CASES);
  if (at === -1) return text;
  return /^ {0,3}\S/m.test(text.slice(at + CASES.length)) ? text : text.slice(0, at + 1);
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

function readFiles(paths: readonly string[], found: PolicyFiles, cut?: (text: string) => string): KeptFile[] {
  return paths.map((path) => {
    const { policies, exceptions, unknowns } = readPolicyFile(path, cut);
    found.unknowns.push(...unknowns);
    return { path, policies, exceptions };
  });
}

function keep(file: string, state: string, files: readonly KeptFile[]): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify({ state, files }), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // Not kept: the next start reads the files again.
  }
}
