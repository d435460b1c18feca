import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { team: shop } }
spec:
  type: NodePort
  ports: [{ port: 443 }]
`;
const EXCEPTION = `apiVersion: breakwater/v1
kind: Exception
metadata: { name: web }
spec:
  policies: [no-node-ports]
  scope: { workloads: [web] }
  owner: shop
  reason: until the load balancer is there
  expires: 2999-01-31
  compensating: the port is closed at the firewall
`;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-policy-command-'));
  mkdirSync(join(folder, 'k8s'));
  writeFileSync(join(folder, 'k8s/service.yaml'), SERVICE);
  writeFileSync(join(folder, 'exception.yaml'), EXCEPTION);
  const { stdout } = await policy('new', 'no-node-ports', '--from', 'k8s/service.yaml', '--field', 'spec.type');
  writeFileSync(join(folder, 'no-node-ports.yaml'), stdout);
});

afterAll(() => rmSync(folder, { recursive: true }));

const policy = (...args: string[]) => runCommand(['policy', ...args], { folder, state: join(folder, 'state') });
const json = (text: string) => JSON.parse(text) as Record<string, Record<string, unknown>[]>;

describe('breakwater policy', { timeout: 120_000 }, () => {
  it('writes a policy that its own test passes, with both sides shown', async () => {
    const { code, stdout } = await policy('test', 'no-node-ports.yaml', '-o', 'json');
    const { results, untested, unknowns } = json(stdout);
    expect([code, unknowns]).toEqual([0, []]);
    // Those of ours are tested where no file is named.
    expect(results).toMatchObject([
      { policy: 'no-node-ports', expected: 'fail', passed: true },
      { policy: 'no-node-ports', expected: 'pass', passed: true },
    ]);
    expect(untested?.filter((rule) => rule['policy'] === 'no-node-ports')).toEqual([]);
  });

  it('tests a copy of a policy of ours in place of it, and tells two that have one name', async () => {
    copyFileSync(
      new URL('../../../../policies/hardening/net-raw-dropped.yaml', import.meta.url),
      join(folder, 'copy.yaml'),
    );
    const { code, stdout } = await policy('test', 'copy.yaml', '-o', 'json');
    const { results = [], unknowns } = json(stdout);
    expect([code, unknowns]).toEqual([0, []]);
    expect(new Set(results.map((result) => result['policy']))).toEqual(new Set(['net-raw-dropped']));
    copyFileSync(join(folder, 'copy.yaml'), join(folder, 'second-copy.yaml'));
    const twice = await policy('test', 'copy.yaml', 'second-copy.yaml');
    expect([twice.code, twice.stdout + twice.stderr]).toEqual([
      2,
      expect.stringContaining('another policy has this name'),
    ]);
  });

  it('does not call it passed where there is nothing to test', async () => {
    const { code, stderr } = await policy('test', 'k8s');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no policy of breakwater/v1 in k8s')]);
  });

  it('says which rules no case shows, and fails for a case that is not kept', async () => {
    writeFileSync(
      join(folder, 'untested.yaml'),
      `apiVersion: breakwater/v1
kind: Policy
metadata: { name: untested }
spec:
  title: t
  why: w
  fix: f
  severity: low
  phases: [build]
  require: [{ expr: "object.kind == 'Pod'", message: "'m'" }]
  cases: [{ name: a service, given: { object: { kind: Service } }, verdict: pass }]
`,
    );
    const { code, stdout } = await policy('test', 'untested.yaml');
    expect(code).toBe(1);
    expect(stdout).toContain('untested: a service: expected pass, got fail (m)');
    expect(stdout).toContain('untested: no case of require[0] shows something that it lets pass');
  });

  it('tells where a policy is enforced, and refuses a name that there is not', async () => {
    const { code, stdout } = await policy('where', 'no-node-ports', '--policies', 'no-node-ports.yaml', '-o', 'json');
    expect(code).toBe(0);
    expect(json(stdout)['policies']).toMatchObject([
      {
        places: [
          { phase: 'build', by: 'ci-gate' },
          { phase: 'deploy', by: 'validating-admission-policy' },
        ],
      },
    ]);
    expect(await policy('where', 'no-node-port')).toMatchObject({ code: 2, stdout: '' });
  });

  it('shows what would be refused, by team, without an exception and with one', async () => {
    const args = ['dry-run', 'k8s', '--policies', 'no-node-ports.yaml', '--raise', 'no-node-ports'];
    const refused = await policy(...args);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^shop {2}1 object refused {2}it says so itself$/m);
    expect(refused.stdout).toContain('k8s/service.yaml:5:3 spec.type is NodePort');
    expect(refused.stdout).toContain('Admission would refuse 1 of 1 object, of 1 team today if no-node-ports blocked.');
    const excepted = await policy(...args, '--policies', 'exception.yaml');
    expect(excepted.code).toBe(0);
    expect(excepted.stdout).toContain('Admission would refuse nothing today if no-node-ports blocked.');
  });

  it('shows what an exception covers, and what it would silence', async () => {
    const both = ['--policies', 'no-node-ports.yaml', '--policies', 'exception.yaml'];
    const { code, stdout } = await policy('exceptions', 'k8s', ...both);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^web {2}in force {2}shop {2}until 2999-01-31 {2}no-node-ports .*: covers 1 subject$/m);
    const idle = await policy('exceptions', 'no-node-ports.yaml', ...both);
    expect(idle.stdout).toContain('covers nothing');
    expect(idle.code).toBe(2);
    const preview = await policy('exceptions', 'k8s', ...both.slice(0, 2), '--preview', 'exception.yaml');
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain('web would silence 1 result');
    expect(preview.stdout).toMatch(/no-node-ports {2}fail {2}build, deploy {2}.*spec\.type is NodePort .*:5:3\]/);
  });

  it('refuses what makes no sense with a sentence', async () => {
    for (const args of [
      [],
      ['judge'],
      ['new'],
      ['new', 'x', '--field', 'a'],
      ['dry-run'],
      ['dry-run', 'k8s', '--phase', 'x'],
    ]) {
      const { code, stdout, stderr } = await policy(...args);
      expect([args, code, stdout, stderr.split('\n').length]).toEqual([args, 2, '', 3]);
    }
  });
});
