import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { join as joinSource } from 'node:path/posix';
import type { Unknown } from '@breakwater/model';
import type { FoundFile } from '../walk-files.ts';
import { findTool, runTool } from './run-tool.ts';
import { splitRendered } from './split-rendered.ts';

/** What a tool made of templates, as files of their own that are named after the templates. */
export interface Rendering {
  files: FoundFile[];
  /** Sources of charts and folders that were rendered: what was read of their templates no longer counts. */
  rendered: Set<string>;
  unknowns: Unknown[];
}

export interface RenderOptions {
  /** Folder for what is rendered. */
  home: string;
  /** Files of values, for every chart. */
  values: readonly string[];
  signal?: AbortSignal | undefined;
}

const MOST_CHARTS = 500;
/** Milliseconds for all charts of a run: those left stay unknown. */
const BUDGET_MS = 300_000;

/**
 * Renders charts by `helm template`, with their own values and those given: what is in the templates is then judged as it
 * would be installed. Without helm nothing is rendered, and each template stays unknown with the way to get it.
 *
 * @param charts sources of the folders that hold a `Chart.yaml`.
 */
export async function renderCharts(
  charts: Iterable<string>,
  { home, values, signal }: RenderOptions,
): Promise<Rendering> {
  const result: Rendering = { files: [], rendered: new Set(), unknowns: [] };
  const helm = findTool(['helm']);
  const roots = outermost([...charts]);
  const deadline = performance.now() + BUDGET_MS;
  if (helm === undefined || roots.length === 0) return result;
  for (const [index, chart] of roots.slice(0, MOST_CHARTS).entries()) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) break;
    const args = [
      'template',
      releaseName(chart),
      resolve(chart),
      ...values.flatMap((path) => ['--values', resolve(path)]),
    ];
    const outcome = await runTool(helm, args, { home, signal });
    if (!outcome.ok) {
      if (!/library charts are not installable/i.test(outcome.reason))
        result.unknowns.push(chartUnrendered(chart, outcome.reason));
      continue;
    }
    result.rendered.add(chart);
    const folder = join(home, `chart-${index}`);
    await mkdir(folder);
    let number = 0;
    for (const [template, text] of splitRendered(outcome.output)) {
      const path = join(folder, `${number}.yaml`);
      number += 1;
      await writeFile(path, text);
      result.files.push({ path, source: templateSource(chart, template), type: 'manifest' });
    }
  }
  return result;
}

/* Charts in the `charts` folder of another come with it. */
function outermost(charts: string[]): string[] {
  return charts
    .filter(
      (chart) =>
        !charts.some((other) => chart.startsWith(`${other}/charts/`) || (other === '.' && chart.startsWith('charts/'))),
    )
    .sort();
}

/* A path that a template names must not lead out of its chart. */
function templateSource(chart: string, template: string): string {
  const source = joinSource(chart, template);
  return source.startsWith(`${joinSource(chart)}/`) || joinSource(chart) === '.'
    ? source
    : joinSource(chart, 'Chart.yaml');
}

function releaseName(chart: string): string {
  const name = basename(resolve(chart))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 50) || 'release';
}

function chartUnrendered(chart: string, reason: string): Unknown {
  return {
    code: 'chart-unrendered',
    message: `helm could not render the chart in ${chart}: ${reason}`,
    place: { source: joinSource(chart, 'Chart.yaml') },
    hint: 'Give the values it asks for with --values FILE, or run `helm dependency build` where it misses other charts.',
  };
}
