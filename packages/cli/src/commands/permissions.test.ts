import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PermissionReport } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const ESTATE = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: deployer, namespace: shop }
rules: [{ apiGroups: [''], resources: [pods, secrets], verbs: [get, delete] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: deployer, namespace: shop }
subjects: [{ kind: User, name: alice }]
roleRef: { kind: Role, name: deployer }
`;
const event = (verb: string, resource: string): string =>
  JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: 'a',
    stage: 'ResponseComplete',
    verb,
    user: { username: 'alice', groups: ['system:authenticated'] },
    objectRef: { resource, namespace: 'shop', name: 'web' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-20T10:00:00Z',
  });
const POLICY =
  'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: None, verbs: [delete] }, { level: Metadata }]\n';

describe('breakwater permissions unused', () => {
  let folder: string;
  const run = (...args: string[]): Promise<CommandRun> =>
    runCommand(['permissions', 'unused', ...args], { folder, state: join(folder, 'state') });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-permissions-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    writeFileSync(join(folder, 'audit.log.gz'), gzipSync([event('get', 'pods'), event('get', 'pods')].join('\n')));
    writeFileSync(join(folder, 'policy.txt'), POLICY);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says what was never used, how far the log can tell, and what would be enough', async () => {
    const { code, stdout } = await run('estate.yaml', 'audit.log.gz');
    expect(code).toBe(0);
    expect(stdout).toContain('What the API server logs is not known: give it with --audit-policy.');
    expect(stdout).toContain('user alice: 3 of 4 permissions never used (2 requests, the last at 2026-11-20 10:00)');
    expect(stdout).toContain('not used: get,delete secrets; delete pods');
    expect(stdout).toMatch(/resources:\n +- pods\n +verbs:\n +- get\n/);
  });

  it('leaves out what the log would not hold', async () => {
    const { stdout } = await run('.', '--audit-policy', 'policy.txt', '-o', 'json');
    const { identities, coverage } = PermissionReport.parse(JSON.parse(stdout));
    expect([identities[0]?.unused, coverage.policy]).toEqual([1, true]);
  });

  it('writes the roles alone, for kubectl', async () => {
    const { stdout } = await run('.', '-o', 'yaml', '--only', 'alice');
    expect(stdout).toMatch(/^apiVersion: rbac\.authorization\.k8s\.io\/v1\nkind: Role\n/);
  });

  it('asks for a log where there is none', async () => {
    const { code, stderr } = await run('estate.yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('None of these is an audit log')]);
  });
});
