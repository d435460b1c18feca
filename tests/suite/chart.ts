import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import type { JsonObject, PolicyResult } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';
import { builtInPolicies } from '@breakwater/sources/policies';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';

/** Folder of the chart. */
export const CHART = fileURLToPath(new URL('../../deploy/helm/breakwater', import.meta.url));
/** Helm itself: `HELM` names it, else it is looked for in the path. */
export const HELM = process.env['HELM'] || 'helm';
export const hasHelm = spawnSync(HELM, ['version']).status === 0;

/** A title of tests that need helm. */
export const withHelm = (title: string): string =>
  `${title}${hasHelm ? '' : ' (skipped: there is no helm here, HELM names none)'}`;

const read = (name: string): string => readFileSync(join(CHART, name), 'utf8');

/** The schema of the chart's values, and how values are held against it. */
export const chartSchema = JSON.parse(read('values.schema.json')) as { properties: JsonObject };
export const validateValues = new Ajv({ allowUnionTypes: true }).compile(chartSchema);

/** The values that the chart brings. */
export const chartValues = (): JsonObject => load(read('values.yaml')) as JsonObject;

/** What helm makes of the chart with settings, `sensor.enabled=true`. Throws with what helm says where it makes nothing. */
export function renderChart(...settings: string[]): JsonObject[] {
  const values = settings.flatMap((setting) => ['--set', setting]);
  const text = execFileSync(HELM, ['template', 'breakwater', CHART, '--namespace', 'security', ...values], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return readManifestText({ source: 'chart.yaml', text, inChart: false }).objects.map(({ object }) => object);
}

/** What our own policies, Pod Security restricted among them, say against objects; each result with its object. */
export function failuresOf(objects: readonly JsonObject[]): { object: JsonObject; result: PolicyResult }[] {
  const { policies } = loadPolicies(builtInPolicies().policies, { packs: ['pod-security-restricted'] });
  return objects.flatMap((object) =>
    evaluatePolicies(
      policies,
      { id: String(object['kind']), object, namespace: 'security' },
      'build',
      [],
      '2026-01-01T00:00:00Z',
    )
      .filter(({ verdict }) => verdict === 'fail')
      .map((result) => ({ object, result })),
  );
}
