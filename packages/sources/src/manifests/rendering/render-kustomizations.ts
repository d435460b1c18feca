import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { join as joinSource } from 'node:path/posix';
import type { Unknown } from '@breakwater/model';
import type { FoundFile } from '../walk-files.ts';
import type { RenderOptions } from './render-charts.ts';
import { findTool, hasNoNetwork, runTool } from './run-tool.ts';

/** What one kustomization says of others, as paths relative to it. */
export interface KustomizationFile {
  source: string;
  /** Folders and files that it includes; components with them. */
  includes: readonly string[];
  /** Whether it changes what it includes. */
  changes: boolean;
  component: boolean;
}

/** What kustomizations were rendered to, and which of them. */
export interface KustomizeRendering {
  files: FoundFile[];
  /** Sources of the kustomizations whose result is in `files`, those that they include among them. */
  rendered: Set<string>;
  unknowns: Unknown[];
}

const MOST = 200;
/** Milliseconds for all of a run: those left stay unknown, and their files are read as they stand. */
const BUDGET_MS = 300_000;

/**
 * Renders the kustomizations that no other includes, where anything below them changes what it includes: by `kustomize build`,
 * or `kubectl kustomize`. Each object is annotated with the file it comes from. Bases on other machines are not fetched.
 */
export async function renderKustomizations(
  kustomizations: readonly KustomizationFile[],
  { home, signal }: Omit<RenderOptions, 'values'>,
): Promise<KustomizeRendering> {
  const result: KustomizeRendering = { files: [], rendered: new Set(), unknowns: [] };
  const tool = findTool(['kustomize']) ?? findTool(['kubectl']);
  const byFolder = new Map(kustomizations.map((file) => [dirname(file.source), file]));
  const roots = rootsOf(kustomizations, byFolder).slice(0, MOST);
  if (tool === undefined) return result;
  const deadline = performance.now() + BUDGET_MS;
  for (const [index, root] of roots.entries()) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) break;
    const closure = closureOf(root, byFolder);
    if (!closure.some(({ changes }) => changes)) continue;
    const remote = closure.flatMap(({ includes }) => includes).find(isRemote);
    if (remote !== undefined && !hasNoNetwork()) {
      result.unknowns.push(unrendered(root, `it needs ${remote}, which is not fetched`));
      continue;
    }
    const folder = join(home, `kustomize-${index}`);
    await mkdir(folder);
    await writeFile(join(folder, 'kustomization.yaml'), overlay(relative(folder, resolve(dirname(root.source)))));
    const args = tool.endsWith('kubectl') ? ['kustomize', folder] : ['build', folder];
    const outcome = await runTool(tool, args, { home, signal });
    if (!outcome.ok) {
      result.unknowns.push(
        unrendered(root, remote === undefined ? outcome.reason : `it needs ${remote}, which is not fetched`),
      );
      continue;
    }
    for (const { source } of closure) result.rendered.add(source);
    const path = join(folder, 'rendered.yaml');
    await writeFile(path, outcome.output);
    // By its own name it would be read as a kustomization.
    result.files.push({ path, source: `${root.source}.rendered`, type: 'manifest' });
  }
  return result;
}

/* A kustomization above the stranger's, that has nothing but the wish to know where objects come from. */
function overlay(path: string): string {
  return `resources:\n- ${JSON.stringify(path)}\nbuildMetadata: [originAnnotations]\n`;
}

/** Kustomizations that no other includes; a component is none by itself. */
function rootsOf(
  files: readonly KustomizationFile[],
  byFolder: ReadonlyMap<string, KustomizationFile>,
): KustomizationFile[] {
  const included = new Set(files.flatMap((file) => includedBy(file, byFolder).map(({ source }) => source)));
  return files.filter(({ source, component }) => !component && !included.has(source));
}

function includedBy(
  { source, includes }: KustomizationFile,
  byFolder: ReadonlyMap<string, KustomizationFile>,
): KustomizationFile[] {
  return includes.flatMap((path) =>
    isRemote(path) ? [] : (byFolder.get(joinSource(dirname(source), path).replace(/\/$/, '')) ?? []),
  );
}

function closureOf(root: KustomizationFile, byFolder: ReadonlyMap<string, KustomizationFile>): KustomizationFile[] {
  const found = new Set([root]);
  for (const file of found) for (const inner of includedBy(file, byFolder)) found.add(inner);
  return [...found];
}

function isRemote(path: string): boolean {
  return /:\/\/|^git@|^[\w.-]+\.[a-z]{2,}\/.*(?:\/\/|\?ref=|\.git)/i.test(path) || /^github\.com\//.test(path);
}

function unrendered({ source }: KustomizationFile, reason: string): Unknown {
  return {
    code: 'kustomization-unrendered',
    message: `${source} could not be rendered, so its files were read as they stand: ${reason}`,
    place: { source },
    hint: 'Render it where it can be, with `kubectl kustomize`, and read the output.',
  };
}
