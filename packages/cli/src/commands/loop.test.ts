import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const MANIFEST = `# keep this comment
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example/shop/web:1
          ports: [{ containerPort: 8080 }]
          securityContext:
            capabilities: { add: [SYS_ADMIN] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  type: LoadBalancer
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: database, namespace: shop }
spec:
  selector: { matchLabels: { app: database } }
  template:
    metadata: { labels: { app: database } }
    spec:
      containers:
        - name: postgres
          image: registry.example/shop/database:1
          ports: [{ containerPort: 5432 }]
`;
const SBOM = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: 'registry.example/shop/web', version: '1' } },
  components: [],
};
const TOLD = ['exec', 'open', 'connect', 'listen', 'capability', 'privilege'];
const HOUR = 3_600_000;
const START = Date.parse('2026-11-01T00:00:00Z');

/** Ten days of twelve replicas: a server that reads its configuration and calls one port, with a source that tells of capabilities. */
function recording({ lost = false, used = false } = {}): string {
  const lines: object[] = [];
  const server = { path: '/app/server', arguments: '', pid: 1, uid: 101, inImage: true };
  for (let hour = 0; hour < 240; hour++) {
    for (let replica = 0; replica < 12; replica++) {
      const pod = {
        namespace: 'shop',
        name: `web-${replica}`,
        workload: 'web',
        workloadKind: 'Deployment',
        labels: {},
      };
      const container = { id: `${replica}`.padStart(64, 'c'), name: 'web', image: 'registry.example/shop/web:1' };
      const base = { source: 'sensor', node: 'n1', time: new Date(START + hour * HOUR + replica * 1000).toISOString() };
      const by = { ...base, pod, container, process: server };
      if (hour === 0) lines.push({ ...by, type: 'watch', watch: { dimensions: [...TOLD], isWhole: true } });
      if (hour === 0)
        lines.push({ ...by, type: 'exec' }, { ...by, type: 'listen', local: { address: '0.0.0.0', port: 8080 } });
      lines.push({ ...by, type: 'connect', peer: { address: '93.184.216.34', port: 443, protocol: 'TCP' } });
      if (used && hour === 7) lines.push({ ...by, type: 'open', file: { path: '/srv/state.db', access: 'write' } });
    }
    if (lost && hour === 9)
      lines.push({
        source: 'sensor',
        node: 'n1',
        time: new Date(START + hour * HOUR).toISOString(),
        type: 'loss',
        lost: 5,
      });
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

interface Fix {
  n: number;
  id: string;
  detail: string;
  lossRemoved: number;
}

describe('from what ran to a patch, and back', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-loop-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (cwd: string, ...args: string[]): Promise<CommandRun> =>
    runCommand(args, { folder: cwd, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  function estate(name: string, events: string): string {
    const cwd = join(folder, name);
    mkdirSync(join(cwd, 'k8s'), { recursive: true });
    writeFileSync(join(cwd, 'k8s/web.yaml'), MANIFEST);
    writeFileSync(join(cwd, 'web.cdx.json'), JSON.stringify(SBOM));
    writeFileSync(join(cwd, 'events.jsonl'), events);
    execFileSync('git', ['init', '-q', cwd]);
    return cwd;
  }

  async function ranked(cwd: string): Promise<{ loss: number; fixes: Fix[] }> {
    const { stdout } = await run(cwd, 'rank', 'k8s', 'web.cdx.json', 'events.jsonl', '--output', 'json');
    const parsed = JSON.parse(stdout);
    return parsed.ranking ?? parsed;
  }

  it('takes from a container what it was never seen to use, and the loss falls by what was promised', async () => {
    const cwd = estate('quiet', recording());
    const before = await ranked(cwd);
    const fix = before.fixes.find(({ id }) => id.startsWith('only-what-it-uses:'))!;
    expect(fix.detail).toMatch(
      /Seen in 2,\d{3} hours of 12 replicas until 2026-11-10 23:00 UTC: .*it used none of the capabilities that it is given.*nothing of it ran as root.*That is settled\.$/,
    );
    const { stdout } = await run(cwd, 'fix', String(fix.n));
    execFileSync('git', ['apply', '-'], { cwd, input: stdout });
    expect(execFileSync('head', ['-1', join(cwd, 'k8s/web.yaml')], { encoding: 'utf8' })).toBe('# keep this comment\n');
    const after = await ranked(cwd);
    expect(before.loss - after.loss).toBeCloseTo(fix.lossRemoved, 6);
    expect(after.fixes.some(({ id }) => id === fix.id)).toBe(false);
  });

  it('writes a policy for where it calls, beside its manifest', async () => {
    const cwd = estate('calls', recording());
    const { fixes } = await ranked(cwd);
    const fix = fixes.find(({ id }) => id.startsWith('only-where-it-calls:'))!;
    const { stdout } = await run(cwd, 'fix', String(fix.n));
    expect(stdout).toContain('+++ b/k8s/web-egress.yaml');
    execFileSync('git', ['apply', '-'], { cwd, input: stdout });
    expect((await ranked(cwd)).fixes.some(({ id }) => id.startsWith('only-where-it-calls:'))).toBe(false);
  });

  it('is known to the gate of the build: what an earlier release loaded, as of when, and what is missing', async () => {
    const cwd = estate('gate', recording());
    const next = { ...SBOM, metadata: { component: { ...SBOM.metadata.component, version: '2' } } };
    writeFileSync(join(cwd, 'web.cdx.json'), JSON.stringify(next));
    const { stdout } = await run(cwd, 'scan', 'web.cdx.json', 'events.jsonl');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'in production as of 2026-11-10 23:00 UTC (an earlier release): nothing in it is known to be vulnerable, partial: the events are of an earlier image of this name',
    );
  });

  it('leaves it the file that it wrote, and says of lost events that they were lost', async () => {
    const { fixes } = await ranked(estate('used', recording({ used: true, lost: true })));
    const own = fixes.filter(({ id }) => id.includes('only-what-it-uses:'));
    expect(own.length).toBeGreaterThan(0);
    for (const { detail } of own) {
      expect(detail).not.toContain('wrote nowhere');
      expect(detail).not.toContain('never');
      expect(detail).toContain('more minutes events were lost');
    }
  });
}, 300_000);
