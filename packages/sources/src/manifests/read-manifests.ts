import { dirname, join } from 'node:path/posix';
import { Readable } from 'node:stream';
import type { ManifestObject, Unknown } from '@breakwater/model';
import { runBehindWall } from '@breakwater/sources/wall';
import { z } from 'zod';
import { isChartTemplate } from './classify-document.ts';
import { frameFiles } from './file-stream.ts';
import { fragmentReason } from './fragment.ts';
import type { ManifestRead, OtherFile } from './manifest-read.ts';
import type { ParsedFile } from './parse-files.ts';
import { parsedFile, placeInFile } from './parsed-file.ts';
import { findCompanions } from './platforms/find-companions.ts';
import { translatePlatforms } from './platforms/translate-platforms.ts';
import { withLines } from './platforms/with-lines.ts';
import { NOTHING_RENDERED, type RenderedTemplates, renderTemplates } from './rendering/render-templates.ts';
import { type FoundFile, findFiles } from './walk-files.ts';

export interface ReadManifestsOptions {
  /** Files and folders that something else reads: they are left alone without a word. */
  except?: ReadonlySet<string>;
  /** What files hold that somebody read already, by absolute path. */
  read?: ReadonlyMap<string, Buffer>;
  /** Called after each file. */
  onProgress?: (progress: { done: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
  /** Files of values for charts. */
  values?: readonly string[];
  /** False: charts and kustomizations are read as they stand, also where their tools are at hand. */
  render?: boolean;
}

const MEMORY_MIB = 512;
const BASE_TIMEOUT_MS = 30_000;
const TIMEOUT_PER_FILE_MS = 20;
const MAX_RESTARTS = 5;
/** How often files may name further files. */
const MAX_ROUNDS = 8;

/**
 * Reads every manifest and Dockerfile below the given files and folders: YAML streams, JSON, lists, rendered Helm output.
 * Texts are parsed behind the wall, in one child for the whole run; a file that kills the child becomes an unknown and
 * the next child goes on behind it. Nothing is thrown but the reason of an abort.
 */
export async function readManifests(
  paths: string[],
  { onProgress, signal, except, values = [], render = true, read }: ReadManifestsOptions = {},
): Promise<ManifestRead> {
  const { files, charts, unknowns } = await findFiles(paths, { signal, except });
  const leftOut: Unknown[] = [...unknowns];
  const parsed = await parseAll(files, charts, leftOut, { onProgress, signal, read });
  const seen = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const companions = await findCompanions(files, parsed, paths, seen);
    leftOut.push(...companions.unknowns);
    if (companions.files.length === 0) break;
    const further = await parseAll(companions.files, charts, leftOut, { signal });
    parsed.push(...further.map((file) => ({ ...file, index: file.index + files.length })));
    files.push(...companions.files);
  }
  const parse = (found: FoundFile[]) => parseAll(found, new Set(), leftOut, { signal });
  const rendered = render
    ? await renderTemplates({ files, parsed }, { charts, values, signal, parse })
    : NOTHING_RENDERED;
  return assemble(files, parsed, leftOut, rendered);
}

type ParseOptions = { [Name in 'onProgress' | 'signal' | 'read']?: ReadManifestsOptions[Name] | undefined };

/** Reads files behind the wall, one child after the other where a file kills one. */
async function parseAll(
  files: FoundFile[],
  charts: ReadonlySet<string>,
  leftOut: Unknown[],
  { onProgress, signal, read }: ParseOptions,
): Promise<ParsedFile[]> {
  const parsed: ParsedFile[] = [];
  let next = 0;
  for (let restarts = 0; next < files.length; restarts += 1) {
    if (restarts > MAX_RESTARTS) {
      leftOut.push(...files.slice(next).map(abandoned));
      break;
    }
    const failure = await parseFrom(next, files, charts, {
      onFile: (file) => {
        if (file.index < next || file.index >= files.length) return;
        parsed.push(placeInFile(file, files[file.index]!.source));
        next = file.index + 1;
        onProgress?.({ done: next, total: files.length, subject: files[file.index]!.source });
      },
      onLeftOut: (unknown) => leftOut.push(unknown),
      signal,
      read,
    });
    if (failure === undefined) break;
    leftOut.push(failureAt(failure, files[next]));
    next += 1;
  }
  return parsed;
}

interface ParseCallbacks {
  onFile(file: ParsedFile): void;
  onLeftOut(unknown: Unknown): void;
  signal: AbortSignal | undefined;
  read: ReadonlyMap<string, Buffer> | undefined;
}

async function parseFrom(
  first: number,
  files: FoundFile[],
  charts: ReadonlySet<string>,
  { onFile, onLeftOut, signal, read }: ParseCallbacks,
): Promise<Unknown | undefined> {
  const headers = files.slice(first).map((file, position) => ({
    header: {
      index: first + position,
      source: file.source,
      type: file.type,
      inChart: isChartTemplate(file.source, charts),
    },
    file,
  }));
  const outcome = await runBehindWall(
    {
      module: new URL('./parse-files.ts', import.meta.url).href,
      function: 'parseFiles',
      schemas: () => ({ result: z.null(), item: parsedFile }),
    },
    null,
    {
      place: { source: files[first]!.source },
      files: [Readable.from(frameFiles(headers, onLeftOut, read), { objectMode: false })],
      onItem: onFile,
      memory: MEMORY_MIB,
      timeout: BASE_TIMEOUT_MS + files.length * TIMEOUT_PER_FILE_MS,
      ...(signal === undefined ? {} : { signal }),
    },
  );
  return outcome.ok ? undefined : outcome.unknown;
}

function failureAt(failure: Unknown, file: FoundFile | undefined): Unknown {
  const source = file?.source ?? failure.place.source;
  return { ...failure, message: failure.message.replace(failure.place.source, source), place: { source } };
}

function abandoned({ source }: FoundFile): Unknown {
  return {
    code: 'file-unread',
    message: `${source} was not read: too many files before it broke the parser`,
    place: { source },
  };
}

/* Sees the files together: what a kustomization names as a patch is none of the objects. */
async function assemble(
  files: FoundFile[],
  all: ParsedFile[],
  leftOut: Unknown[],
  rendered: RenderedTemplates,
): Promise<ManifestRead> {
  const parsed = all.filter(({ index, read }) => read === undefined || !rendered.replaces(files[index]!.source));
  const result: ManifestRead = {
    objects: [],
    patches: [],
    dockerfiles: [],
    otherFiles: [],
    plain: new Set(),
    unknowns: leftOut,
  };
  const named = new Set<string>();
  for (const { index, read } of all) {
    for (const patch of read?.patchFiles ?? []) named.add(join(dirname(files[index]!.source), patch));
  }
  for (const { index, read, dockerfile } of parsed) {
    if (dockerfile !== undefined) result.dockerfiles.push(dockerfile);
    if (read === undefined) continue;
    const { source } = files[index]!;
    if (read.isPlain) result.plain.add(source);
    const isPatch = named.has(source);
    result.objects.push(...(isPatch ? [] : read.objects));
    result.patches.push(...read.patches, ...(isPatch ? read.objects : []));
    result.unknowns.push(...read.unknowns.filter(({ code }) => !(isPatch && code === 'object-unnamed')));
    if (!isPatch) result.unknowns.push(...read.patches.map(fragmentUnknown));
    if (read.documents.length === 0)
      result.otherFiles.push(...otherFile(source, isPatch ? 'kustomize-patch' : read.kind));
  }
  const failed = new Set(rendered.unknowns.map(({ place }) => place.source));
  result.unknowns = result.unknowns.filter(
    ({ code, place }) => !(code === 'kustomization-unrendered' && failed.has(place.source)),
  );
  result.objects.push(...rendered.objects);
  result.unknowns.push(...rendered.unknowns);
  await addPlatforms(result, files, parsed);
  return result;
}

async function addPlatforms(result: ManifestRead, files: FoundFile[], parsed: ParsedFile[]): Promise<void> {
  const documents = parsed.flatMap(({ index, read }) =>
    (read?.documents ?? []).map((document) => ({ ...document, source: files[index]!.source })),
  );
  if (documents.length === 0) return;
  const texts = parsed.flatMap(({ index, variables }) =>
    variables === undefined ? [] : [[files[index]!.source, variables] as const],
  );
  const { objects, unknowns } = await withLines(translatePlatforms(documents, new Map(texts)));
  result.objects.push(...objects);
  result.unknowns.push(...unknowns);
}

function otherFile(path: string, kind: OtherFile['kind'] | undefined): OtherFile[] {
  return kind === undefined ? [] : [{ path, kind }];
}

function fragmentUnknown(patch: ManifestObject): Unknown {
  const { kind, name, place } = patch;
  const message = `${kind} ${name} was read as a patch, not as a workload: ${fragmentReason(patch)}`;
  return { code: 'manifest-fragment', message, place };
}
