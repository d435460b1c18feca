import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ManifestObject, Unknown } from '@breakwater/model';
import type { ParsedFile } from '../parse-files.ts';
import { type FoundFile, sourceOf } from '../walk-files.ts';
import { takeOrigin } from './object-origin.ts';
import { renderCharts } from './render-charts.ts';
import { renderKustomizations } from './render-kustomizations.ts';

/** Files that were read, with what each says. */
export interface ReadFiles {
  files: readonly FoundFile[];
  parsed: readonly ParsedFile[];
}

export interface RenderTemplatesOptions {
  /** Sources of folders that hold a `Chart.yaml`. */
  charts: ReadonlySet<string>;
  values: readonly string[];
  signal?: AbortSignal | undefined;
  /** Parses what was rendered, behind the wall. */
  parse(files: FoundFile[]): Promise<ParsedFile[]>;
}

/** What tools made of charts and kustomizations, and what it stands for. */
export interface RenderedTemplates {
  objects: ManifestObject[];
  unknowns: Unknown[];
  /** Whether what was read of a file as it stands no longer counts. */
  replaces(source: string): boolean;
}

/** What is left where nothing is rendered. */
export const NOTHING_RENDERED: RenderedTemplates = { objects: [], unknowns: [], replaces: () => false };

/**
 * Renders charts and kustomizations by their own tools, where this machine has them and there is anything to render. Objects
 * are placed in the files that they come from, not in what was printed.
 */
export async function renderTemplates(
  { files, parsed }: ReadFiles,
  options: RenderTemplatesOptions,
): Promise<RenderedTemplates> {
  const kustomizations = parsed.flatMap(({ index, read }) =>
    read?.kustomization === undefined ? [] : [{ ...read.kustomization, source: files[index]!.source }],
  );
  if (options.charts.size === 0 && !kustomizations.some(({ changes }) => changes)) return NOTHING_RENDERED;
  const result: RenderedTemplates = { objects: [], unknowns: [], replaces: () => false };
  const home = await mkdtemp(join(tmpdir(), 'breakwater-render-'));
  try {
    const charts = await renderCharts(options.charts, { ...options, home });
    const kustomized = await renderKustomizations(kustomizations, { ...options, home });
    const fromCharts = await options.parse(charts.files);
    const fromKustomizations = await options.parse(kustomized.files);
    const raw = rawObjects(files, parsed);
    const origins = new Set<string>(kustomized.rendered);
    for (const { read } of fromCharts) result.objects.push(...(read?.objects ?? []).map(placedInTemplate));
    for (const { index, read } of fromKustomizations) {
      const folder = dirname(kustomized.files[index]!.path);
      for (const object of read?.objects ?? []) result.objects.push(placedInBase(object, folder, raw, origins));
    }
    result.objects = distinct(result.objects);
    result.unknowns.push(...charts.unknowns, ...kustomized.unknowns);
    for (const { read } of [...fromCharts, ...fromKustomizations])
      result.unknowns.push(...(read?.unknowns ?? []).map(withoutLine));
    result.replaces = (source) => origins.has(source) || isTemplateOf(source, charts.rendered);
    return result;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/* What several overlays leave alone comes out of each of them. */
function distinct(objects: readonly ManifestObject[]): ManifestObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    const key = JSON.stringify([object.cluster, object.namespace, object.place, object.object]);
    return !seen.has(key) && seen.add(key);
  });
}

function rawObjects(files: readonly FoundFile[], parsed: readonly ParsedFile[]): Map<string, ManifestObject[]> {
  return new Map(
    parsed.map(({ index, read }) => [files[index]!.source, [...(read?.objects ?? []), ...(read?.patches ?? [])]]),
  );
}

/* Lines of what was printed are those of no file. */
function placedInTemplate(object: ManifestObject): ManifestObject {
  return { ...object, place: { source: object.place.source.replace(/\.rendered$/, '') } };
}

function placedInBase(
  object: ManifestObject,
  folder: string,
  raw: ReadonlyMap<string, ManifestObject[]>,
  origins: Set<string>,
): ManifestObject {
  const { origin, object: bare } = takeOrigin(object.object);
  const placed = { ...object, object: bare };
  if (origin === undefined) return placedInTemplate(placed);
  const source = sourceOf(join(folder, origin));
  if (!raw.has(source)) return placedInTemplate(placed);
  origins.add(source);
  const alike = raw.get(source)!.filter(({ kind }) => kind === object.kind);
  const base = alike.find(({ name }) => name === object.name) ?? alike.find(({ name }) => object.name.includes(name));
  return { ...placed, place: base?.place ?? { source } };
}

function withoutLine({ place: { source }, ...unknown }: Unknown): Unknown {
  return { ...unknown, place: { source: source.replace(/\.rendered$/, '') } };
}

function isTemplateOf(source: string, charts: ReadonlySet<string>): boolean {
  if (!/(?:^|\/)templates\//.test(source)) return false;
  for (let folder = dirname(source); ; folder = dirname(folder)) {
    if (charts.has(folder)) return true;
    if (folder === dirname(folder)) return false;
  }
}
