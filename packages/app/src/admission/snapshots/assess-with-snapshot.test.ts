import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readReview } from '../admission-request.ts';
import { admit } from '../admit.ts';
import type { AdmissionBasis } from '../basis.ts';
import { openAdmissionFrom } from '../open-admission.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import type { Snapshot } from '../snapshot.ts';
import { packSnapshot, snapshotPath, unpackSnapshot, writeSnapshot } from '../snapshot-file.ts';
import { assessWithSnapshot } from './assess-with-snapshot.ts';

const EXAMPLE = fileURLToPath(new URL('../../../../../examples/estate', import.meta.url));
const NOW = '2026-01-02T00:00:00.000Z';
const POLICIES = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: block-exploited }
spec: { policies: [no-known-exploited-vulnerabilities], enforcement: { deploy: block } }
---
apiVersion: breakwater/v1
kind: Policy
metadata: { name: no-exposed-secrets }
spec:
  title: t
  why: w
  fix: f
  severity: high
  phases: [deploy]
  match: { kinds: [Deployment] }
  forbid: [{ expr: "exposure.exists(e, e.from == 'internet')", message: "'open to the Internet'" }]
  enforcement: { deploy: block }
`;

describe('a snapshot of the example estate', () => {
  let state: string;
  let snapshot: Snapshot;
  let basis: AdmissionBasis;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'breakwater-snapshot-'));
    const policies = join(state, 'policies.yaml');
    writeFileSync(policies, POLICIES);
    ({ snapshot } = await assessWithSnapshot([EXAMPLE], { state, now: NOW, policies: [policies] }));
    const { bytes } = packSnapshot(snapshot);
    ({ basis } = await openAdmissionFrom(unpackSnapshot(bytes, 'memory'), { policies: [] }, NOW));
  });
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const run = (name: string, image: string) => {
    const object: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'platform' },
      spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
    };
    const request = readReview(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        request: {
          uid: 'u',
          operation: 'CREATE',
          kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
          resource: { group: 'apps', version: 'v1', resource: 'deployments' },
          namespace: 'platform',
          name,
          userInfo: { username: 'alice' },
          object,
        },
      }),
    );
    if ('fault' in request) throw new Error(request.fault);
    return admit(request, basis, DEFAULT_SETTINGS, NOW).response;
  };

  it('refuses an image with a vulnerability that attackers use, by what the estate said of it', () => {
    const sentence = run('new', 'registry.example/shop/frontend:4.2.0').status?.message;
    expect(sentence).toMatch(
      /^react-server-dom-webpack 19\.1\.1 has CVE-2025-55182, .* http.*=no-known-exploited-vulnerabilities$/,
    );
  });

  it('knows the ways in to a workload that is there, and not to one that is new', () => {
    expect(run('ci-runner', 'busybox').status?.message).toContain('open to the Internet');
    expect(run('new', 'busybox').warnings).toContain('no-exposed-secrets: not known: exposure');
  });

  it('brings the policies and settings that are in force, and no values of Secrets', () => {
    expect(snapshot.settings.map(({ metadata }) => metadata.name)).toEqual(['block-exploited']);
    const secrets = snapshot.objects.filter(({ kind }) => kind === 'Secret');
    expect(secrets.length).toBeGreaterThan(0);
    for (const { data, stringData } of secrets) {
      expect([...Object.values(data ?? {}), ...Object.values(stringData ?? {})].join('')).toBe('');
    }
  });
});

describe('a snapshot of policies that are at fault', () => {
  it('goes on with what their file held before, and tells where the fault is', async () => {
    const state = mkdtempSync(join(tmpdir(), 'breakwater-snapshot-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    const manifests = join(state, 'manifests.yaml');
    writeFileSync(manifests, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n');
    const policies = join(state, 'policies.yaml');
    const take = async (text: string) => {
      writeFileSync(policies, text);
      const { snapshot } = await assessWithSnapshot([manifests], { state, now: NOW, policies: [policies] });
      await writeSnapshot(snapshotPath(state), snapshot);
      return { names: snapshot.policies.map(({ policy }) => policy.metadata.name), faults: snapshot.faults };
    };
    expect(await take(POLICIES)).toEqual({ names: ['no-exposed-secrets'], faults: [] });
    const broken = await take(POLICIES.replace("e.from == 'internet')", "e.from == 'internet'"));
    expect(broken.names).toEqual(['no-exposed-secrets']);
    expect(broken.faults).toMatchObject([{ code: 'policy-invalid', place: { source: policies, line: 16 } }]);
    // And again, for what is kept is what was kept.
    expect((await take('kind: [')).names).toEqual(['no-exposed-secrets']);
    expect((await take(POLICIES.replace('no-exposed-secrets', 'mended'))).names).toEqual(['mended']);
  });
});
