import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runCommand } from '../testing/run-command.ts';

const deployment = (name: string, env: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: 'app:1', ports: [{ containerPort: 8080 }], env: [${env}] }] }
`;
const ESTATE = `${deployment('web', "{ name: CART, value: 'cart:80' }")}---
${deployment('cart', '')}---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const event = (time: string) => ({
  process_connect: {
    process: {
      exec_id: 'a',
      binary: '/cart',
      pod: {
        namespace: 'shop',
        name: 'cart-5d8f-abcde',
        workload: 'cart',
        workload_kind: 'Deployment',
        container: { id: 'containerd://a', image: { name: 'app:1' } },
      },
    },
    source_ip: '10.0.0.5',
    source_port: 40000,
    destination_ip: '10.9.9.9',
    destination_port: 5432,
    protocol: 'TCP',
  },
  node_name: 'n',
  time,
});

describe('breakwater policy network', { timeout: 120_000 }, () => {
  let folder: string;
  const run = (...args: string[]) =>
    runCommand(['policy', 'network', ...args], { folder, state: join(folder, 'state') });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-policy-network-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    const events = ['2026-11-20T10:00:00.000000000Z', '2026-11-21T10:00:00.000000000Z'].map((time) =>
      JSON.stringify(event(time)),
    );
    writeFileSync(join(folder, 'events.json'), `${events.join('\n')}\n`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints one policy a workload and a default of nothing, and proves them', async () => {
    const { code, stdout, stderr } = await run('estate.yaml');
    const names = parseAllDocuments(stdout).map((document) => document.getIn(['metadata', 'name']));
    expect(names).toEqual(['breakwater-cart', 'breakwater-default-deny', 'breakwater-web']);
    expect(stderr).toContain('proven');
    expect(stderr).toContain('2 pairs of workloads could connect, 1 pair still can.');
    expect(stderr).toContain('Nothing was observed at run time');
    expect(code).toBe(0);
  });

  it('adds what events tell, with how long that was', async () => {
    const { stdout, stderr } = await run('estate.yaml', 'events.json');
    expect(stdout).toContain('cidr: 10.9.9.9/32');
    expect(stderr).toContain('Observed from 2026-11-20T10:00:00.000Z to 2026-11-21T10:00:00.000Z');
    expect(stderr).toContain('whose address that is, is not known');
  });

  it('prints every needed connection with its proof for programs', async () => {
    const { stdout } = await run('estate.yaml', '--output', 'json');
    const [cluster] = JSON.parse(stdout).clusters;
    expect(cluster.pairs).toEqual({ all: 2, before: 2, after: 1 });
    expect(cluster.flows).toContainEqual(
      expect.objectContaining({
        before: true,
        after: true,
        flow: expect.objectContaining({ why: 'its environment names cart:80' }),
      }),
    );
  });

  it('asks for manifests where none are named', async () => {
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('Compile NetworkPolicies for which manifests?');
  });
});
