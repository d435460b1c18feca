import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const pod = (namespace: string, name: string, container: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: c, ${container}}]}\n`;
const SAFE = 'securityContext: {capabilities: {drop: [ALL]}}, resources: {limits: {memory: 1Gi}}';
const ESTATE = `${pod('shop', 'agent', 'image: "agent:1", securityContext: {privileged: true}')}---
${pod('pay', 'db', `image: "postgres:16", ${SAFE}`)}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {} }
`;

describe('breakwater reach --tenants', () => {
  let folder: string;
  let state: string;
  const run = (args: string[]): Promise<CommandRun> => runCommand(['reach', '--tenants', ...args], { folder, state });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-tenants-'));
    state = mkdtempSync(join(tmpdir(), 'breakwater-tenants-state-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
  });

  afterAll(() => {
    for (const one of [folder, state]) rmSync(one, { recursive: true, force: true });
  });

  it('says what one gets at of another by which way, and what closes a tenant', async () => {
    const { stdout, code } = await run([folder]);
    expect(code).toBe(0);
    expect(stdout).toContain(`shop -> pay
  network    1 of 1 workload, in plain text pay/db at port 5432 (postgres)
  nodes      shop/agent can leave for its node: container c runs privileged
`);
    expect(stdout).toContain('which speaks plain; unless the network of the pods is no bridge, which is not known');
    expect(stdout).toContain('shop: closed to all others over the network by NetworkPolicy shop/deny');
    expect(stdout).not.toContain('pay -> shop');
  });

  it('prints the same for programs', async () => {
    const { groups, rows } = JSON.parse((await run([folder, '--output', 'json'])).stdout);
    expect(groups.map(({ tenants }: { tenants: { name: string }[] }) => tenants.map(({ name }) => name))).toEqual([
      ['shop'],
      ['pay'],
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ from: 0, to: 1 });
  });

  it('puts namespaces together by a label of the owner’s choice', async () => {
    const file = join(folder, 'namespaces.yaml');
    const namespace = (name: string): string =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: one}}\n`;
    writeFileSync(file, `${namespace('shop')}---\n${namespace('pay')}`);
    const { stdout } = await run([folder, '--tenant-label', 'team']);
    rmSync(file);
    expect(stdout).toContain('There is no other tenant in view.');
  });

  it('ends with 2 where nothing was read', async () => {
    const { code } = await run([state]);
    expect(code).toBe(2);
  });
});
