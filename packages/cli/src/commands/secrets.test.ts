import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const password = ['Corr3ct', 'Hors3', 'Batt3ry'].join('-');
const ESTATE = `apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
stringData: { password: ${password} }
---
apiVersion: v1
kind: Secret
metadata: { name: old, namespace: shop }
data: {}
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: c
      image: c:1
      envFrom: [{ secretRef: { name: db } }]
      env:
        - { name: API_TOKEN, value: ${password}-2 }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
subjects: [{ kind: User, name: jane }]
roleRef: { kind: Role, name: reader }
`;

describe('breakwater secrets', () => {
  let folder: string;
  let state: string;
  const run = (args: string[]): Promise<CommandRun> => runCommand(args, { folder, state });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-secrets-'));
    state = mkdtempSync(join(tmpdir(), 'breakwater-secrets-state-'));
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    writeFileSync(join(folder, 'values.yaml'), `database:\n  password: ${password}77\n`);
    writeFileSync(
      join(folder, 'encryption.yaml'),
      'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{ resources: [secrets], providers: [{ identity: {} }] }]\n',
    );
  });

  afterAll(() => {
    for (const one of [folder, state]) rmSync(one, { recursive: true, force: true });
  });

  it('tells who can read each, where it lies in plain text, and what nobody needs', async () => {
    const { stdout } = await run(['secrets', '.']);
    expect(stdout).toContain('2 secrets, 1 of them in plain text, 1 unused; 2 more secrets in plain text');
    expect(stdout).toContain(
      'encrypted at rest: no  the EncryptionConfiguration writes secrets with identity, as they are',
    );
    expect(stdout).toContain('shop/db  opens a database');
    expect(stdout).toContain('used by   Pod shop/web reads it into its environment');
    expect(stdout).toContain('read by   user jane: can read every secret in shop');
    expect(stdout).toContain('written   password in estate.yaml:4:15 (its manifest)');
    expect(stdout).toContain('API_TOKEN in estate.yaml:20:30 (environment of Pod shop/web; password)');
    expect(stdout).toContain('password in values.yaml:2 (generic-secret)');
    expect(stdout).not.toContain(password);
  });

  it('prints what programs read, without a single secret', async () => {
    const { stdout } = await run(['secrets', '.', '--output', 'json']);
    const report = JSON.parse(stdout);
    expect(report.secrets.map(({ name }: { name: string }) => name)).toEqual(['db', 'old']);
    expect(report.written).toHaveLength(2);
    expect(stdout).not.toContain(password);
  });

  it('asks for paths where none were ranked', async () => {
    expect((await run(['secrets'])).stderr).toContain('breakwater secrets PATH...');
  });
});
