import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyResult, ScanReport } from '@breakwater/model';
import { expect, it } from 'vitest';
import { locatePolicies } from './locate-policies.ts';

it('adds line and column to the results that are shown, and to no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-locate-'));
  const source = join(folder, 'pod.yaml');
  writeFileSync(source, 'kind: Pod\nspec:\n  containers:\n    - name: web\n');
  const result = (policy: string): PolicyResult => ({
    policy,
    title: '',
    severity: 'high',
    subject: 's',
    phase: 'build',
    verdict: 'fail',
    enforcement: 'warn',
    message: '',
    fix: '',
    place: { source, document: 0, line: 1, pointer: ['spec', 'containers', 0] },
    missing: [],
  });
  const report: ScanReport = {
    schemaVersion: 1,
    time: '',
    verdict: 'fail',
    targets: [
      {
        target: source,
        kind: 'manifests',
        verdict: 'fail',
        items: 1,
        vulnerabilities: [],
        policies: [result('shown'), result('hidden')],
        unknowns: [],
      },
    ],
    unknowns: [],
    advisories: { imported: false, advisories: 0, rows: 0, rejected: 0, ecosystems: [] },
  };
  const located = await locatePolicies(report, ({ policy }) => policy === 'shown');
  expect(located.targets[0]?.policies.map(({ place }) => [place?.line, place?.column])).toEqual([
    [4, 7],
    [1, undefined],
  ]);
  rmSync(folder, { recursive: true });
});
