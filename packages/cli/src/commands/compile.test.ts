import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const POLICY = `apiVersion: breakwater/v1
kind: Policy
metadata: { name: no-host-processes }
spec:
  title: Pods do not see the processes of the node
  why: They could read their secrets.
  fix: Remove hostPID.
  severity: high
  phases: [build, deploy]
  forbid: [{ expr: workload.hostPID, message: "'the pod sees the processes of the node'" }]
  enforcement: { deploy: block }
---
apiVersion: breakwater/v1
kind: Exception
metadata: { name: agents }
spec:
  policies: [no-host-processes]
  scope: { namespaces: [agents] }
  owner: team-a
  reason: The agents of the nodes need it.
  expires: 2999-12-31
  compensating: Nobody else may write to the namespace.
`;

describe('breakwater compile', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-compile-'));
    writeFileSync(join(folder, 'mine.yaml'), POLICY);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const compile = (...args: string[]): Promise<CommandRun> =>
    runCommand(['compile', ...args], { folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  it('writes documents for kubectl, and says what stays out and why', async () => {
    const { code, stdout, stderr } = await compile('validating-admission-policy');
    expect(code).toBe(0);
    expect(stdout).toContain('kind: ValidatingAdmissionPolicyBinding');
    expect(stdout).toContain('name: breakwater-no-privileged-containers');
    expect(stdout).not.toContain('no-exposed-privileged-workloads');
    expect(stderr).toContain('no-exposed-privileged-workloads: API servers do not know exposure');
    expect(stderr).toMatch(/\d+ of \d+ policies compiled/);
  });

  it('leaves a policy with an exception alone until it is said how long it must hold', async () => {
    const args = ['validating-admission-policy', 'no-host-processes', '--policies', 'mine.yaml'];
    const without = await compile(...args);
    expect([without.code, without.stdout]).toEqual([2, '']);
    expect(without.stderr).toContain('exception agents ends on 2999-12-31, and an API server has no clock');
    const until = await compile(...args, '--until', '2999-01-01', '--exclude-namespace', 'infra');
    expect(until.code).toBe(0);
    expect(until.stdout).toContain('breakwater/valid-until: 2999-12-31');
    expect(until.stdout).toContain('- infra');
    expect(until.stdout).toContain('- Deny');
    expect(until.stderr).toContain('after 2999-12-31');
  });

  it('writes a file for each into a folder', async () => {
    await compile('validating-admission-policy', 'no-privileged-containers', 'no-host-ports', '-o', 'vap', '-q');
    expect(readdirSync(join(folder, 'vap')).sort()).toEqual(['no-host-ports.yaml', 'no-privileged-containers.yaml']);
  });

  it.each([
    ['another target', ['rego'], 'There is no target named rego'],
    ['no policy of that name', ['validating-admission-policy', 'nothing'], 'There is no policy named nothing'],
    ['a day that is gone', ['validating-admission-policy', '--until', '2020-01-01'], '--until takes a day to come'],
    ['another failure policy', ['validating-admission-policy', '--failure-policy', 'Open'], 'takes Fail or Ignore'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await compile(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
