import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QuestionSheet } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const ESTATE = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  containers:
    - name: c
      image: c:1
      securityContext:
        privileged: true
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
`;

describe('breakwater ask', () => {
  let folder: string;
  let state: string;
  const run = (args: string[]): Promise<CommandRun> => runCommand(args, { folder, state });

  let first: CommandRun;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-ask-'));
    state = mkdtempSync(join(tmpdir(), 'breakwater-ask-state-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    first = await run(['ask', 'estate.yaml', '--quiet']);
  });

  afterAll(() => {
    for (const one of [folder, state]) rmSync(one, { recursive: true, force: true });
  });

  it('answers every question on one screen, each with a number and a sentence', () => {
    const { code, stdout } = first;
    expect(code).toBe(0);
    const heads = stdout.split('\n').filter((line) => /^ {0,2}\d+ {2}\S/.test(line));
    expect(heads.length).toBe(8);
    expect(stdout).toContain('5  How many ways can workloads talk to the Internet?  2 ways, 1 out and 1 in');
    expect(stdout).toContain('We would not know: no source of runtime events was given.');
    expect(stdout.split('\n').length).toBeLessThan(50);
  });

  it('shows one in full, of the paths that were read last, with the line of the field at fault', async () => {
    const { code, stdout } = await run(['ask', '6', '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toContain('no-privileged-containers (critical) fails for shop/web.  [estate.yaml:9:9]');
    expect(stdout).toContain('breakwater explain no-privileged-containers');
    expect(stdout).not.toContain('How many ways');
  });

  it('prints JSON by its schema, all of it or one question', async () => {
    const all = QuestionSheet.parse(JSON.parse((await run(['ask', '-q', '-o', 'json'])).stdout));
    const one = QuestionSheet.parse(JSON.parse((await run(['ask', '3', '-q', '-o', 'json'])).stdout));
    expect(one.items.map(({ n, id }) => [n, id])).toEqual([[3, all.items[2]?.id]]);
  });

  it('says so where there is no question of that number', async () => {
    const { code, stderr } = await run(['ask', '99', '-q']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no question 99.');
  });
});
