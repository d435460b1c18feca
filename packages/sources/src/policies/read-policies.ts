import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Exception, type Place, Policy, type PolicyDocument, Setting, type Unknown } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
import type { z } from 'zod';
import { parseYamlDocuments } from '../manifests/parse-documents.ts';
import { readForeign } from './read-foreign.ts';

/** Policies, exceptions and settings as they stand in files, checked against their schemas but not compiled. */
export interface PolicyFiles {
  policies: PolicyDocument[];
  /** With their places. */
  exceptions: Exception[];
  /** With their places. */
  settings: Setting[];
  /** Policies in the languages of others, and what stands beside them. */
  foreign: ForeignDocument[];
  /** Files and documents that could not be used, each with its place. */
  unknowns: Unknown[];
}

/** What there is before the first file. */
export const nothingRead = (): PolicyFiles => ({
  policies: [],
  exceptions: [],
  settings: [],
  foreign: [],
  unknowns: [],
});

const MAX_FILE_SIZE = 1024 * 1024;
const MAX_FILES = 5_000;
const MAX_DEPTH = 10;

/**
 * Reads policies, exceptions and settings from files, and from the `.yaml` and `.yml` files below folders, in order of their
 * names. Other kinds of document are policies in the languages of others, or objects that these may look up. Nothing in a
 * file is thrown.
 */
export function readPolicies(paths: readonly string[]): PolicyFiles {
  const read = nothingRead();
  for (const path of paths) for (const file of policyFilesBelow(path, read.unknowns)) readFile(file, read);
  return read;
}

/** A file as it is named, and the `.yaml` and `.yml` files below a folder, in order of their names. */
export function policyFilesBelow(path: string, unknowns: Unknown[], depth = 0): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    if (depth > MAX_DEPTH) throw new Error(`folders are nested deeper than ${MAX_DEPTH}`);
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = entries.flatMap((entry) => {
      if (entry.isDirectory()) return policyFilesBelow(join(path, entry.name), unknowns, depth + 1);
      return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [join(path, entry.name)] : [];
    });
    if (files.length <= MAX_FILES) return files;
    throw new Error(`more than ${MAX_FILES} files`);
  } catch (error) {
    unknowns.push(unreadable({ source: shownPath(path) }, error));
    return [];
  }
}

/** How a path is shown: relative to the working folder where it is below it. */
export function shownPath(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

const unreadable = (place: Place, error: unknown): Unknown => ({
  code: 'policy-unreadable',
  message: `the policy file could not be read: ${error instanceof Error ? error.message : String(error)}`,
  place,
});

/**
 * Reads one file.
 *
 * @param cut gives what counts of its text: all of it where nothing else is said.
 */
export function readPolicyFile(path: string, cut?: (text: string) => string): PolicyFiles {
  const read = nothingRead();
  readFile(path, read, cut);
  return read;
}

function readFile(path: string, read: PolicyFiles, cut = (text: string): string => text): void {
  const source = shownPath(path);
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_SIZE) throw new Error(`larger than ${MAX_FILE_SIZE} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    read.unknowns.push(unreadable({ source }, error));
    return;
  }
  const { documents, faults } = parseYamlDocuments(cut(text));
  for (const { code, message, document, line, column } of faults) {
    read.unknowns.push({ code, message, place: { source, document, line, column } });
  }
  for (const { index, line, value } of documents) readDocument(value, { source, document: index, line }, read);
}

function readDocument(value: unknown, place: Place, read: PolicyFiles): void {
  const { apiVersion, kind } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (apiVersion !== 'breakwater/v1') readForeign(value, place, read);
  else if (kind === 'Policy') {
    const policy = check(Policy, value, place, read.unknowns);
    if (policy !== undefined) read.policies.push({ policy, place });
  } else if (kind === 'Exception') {
    const exception = check(Exception, value, place, read.unknowns);
    if (exception !== undefined) read.exceptions.push({ ...exception, place });
  } else if (kind === 'Setting') {
    const setting = check(Setting, value, place, read.unknowns);
    if (setting !== undefined) read.settings.push({ ...setting, place });
  } else {
    const message = `there is no kind ${String(kind).slice(0, 60)} in breakwater/v1, only Policy, Exception and Setting`;
    read.unknowns.push({ code: 'policy-kind-unknown', message, place });
  }
}

/** The document as its schema gives it; each fault becomes an unknown that names its field: see `locateFaults`. */
function check<T>(schema: z.ZodType<T>, value: unknown, place: Place, unknowns: Unknown[]): T | undefined {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  for (const issue of error.issues) {
    const pointer = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const message = `${nameOf(value)}: ${pointer.join('.') || 'the document'} ${faultOf(issue)}`;
    unknowns.push({ code: 'policy-invalid', message, place: { ...place, pointer } });
  }
  return undefined;
}

const MAX_NAME_LENGTH = 80;

/** `exception ci-runner`, as far as the document says so. */
function nameOf(value: unknown): string {
  const { kind, metadata } = value as { kind: string; metadata?: { name?: unknown } | null };
  const name = metadata?.name;
  return `${kind.toLowerCase()}${typeof name === 'string' ? ` ${name.slice(0, MAX_NAME_LENGTH)}` : ''}`;
}

/** What is wrong with a field, to be read after its name. */
function faultOf({ code, message }: z.core.$ZodIssue): string {
  return code === 'invalid_type' && message.endsWith('received undefined') ? 'is missing' : `is wrong: ${message}`;
}
