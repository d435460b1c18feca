import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeakReport } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const ESTATE = `apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
data: { password: eA== }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: devs # who builds it
  namespace: shop
subjects:
  - { kind: User, name: alice }
  - { kind: User, name: bob }
roleRef: { kind: ClusterRole, name: edit }
`;
const CLAIMS = Buffer.from(JSON.stringify({ sub: 'alice', jti: 'hidden' })).toString('base64url');
const KUBECONFIG = `kind: Config
users:
  - name: one
    user: { token: e30.${CLAIMS}.c2lnbmVk }
  - name: two
    user: { exec: { command: aws } }
`;

describe('breakwater what-if leak', () => {
  let folder: string;
  const run = (...args: string[]): Promise<CommandRun> =>
    runCommand(['what-if', 'leak', ...args], { folder, state: join(folder, 'state') });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-what-if-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    writeFileSync(join(folder, 'found'), KUBECONFIG);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says who it is, what it reaches by which steps, and what cuts it', async () => {
    const { code, stdout } = await run('user:alice', 'estate.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain('user alice, in system:authenticated.');
    expect(stdout).toMatch(/It reaches 0 of 0 workloads, 1 of 1 secret, 1 of 1 namespace, nodes: yes/);
    expect(stdout).toContain('can read every secret in shop -> secret shop/db');
    expect(stdout).toContain('Take user alice out of RoleBinding shop/devs');
  });

  it('makes the cut a patch that leaves everybody else in', async () => {
    const { stdout } = await run('user:alice', 'estate.yaml', '--output', 'patch');
    expect(stdout.split('\n').filter((line) => /^[-+] /.test(line))).toEqual(['-  - { kind: User, name: alice }']);
  });

  it('reads whose credentials a file holds, runs nothing, and prints none of them', async () => {
    const { code, stdout, stderr } = await run('file:found', 'estate.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain('user alice (token of user one, which does not end)');
    expect(stderr).toContain('the plug-in aws says who it is, and is not run');
    expect(stdout + stderr).not.toContain(CLAIMS);
    const { stdout: json } = await run('file:found', 'estate.yaml', '-o', 'json');
    expect(LeakReport.parse(JSON.parse(json)).identities.map(({ name, known }) => [name, known])).toEqual([
      ['alice', true],
    ]);
    expect(json).not.toContain('hidden');
  });

  it('says that nobody is called so, and who is near', async () => {
    const { code, stdout } = await run('user:alise', 'estate.yaml');
    expect([code, stdout.split('\n')[0]]).toEqual([
      2,
      'user alise, in system:authenticated. Nothing here names it. Near it: alice.',
    ]);
  });

  it('asks for what is missing', async () => {
    for (const [args, code] of [
      [['alice', 'estate.yaml'], 'identity-invalid'],
      [['file:missing', 'estate.yaml'], 'kubeconfig-unreadable'],
      [['user:alice'], 'path-missing'],
    ] as const) {
      const { code: exit, stderr } = await run(...args);
      expect([exit, stderr.includes('Hint') || stderr.length > 0, code]).toEqual([2, true, code]);
    }
  });
});
