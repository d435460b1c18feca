import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assessPaths } from '../estate/index.ts';
import { scanFindings } from '../findings/index.ts';
import { scanTargets } from '../scan/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-estate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const state = join(folder, 'state');
const now = '2026-01-02T00:00:00.000Z';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: 'registry.example/cart:1' }] }
`;
const AUDIT = {
  apiVersion: 'aquasecurity.github.io/v1alpha1',
  kind: 'ConfigAuditReport',
  metadata: {
    labels: {
      'trivy-operator.resource.kind': 'ReplicaSet',
      'trivy-operator.resource.name': 'cart-6d4b75cb6d',
      'trivy-operator.resource.namespace': 'shop',
    },
  },
  report: {
    scanner: { name: 'Trivy', version: '0.60' },
    checks: [{ checkID: 'KSV014', severity: 'CRITICAL', success: false, title: 'Root file system is not read-only' }],
  },
};

function estate(name: string, withReport: boolean): string {
  const path = mkdtempSync(join(folder, name));
  writeFileSync(join(path, 'cart.yaml'), DEPLOYMENT);
  if (withReport) writeFileSync(join(path, 'audit.json'), JSON.stringify(AUDIT));
  return path;
}

describe('a report that lies in an estate', () => {
  it('gives findings on the workload that it names, and leaves rank and marks alone', async () => {
    const plain = await assessPaths([estate('plain', false)], { state, now });
    const reported = await assessPaths([estate('reported', true)], { state, now });
    const told = reported.findings.filter(({ kind }) => kind === 'report');
    expect(told).toMatchObject([
      {
        rule: 'KSV014',
        severity: 'critical',
        enforcement: 'audit',
        matters: false,
        workload: 'default/shop/Deployment/cart',
      },
    ]);
    expect(reported.findings).toHaveLength(plain.findings.length + 1);
    const [ours, theirs] = [plain, reported].map(({ ranking }) =>
      ranking.workloads.map(({ id, loss, phases }) => ({ id, loss, phases })),
    );
    expect(theirs).toEqual(ours);
  });

  it('decides nothing at the build gate, and says nothing of what it is beside', async () => {
    const plain = await scanTargets([estate('plain', false)], { state, now });
    const reported = await scanTargets([estate('reported', true)], { state, now });
    expect(reported.report.verdict).toBe(plain.report.verdict);
    expect(reported.report.unknowns).toEqual(plain.report.unknowns);
    expect(reported.report.reports).toMatchObject([
      { tool: 'Trivy Operator', joined: 0, findings: [{ id: 'KSV014', foundHere: false }] },
    ]);
    expect(scanFindings(reported).filter(({ kind }) => kind === 'report')).toHaveLength(1);
  });

  it('alone leaves the gate undecided: a report is no pass', async () => {
    const path = mkdtempSync(join(folder, 'alone'));
    writeFileSync(join(path, 'clean.json'), '{"SchemaVersion":2,"ArtifactName":"a","Results":[]}');
    const { report } = await scanTargets([path], { state, now });
    expect(report.verdict).toBe('unknown');
    expect(report.reports).toHaveLength(1);
    expect(report.unknowns.map(({ code }) => code)).not.toContain('nothing-recognised');
  });
});
