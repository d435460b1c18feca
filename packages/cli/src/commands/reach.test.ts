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

  it('tells what is open to workloads that are not there yet, and what no policy is about', async () => {
    const file = join(folder, 'front.yaml');
    writeFileSync(
      file,
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: front, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: edge}}, podSelector: {matchLabels: {role: proxy}}}]}]}\n',
    );
    const { stdout } = await run(['reach', folder, '--to', 'web', '--exposure']);
    rmSync(file);
    expect(stdout).toContain(
      'any pod labelled role=proxy in any namespace labelled team=edge  ->  shop/Pod/web  every port',
    );
    expect(stdout).not.toContain('egress');
    const { exposure, unprotected } = JSON.parse((await run(['reach', folder, '--exposure', '-o', 'json'])).stdout);
    expect(exposure).toEqual([]);
    expect(unprotected).toContainEqual({ workload: 'shop/Pod/web', direction: 'ingress' });
  });

  it('tells what a change opens and closes, and ends with 3', async () => {
    const changed = mkdtempSync(join(tmpdir(), 'breakwater-reach-'));
    writeFileSync(join(changed, 'estate.yaml'), ESTATE.replace('port: 5432 }', 'port: 5432 }, { port: 9100 }'));
    expect(await run(['reach', '--diff', folder, folder])).toMatchObject({
      code: 0,
      stdout: 'No connection differs.\n',
    });
    const { stdout, code } = await run(['reach', '--diff', folder, changed]);
    expect(stdout).toContain('changed  shop/Pod/web  ->  shop/Pod/db  TCP 5432,9100 (was TCP 5432)\n');
    expect(code).toBe(3);
    const back = JSON.parse((await run(['reach', '--diff', changed, folder, '--output', 'json'])).stdout);
    expect(back.changes).toEqual([
      { type: 'changed', before: 'TCP 5432,9100', after: 'TCP 5432', from: 'shop/Pod/web', to: 'shop/Pod/db' },
    ]);
    writeFileSync(join(changed, 'estate.yaml'), pod('web'));
    expect((await run(['reach', '--diff', folder, changed])).stdout).toContain('shop/Pod/db is gone');
    rmSync(changed, { recursive: true, force: true });
  });

  it('draws connections in frames of namespaces', async () => {
    const { stdout } = await run(['reach', folder, '--to', 'db', '-o', 'dot']);
    expect(stdout).toMatch(/^digraph reach \{\n/);
    expect(stdout).toContain('subgraph "cluster_shop" {');
    expect(stdout).toContain('"shop/Pod/web" -> "shop/Pod/db" [label="TCP 5432"]');
  });

  it('notes policies about nobody, which leave nothing open', async () => {
    const file = join(folder, 'nobody.yaml');
    writeFileSync(
      file,
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: odd, namespace: shop}\nspec: {podSelector: {matchLabels: {app: wbe}}}\n',
    );
    const { code, stderr } = await run(['reach', folder]);
    rmSync(file);
    expect(stderr).toContain('nobody.yaml:1: NetworkPolicy shop/odd selects no workload');
    expect(code).toBe(0);
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
