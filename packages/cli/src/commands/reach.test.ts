import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: 'c:1'}]}\n`;
const ESTATE = `${pod('web')}---\n${pod('db')}---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 5432 }] }]
`;

describe('breakwater reach', () => {
  let folder: string;
  let state: string;
  const run = (args: string[]): Promise<CommandRun> => runCommand(args, { folder, state });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-reach-'));
    state = mkdtempSync(join(tmpdir(), 'breakwater-reach-state-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
  });

  afterAll(() => {
    for (const one of [folder, state]) rmSync(one, { recursive: true, force: true });
  });

  it('lists who reaches a workload, by which ports, and what an Ingress leads to', async () => {
    const db = await run(['reach', folder, '--to', 'shop/db']);
    expect(db.stdout).toBe('shop/Pod/web  ->  shop/Pod/db  TCP 5432\n');
    expect(db.code).toBe(0);
    const web = await run(['reach', folder, '--to', 'web', '--output', 'json']);
    expect(JSON.parse(web.stdout).rows).toContainEqual({
      from: 'Ingress shop/front',
      to: 'shop/Pod/web',
      ports: 'TCP 8080',
    });
  });

  it('says which policy and rule decides where both ends are asked for', async () => {
    const { stdout } = await run(['reach', folder, '--from', 'web', '--to', 'db']);
    expect(stdout).toContain(
      'allowed  shop/Pod/web -> shop/Pod/db  TCP 5432\n    ingress: NetworkPolicy shop/db allows by rule #1',
    );
    expect(stdout).toContain('NetworkPolicy shop/db has no rule that allows it');
  });

  it('ends with 2 where a policy is not valid, and names it', async () => {
    const file = join(folder, 'invalid.yaml');
    writeFileSync(
      file,
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: odd}\nspec: {podSelector: {}, ingress: [{from: [{}]}]}\n',
    );
    const { code, stderr } = await run(['reach', folder]);
    rmSync(file);
    expect(code).toBe(2);
    expect(stderr).toContain('NetworkPolicy default/odd is not valid');
  });
});
