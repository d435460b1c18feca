import { closeSync, constants, type Dirent, openSync, readSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type ImageSource, type Unknown, UserError } from '@breakwater/model';
import { detectAdvisories } from '../advisories/detect-advisories.ts';
import { detectAudit } from '../audit/read-audit.ts';
import { contextOf } from '../clusters/cluster-target.ts';
import { detectEvents } from '../events/index.ts';
import { holdsPackages, provesProject } from '../images/repository/lock-files.ts';
import { SKIPPED_FOLDERS, WALK_LIMITS } from '../manifests/walk-files.ts';
import { detectPolicies } from '../policies/detect-policies.ts';
import { detectForeignPolicies } from '../policies/foreign-kinds.ts';
import { detectSbom } from '../sboms/detect-sbom.ts';
import { detectVex } from '../vex/detect-vex.ts';
import { showPath } from './show-path.ts';

/** The given paths by what they hold. Paths are as given, or below it. */
export interface RecognisedInputs {
  images: string[];
  sboms: string[];
  events: string[];
  /** Learned profiles of behaviour. */
  profiles: string[];
  /** Audit logs of API servers. */
  audits: string[];
  advisories: string[];
  /** Policies and exceptions that were named themselves: only these are in force. */
  policies: string[];
  /** VEX documents that were named themselves: only these are in force. */
  vex: string[];
  /** Reports of other tools. */
  reports: string[];
  /** Contexts of live clusters, each once. */
  clusters: string[];
  /** Folders and files in which manifests are looked for. */
  manifests: string[];
  /** All of the above that are no manifests: the manifest reader leaves them alone. */
  claimed: Set<string>;
  /** What small files that may be manifests hold, by absolute path, so that ten thousand are not opened twice. */
  read: Map<string, Buffer>;
  unknowns: Unknown[];
}

type Kind =
  | 'images'
  | 'sboms'
  | 'events'
  | 'profiles'
  | 'audits'
  | 'advisories'
  | 'policies'
  | 'vex'
  | 'reports'
  | 'manifests';
/** Policies in the languages of others are manifests too, and are named. */
type FoundKind = Kind | 'foreign-policies' | 'unjudged-policies';

/** Bytes read of a file to tell what it is. */
const HEAD = 65_536;
/** Files that are kept once they were read: 80 MiB at most, 15 of what manifests are like. */
const MOST_KEPT = 20_000;
const LARGEST_KEPT = 4_096;
const ARCHIVE = /\.(tar|tar\.gz|tar\.zst|tgz|oci)$/i;
const DATA = /\.(json|jsonl|ndjson|log|xml|csv|zip|spdx|rdf|cdx|att|sarif)(\.gz)?$/i;
/** What a learned profile has near its beginning, and nothing else. */
const BUDGET = /"budget"\s{0,99}:\s{0,99}\{\s{0,99}"(?:alerts|hours)"\s{0,99}:/;
const YAML = /\.ya?ml$/i;

/**
 * Finds out what each path is, by content: images, SBOMs, events, advisories, reports, and manifests in all the rest. Policies,
 * exceptions and VEX are taken only where a path names them: what is judged must not bring its own rules. What is no path
 * may name an image of a registry. Throws UserError for anything else.
 */
export async function recogniseInputs(paths: string[], signal?: AbortSignal): Promise<RecognisedInputs> {
  const inputs: RecognisedInputs = {
    images: [],
    sboms: [],
    events: [],
    profiles: [],
    audits: [],
    advisories: [],
    policies: [],
    vex: [],
    reports: [],
    clusters: [],
    manifests: [],
    claimed: new Set(),
    read: new Map(),
    unknowns: [],
  };
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    const context = contextOf(path);
    if (!found && context !== undefined) {
      if (!inputs.clusters.includes(context)) inputs.clusters.push(context);
      continue;
    }
    if (!found) {
      if (!(await namesImage(path))) throw nothingAt(path);
      claim('images', path, inputs);
      continue;
    }
    if (!found.isDirectory()) await claimFile(path, inputs);
    else if (!(await claimFolder(path, inputs))) {
      inputs.manifests.push(path);
      if (await walk(path, inputs, 0, signal)) claim('images', `repository:${path}`, inputs);
    }
  }
  return inputs;
}

/** Whether what is no path names an image beyond doubt: with a scheme, a tag, a digest or the registry's host. */
async function namesImage(target: string): Promise<boolean> {
  const { looksLikeReference, splitScheme } = await import('../images/index.ts');
  if (splitScheme(target) !== undefined) return true;
  const explicit = /[:@][^/]*$/.test(target) || /^(localhost|[^/]+[.:][^/]*)\//.test(target);
  return explicit && looksLikeReference(target);
}

function nothingAt(path: string): UserError {
  return new UserError(`There is nothing at ${path}.`, {
    code: 'path-missing',
    hint: 'Name a folder, an image archive, a manifest or an SBOM; or an image with its tag: nginx:1.29; or where it is: docker:NAME, cluster:CONTEXT.',
  });
}

/** A file that was named itself: where it lists or holds packages it is read as a repository of one file. */
async function claimFile(path: string, inputs: RecognisedInputs): Promise<void> {
  const kind = await kindOfNamed(path);
  const name = basename(path);
  if (kind === 'manifests' && holdsPackages(name)) claim('images', `repository:${path}`, inputs);
  if (kind !== 'manifests' || !provesProject(name)) claim(kind, path, inputs);
}

/**
 * Looks at all that is below a folder; whether anything in it says what a project is built with, git checkout or not. A
 * folder that cannot be read is an unknown of the manifest reader, which walks the same folders.
 */
async function walk(folder: string, inputs: RecognisedInputs, depth: number, signal?: AbortSignal): Promise<boolean> {
  signal?.throwIfAborted();
  let hasPackages = false;
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (SKIPPED_FOLDERS.has(entry.name) || depth >= WALK_LIMITS.depth || (await claimFolder(path, inputs))) continue;
      hasPackages = (await walk(path, inputs, depth + 1, signal)) || hasPackages;
    } else if (entry.isFile()) {
      hasPackages ||= provesProject(entry.name);
      const kind = await kindOfFound(path, entry.name, inputs);
      if (kind === 'policies' || kind === 'vex') leaveOut(kind, path, inputs);
      else if (kind === 'foreign-policies' || kind === 'unjudged-policies') {
        inputs.unknowns.push(foreignPolicies(path, kind === 'foreign-policies'));
      } else if (kind !== 'manifests') claim(kind, path, inputs);
      else if (ARCHIVE.test(entry.name)) inputs.unknowns.push(unrecognisedArchive(path));
    }
  }
  return hasPackages;
}

/** Loaded when a path may be an image: most are told by their name or their first bytes. */
async function detectImage(path: string): Promise<ImageSource | undefined> {
  const images = await import('../images/detect-image.ts');
  return await images.detectImage(path);
}

/** An OCI layout or a root file system is one input as a whole. */
async function claimFolder(path: string, inputs: RecognisedInputs): Promise<boolean> {
  if ((await detectImage(path)) === undefined) return false;
  claim('images', path, inputs);
  return true;
}

function claim(kind: Kind, path: string, inputs: RecognisedInputs): void {
  inputs[kind].push(path);
  if (kind !== 'manifests') inputs.claimed.add(path);
}

/** What lies among what is judged must neither bring its rules nor excuse itself. */
function leaveOut(kind: 'policies' | 'vex', path: string, inputs: RecognisedInputs): void {
  inputs.claimed.add(path);
  const [code, what] =
    kind === 'vex'
      ? ['vex-not-in-force', 'statements on vulnerabilities (VEX)']
      : ['policy-not-in-force', 'policies or exceptions'];
  inputs.unknowns.push({
    code,
    message: `${showPath(path)} holds ${what} that are not in force: it lies among what is judged.`,
    place: { source: showPath(path) },
    hint: kind === 'vex' ? 'Name it with --vex to put it in force.' : 'Name it itself to put it in force.',
  });
}

/** Policies in the languages of others are objects too: they are judged as such, and judge nothing. */
function foreignPolicies(path: string, isJudged: boolean): Unknown {
  const source = showPath(path);
  if (isJudged) {
    const message = `${source} holds policies that are not in force: it lies among what is judged.`;
    const hint = 'Name it with --policies to put it in force.';
    return { code: 'policy-not-in-force', message, place: { source }, hint };
  }
  const message = `${source} holds policies in a language that is not judged here: nothing is judged by them.`;
  return { code: 'policy-not-judged', message, place: { source } };
}

/** It may be a broken image or a chart: neither was judged, and neither may count as clean. */
function unrecognisedArchive(path: string): Unknown {
  return {
    code: 'archive-unrecognised',
    message: `${showPath(path)} is an archive, but no image that can be read: what it holds was not judged.`,
    place: { source: showPath(path) },
    hint: 'Render a chart (`helm template`) and give its output; save an image again.',
  };
}

/** What is named itself and looks like an archive is read as one, and said to be broken where it is. */
async function kindOfNamed(path: string): Promise<Kind> {
  if (ARCHIVE.test(path)) return 'images';
  const found = await kindOfContent(await readHead(path), basename(path));
  const kind = found === 'foreign-policies' || found === 'unjudged-policies' ? 'manifests' : found;
  return kind === 'manifests' && !YAML.test(path) && (await detectImage(path)) !== undefined ? 'images' : kind;
}

/** Other files are left to the manifest reader, and what it does not know either is no input. */
async function kindOfFound(path: string, name: string, { read }: RecognisedInputs): Promise<FoundKind> {
  if (ARCHIVE.test(name)) return (await detectImage(path)) === undefined ? 'manifests' : 'images';
  if (!DATA.test(name) && !YAML.test(name)) return 'manifests';
  const head = headOfFile(path);
  const kind = await kindOfContent(head, name);
  const isWhole = head.length > 0 && head.length <= LARGEST_KEPT;
  if (kind === 'manifests' && isWhole && read.size < MOST_KEPT) read.set(resolve(path), head);
  return kind;
}

async function kindOfContent(head: Buffer, name: string): Promise<FoundKind> {
  // Of YAML only SPDX is an SBOM: thousands of manifests need no closer look.
  if (YAML.test(name) && !head.includes('spdxVersion')) return kindOfYaml(head);
  if (detectSbom(head) !== undefined) return 'sboms';
  if (YAML.test(name)) return kindOfYaml(head);
  if (detectVex(head.toString('utf8'))) return 'vex';
  // A report holds the advisories that it speaks of.
  if (detectAdvisories(head)) return (await isReport(head, name)) ? 'reports' : 'advisories';
  if (detectAudit(head)) return 'audits';
  if (detectLearned(head.toString('utf8', 0, 4096))) return 'profiles';
  if (detectEvents(head.toString('utf8')) !== undefined) return 'events';
  return (await isReport(head, name)) ? 'reports' : 'manifests';
}

/** A learned profile, or a list of them. */
const detectLearned = (head: string): boolean =>
  /^\s*[[{]/.test(head) && head.includes('"subject"') && BUDGET.test(head);

function kindOfYaml(head: Buffer): FoundKind {
  if (detectPolicies(head)) return 'policies';
  const foreign = detectForeignPolicies(head);
  if (foreign === undefined) return 'manifests';
  return 'language' in foreign ? 'foreign-policies' : 'unjudged-policies';
}

/** Loaded when a file is none of what is told without it. */
async function isReport(head: Buffer, name: string): Promise<boolean> {
  const { detectReport } = await import('../reports/detect-report.ts');
  return detectReport(head, name) !== undefined;
}

const scratch = Buffer.allocUnsafe(HEAD);

/** The same of a regular file, of which there may be ten thousands: without a turn of the event loop for each step. */
function headOfFile(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return Buffer.alloc(0);
  }
  try {
    return Buffer.from(scratch.subarray(0, readSync(descriptor, scratch, 0, HEAD, 0)));
  } finally {
    closeSync(descriptor);
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path).catch(() => undefined);
  if (!file) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
