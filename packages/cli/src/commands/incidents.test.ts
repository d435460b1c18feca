import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventProcess, Incident, RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIngestService } from '../ingest/open-ingest-service.ts';
import { runCommand } from '../testing/run-command.ts';
import { openEstateStore } from '../up/open-estate-store.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-incidents-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const program = (path: string, pid: number, more: Partial<EventProcess> = {}): EventProcess => ({
  ...{ path, arguments: '', pid, executionId: `${pid}:1`, inImage: true },
  ...more,
});
const event = (second: number, rest: Partial<RuntimeEvent>): RuntimeEvent => ({
  source: 'sensor',
  time: `2026-11-22T12:00:${String(second).padStart(2, '0')}.000Z`,
  type: 'exec',
  pod: { namespace: 'shop', name: 'web-5d9c7b6f4-x2x4z', labels: { app: 'web' } },
  container: { id: 'c1', name: 'web', image: 'registry.example/shop/web:1' },
  ...rest,
});
const nginx = program('/usr/sbin/nginx', 7);
const shell = program('/bin/sh', 9, { arguments: "-c '\u001b[2Jid'" });
const ATTACK = [
  event(0, { process: nginx }),
  event(1, { process: shell, parent: nginx }),
  event(2, { type: 'open', process: shell, parent: nginx, file: { path: '/etc/shadow', access: 'read' } }),
  event(3, { process: program('/tmp/x', 10, { inImage: false }), parent: shell }),
  event(4, {
    type: 'connect',
    process: shell,
    parent: nginx,
    peer: { address: '192.0.2.9', port: 8443, protocol: 'TCP' },
  }),
];
const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "registry.example/shop/web:1", ports: [{ containerPort: 80 }], securityContext: { privileged: true } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
`;
const lines = (events: readonly RuntimeEvent[]) => events.map((one) => `${JSON.stringify(one)}\n`).join('');
const state = () => join(folder, 'state');

function incidents(...args: string[]) {
  writeFileSync(join(folder, 'events.jsonl'), lines(ATTACK));
  writeFileSync(join(folder, 'quiet.jsonl'), lines(ATTACK.slice(0, 1)));
  writeFileSync(join(folder, 'web.yaml'), MANIFEST);
  const environment = { NO_COLOR: '1', COLUMNS: '100' };
  return runCommand(['incidents', ...args], { folder, state: state(), environment });
}

describe('breakwater incidents of recorded events', { timeout: 120_000 }, () => {
  it('tells one story with what build and deploy know, and ends with 1', async () => {
    const { code, stdout, stderr } = await incidents('events.jsonl', 'web.yaml');
    expect([code, stderr]).toEqual([1, expect.stringContaining('1 incident of 5 events.')]);
    for (const part of [
      /^CRITICAL/,
      /^What happened\n {2}12:00:01 .*\n/m,
      /sh connected to 192\.0\.2\.9:8443/,
      /\\_ \/tmp\/x \(not in the image\) \[10\]/,
      /\+ It is reachable from the Internet through/,
      /\+ Whoever holds it gets to its node/,
      /breakwater respond quarantine shop\/web-5d9c7b6f4-x2x4z/,
      /^How sure\n/m,
      /^What was not checked\n/m,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('says what it does not know where nothing else is named, and ends with 0 where nothing happened', async () => {
    const { stdout } = await incidents('events.jsonl', '--output', 'json');
    const told = JSON.parse(stdout) as { incidents: Incident[] };
    expect(told.incidents).toMatchObject([{ subjects: ['shop/Deployment/web'], initialSeverity: 'critical' }]);
    expect(told.incidents[0]?.unknowns.join(' ')).toContain('no manifests and images were named');
    expect(told.incidents[0]?.unknowns.join(' ')).toContain('nothing was learned');
    expect((await incidents('quiet.jsonl')).code).toBe(0);
    expect((await incidents('web.yaml')).stderr).toContain('There are no events');
  });
});

describe('breakwater incidents of recorded events beside a profile', { timeout: 120_000 }, () => {
  it('tells what is new in the same story, and what nothing could be judged by', async () => {
    const profile = ['--profile', 'quiet.jsonl'];
    const { stdout, stderr, code } = await incidents('events.jsonl', ...profile);
    expect(code).toBe(1);
    expect(stdout).toMatch(/12:00:01 {2}nginx started \/bin\/sh .*, which is not in its profile \[[0-9a-f]{16}\]/);
    expect(stdout).not.toContain('nothing was learned');
    expect(stderr).toContain('1 incident of 5 events.');
    expect((await incidents('quiet.jsonl', ...profile)).code).toBe(0);
    const cart = { subject: 'shop/Deployment/cart', origin: 'written', dimensions: ['exec'], behaviours: [] };
    writeFileSync(join(folder, 'cart.json'), JSON.stringify(cart));
    const other = await incidents('events.jsonl', '--profile', 'cart.json');
    expect(other.stderr).toContain('Nothing was judged by the profile of shop/Deployment/cart');
    expect((await incidents('events.jsonl', '--profile', 'web.yaml')).code).toBe(2);
  });
});

describe('breakwater incidents of a server', { timeout: 120_000 }, () => {
  it('lists, tells, lets somebody answer, and closes', async () => {
    expect((await incidents()).stdout).toContain('No incident is open.');
    const settings = { state: state(), names: [], perSecond: 50_000 };
    const service = await openIngestService(settings);
    await service.takeOwn(lines(ATTACK.slice(0, 2)), 'tests');
    // Whoever closes tells what waits first.
    await service.close();

    const list = await incidents();
    const [, id = ''] = /(i-[0-9a-f]{10}) {2}\S+ +open/.exec(list.stdout) ?? [];
    const story = await incidents('show', id.slice(0, 6));
    expect(story.stdout).toContain(`breakwater incidents expect ${id}`);
    expect((await incidents('expect', id, '--owner', 'team-web')).stderr).toContain('Say who answers for it');
    const word = ['--owner', 'team-web', '--because', 'a health check', '--until', '2099-01-31'];
    expect((await incidents('expect', id, ...word, '--only', 'dropped-binary')).stderr).toContain(
      'not of this incident',
    );
    const expected = await incidents('expect', id, ...word);
    expect(expected.stdout).toMatch(/It is expected as a whole\.[\s\S]*kind: Exception[\s\S]*workloads:\n\s+- web\n/);
    expect((await incidents()).stdout).toContain('No incident is open.');
    expect((await incidents('--all')).stdout).toContain('expected');
    const closed = await incidents('close', id, '--because', 'done', '--output', 'json');
    expect(JSON.parse(closed.stdout)).toMatchObject({ status: 'closed' });
    expect((await incidents('show', 'i-none')).stderr).toContain('There is no incident i-none');
    expect((await incidents('show')).stderr).toContain('Say what to do');
    const store = await openEstateStore(state());
    expect((await store.incidents.exceptions()).map(({ exception }) => exception.spec.owner)).toEqual(['team-web']);
    await store.close();
  });
});
