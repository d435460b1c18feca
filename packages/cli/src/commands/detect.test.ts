import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-detect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const event = (second: number, rest: Partial<RuntimeEvent>): RuntimeEvent => ({
  source: 'sensor',
  time: `2026-11-22T12:00:${String(second).padStart(2, '0')}.000Z`,
  type: 'exec',
  pod: { namespace: 'shop', name: 'web-5d9c7b6f4-x2x4z', labels: { app: 'web' } },
  container: { id: 'c1', name: 'web', image: 'registry.example/shop/web:1' },
  ...rest,
});
const nginx = { path: '/usr/sbin/nginx', arguments: '', pid: 7, executionId: '7:1', inImage: true };
const shell = { path: '/bin/sh', arguments: "-c '\u001b[2Jid'", pid: 9, executionId: '9:1', inImage: true };
const ATTACK = [
  event(0, { process: nginx }),
  event(1, { process: shell, parent: nginx }),
  event(2, { type: 'open', process: shell, parent: nginx, file: { path: '/etc/shadow', access: 'read' } }),
  event(3, { process: { path: '/tmp/x', arguments: '', pid: 10, executionId: '10:1', inImage: false }, parent: shell }),
];
const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "registry.example/shop/web:1", ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
`;

function detect(events: readonly RuntimeEvent[], ...args: string[]): Promise<CommandRun> {
  writeFileSync(join(folder, 'events.jsonl'), `${events.map((one) => JSON.stringify(one)).join('\n')}\n`);
  writeFileSync(join(folder, 'web.yaml'), MANIFEST);
  return runCommand(['detect', 'events.jsonl', ...args], {
    folder,
    state: join(folder, 'state'),
    environment: { NO_COLOR: '1' },
  });
}

describe('breakwater detect', () => {
  it('tells what should not have happened, with its processes, and ends with 1', async () => {
    const { code, stdout, stderr } = await detect(ATTACK);
    expect(code).toBe(1);
    const rules = [...stdout.matchAll(/^ {4}([a-z-]+) T\d/gm)].map(([, rule]) => rule);
    expect(rules).toEqual(['shell-from-server', 'password-files-read', 'dropped-binary']);
    expect(stdout).toContain(
      '12:00:03 Critical shop/web-5d9c7b6f4-x2x4z /tmp/x is not in the image and runs, started by sh',
    );
    expect(stdout).toMatch(
      /\/usr\/sbin\/nginx \[7\]\n {4}\\_ \/bin\/sh \[9\].*\n {6}\\_ \/tmp\/x \(not in the image\) \[10\]/,
    );
    expect(stderr).toMatch(/^3 alerts from 4 events by \d{3} policies/);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').every((line) => line.length <= 120)).toBe(true);
  });

  it('tells what manifests know of the workload', async () => {
    const { stdout } = await detect(ATTACK, 'web.yaml');
    expect(stdout).toContain('It is Deployment shop/web, defined in web.yaml:1.');
    expect(stdout).toMatch(/It is reachable from the Internet\s+through/);
  });

  it('gives alerts as events, which are read again', async () => {
    const { stdout } = await detect(ATTACK, '--output', 'json');
    const alerts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RuntimeEvent);
    expect(alerts.map(({ type, alert }) => [type, alert?.rule, alert?.about, alert?.enforcement])).toEqual([
      ['alert', 'shell-from-server', 'exec', 'warn'],
      ['alert', 'password-files-read', 'open', 'warn'],
      ['alert', 'dropped-binary', 'exec', 'warn'],
    ]);
    const again = await detect(alerts);
    expect([again.code, again.stdout]).toEqual([0, '']);
  });

  it('passes what an exception covers, and what is only audited', async () => {
    const path = join(folder, 'exception.yaml');
    writeFileSync(
      path,
      `apiVersion: breakwater/v1
kind: Exception
metadata: { name: known }
spec:
  policies: [shell-from-server, password-files-read, dropped-binary]
  scope: { images: ["registry.example/shop/*"] }
  owner: team
  reason: known
  expires: 2026-12-31
  compensating: none
`,
    );
    const covered = await detect(ATTACK, '--policies', path);
    expect(covered.code).toBe(0);
    expect(covered.stdout).toContain('covered by the exception known');
    const audited = [
      event(0, { process: { path: '/usr/bin/curl', arguments: '-s https://a.example', inImage: true } }),
    ];
    expect(await detect(audited)).toMatchObject({ code: 0, stdout: '' });
    expect((await detect(audited, '--all')).stdout).toContain('downloads-files');
  });

  it('says what it could not decide or read, and what it did not judge', async () => {
    const unknown = event(0, { process: { path: '/tmp/x', arguments: '' } });
    const host = { ...unknown, container: undefined, pod: undefined } as unknown as RuntimeEvent;
    const { code, stderr } = await detect([unknown, host, { source: 'sensor' } as RuntimeEvent]);
    expect(code).toBe(2);
    expect(stderr).toContain('dropped-binary could not decide 1 event: not known: process.inImage');
    expect(stderr).toContain('1 event of hosts not judged');
    expect(stderr).toContain('events.jsonl:3');
  });

  it('refuses to judge nothing', async () => {
    writeFileSync(join(folder, 'web.yaml'), MANIFEST);
    const { code, stderr } = await runCommand(['detect', 'web.yaml'], { folder, state: join(folder, 'state') });
    expect(code).toBe(2);
    expect(stderr).toContain('no events');
  });
});
