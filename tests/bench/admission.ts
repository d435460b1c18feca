import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Snapshot, snapshotPath, writeSnapshot } from '@breakwater/app/admission';
import { builtInPolicies } from '@breakwater/sources/policies';
import { largeSnapshot } from './admission/large-snapshot.ts';
import type { BenchResult } from './result.ts';

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/breakwater', import.meta.url));
const POLICIES = 100;
const PORT = 18_643;
/** Connections that an API server keeps open. */
const CONNECTIONS = 32;
const SECONDS = 10;
const WARMING = 5;
const SETTLING = 4;
const RATES = [500, 1_000, 2_000];
const OBJECTS = 40_000;
const TAKING_RATE = 100;

/** AdmissionReviews over TLS to the webhook as a process of its own: how long answers take at a rate, and the highest rate. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  const added = writePolicies(join(folder, 'policies.yaml'));
  const args = [
    'admission',
    'serve',
    '--state',
    folder,
    '--policies',
    join(folder, 'policies.yaml'),
    '--port',
    String(PORT),
  ];
  const child = spawn(COMMAND, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await listening(child.stdout);
    const ca = readFileSync(join(folder, 'admission', 'tls', 'ca.crt'));
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca });
    const bodies = [1, 3, 5].flatMap((containers) => [review(containers, false), review(containers, true)]);
    const result: BenchResult = {
      name: 'admission',
      inputs: [
        `${POLICIES} policies (${added} added to ours that look at pods), ${CONNECTIONS} connections, client beside it on the same machine`,
        `reviews of Deployments with 1, 3 and 5 containers, ${bodies.map(({ length }) => length).join(', ')} bytes`,
      ],
      rows: [],
    };
    // Code that runs often is made fast while it runs: that is no part of what is measured.
    await saturate(agent, bodies, WARMING);
    // What a flood leaves behind is cleared away before the steady rate is measured.
    await fire(agent, bodies, RATES[0]!, SETTLING);
    for (const rate of RATES) {
      const fired = await measured(child.pid!, () => fire(agent, bodies, rate, SECONDS));
      addRows(result, `${rate}/s`, fired, rate === 500);
      // A rate that is not kept up with says nothing of higher ones.
      if (fired.answers / fired.seconds < 0.9 * rate) break;
    }
    const most = await measured(child.pid!, () => saturate(agent, bodies, SECONDS));
    result.rows.push(
      { what: 'as fast as it answers', value: most.answers / most.seconds, unit: 'reviews/s', budget: '> 2,000' },
      { what: 'processor time of the webhook', value: (most.cpu * 1e6) / most.answers, unit: 'us/review' },
      { what: 'errors', value: most.errors, unit: '' },
      { what: 'resident memory of the webhook', value: residentOf(child.pid!), unit: 'MiB' },
    );
    const snapshot = largeSnapshot(OBJECTS, new Date().toISOString());
    const taking = await whileTakingUp(child, folder, snapshot, () => fire(agent, bodies, TAKING_RATE, SECONDS));
    addRows(result, `${TAKING_RATE}/s while ${OBJECTS} objects are taken up twice`, { ...taking, cpu: 0 });
    result.rows.push({ what: 'resident memory of the webhook, with them', value: residentOf(child.pid!), unit: 'MiB' });
    agent.destroy();
    return result;
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Fired {
  latencies: number[];
  answers: number;
  errors: number;
  seconds: number;
}

/** Takes up a snapshot for the first time, and again while reviews come. */
async function whileTakingUp(
  child: ChildProcess,
  folder: string,
  snapshot: Snapshot,
  work: () => Promise<Fired>,
): Promise<Fired> {
  const taken = () =>
    new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        if (!chunk.includes('In force')) return;
        child.stdout?.off('data', hear);
        resolve();
      };
      child.stdout?.on('data', hear);
    });
  const first = taken();
  await writeSnapshot(snapshotPath(folder), snapshot);
  await first;
  const [second, working] = [taken(), work()];
  await writeSnapshot(snapshotPath(folder), { ...snapshot, time: new Date().toISOString() });
  await second;
  return await working;
}

function addRows(result: BenchResult, rate: string, fired: Fired & { cpu: number }, isBudgeted = false): void {
  const sorted = fired.latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const budget = isBudgeted ? '< 5' : undefined;
  result.rows.push(
    { what: `${rate}: p50`, value: at(0.5), unit: 'ms' },
    {
      what: `${rate}: p99`,
      value: at(0.99),
      unit: 'ms',
      ...(budget && { budget }),
      ...(budget && { peer: 'Kyverno 28-134 average' }),
    },
    { what: `${rate}: worst`, value: at(1), unit: 'ms', ...(budget && { peer: 'Kyverno 3,300' }) },
    { what: `${rate}: answered`, value: fired.answers / fired.seconds, unit: 'reviews/s' },
    { what: `${rate}: errors`, value: fired.errors, unit: '' },
  );
}

/** Sends at a steady rate, whether or not answers come: latency counts from when a review was due. */
async function fire(agent: Agent, bodies: Buffer[], rate: number, seconds: number): Promise<Fired> {
  const fired: Fired = { latencies: [], answers: 0, errors: 0, seconds };
  const total = rate * seconds;
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    for (; sent < due; sent++)
      running.push(send(agent, bodies[sent % bodies.length]!, start + (sent / rate) * 1000, fired));
    await wait(1);
  }
  await Promise.all(running);
  return { ...fired, seconds: (performance.now() - start) / 1000 };
}

/** Keeps every connection busy. */
async function saturate(agent: Agent, bodies: Buffer[], seconds: number): Promise<Fired> {
  const fired: Fired = { latencies: [], answers: 0, errors: 0, seconds };
  const start = performance.now();
  const end = start + seconds * 1000;
  const loop = async (index: number) => {
    for (let n = index; performance.now() < end; n++)
      await send(agent, bodies[n % bodies.length]!, performance.now(), fired);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => loop(index)));
  return { ...fired, seconds: (performance.now() - start) / 1000 };
}

function send(agent: Agent, body: Buffer, due: number, fired: Fired): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const options = { agent, host: '127.0.0.1', port: PORT, path: '/admit?timeout=3s', method: 'POST', headers };
    const sent = request(options, (answer) => {
      let judged = false;
      answer.on('data', (chunk: Buffer) => {
        judged ||= chunk.includes('"allowed":');
      });
      answer.on('end', () => {
        fired.latencies.push(performance.now() - due);
        if (answer.statusCode === 200 && judged) fired.answers += 1;
        else fired.errors += 1;
        resolve();
      });
    });
    sent.on('error', () => {
      fired.errors += 1;
      resolve();
    });
    sent.end(body);
  });
}

/** Seconds of processor time that a process has used. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function measured(pid: number, work: () => Promise<Fired>): Promise<Fired & { cpu: number }> {
  const before = cpuOf(pid);
  const fired = await work();
  return { ...fired, cpu: cpuOf(pid) - before };
}

/** Policies on pods like ours, until there are enough; gives how many. */
function writePolicies(path: string): number {
  const own = builtInPolicies().policies.filter(({ policy: { spec } }) => {
    const { kinds } = spec.match;
    return (
      spec.pack === undefined && spec.phases.includes('deploy') && (kinds === undefined || kinds.includes('Deployment'))
    );
  }).length;
  const added = Math.max(0, POLICIES - own);
  const rules = [
    `{ each: containers, expr: "!c.privileged || c.name == 'n'", message: "c.name + ' is privileged'" }`,
    `{ each: containers, expr: "c.image.contains('/') && !c.image.endsWith(':latest')", message: "c.name + ' has no tag'" }`,
    `{ expr: "has(object.metadata.labels) && object.metadata.labels.exists(k, k.startsWith('app'))", message: "'no label'" }`,
    `{ expr: "!workload.hostNetwork && !workload.hostPID", message: "'host namespaces'" }`,
    `{ each: containers, expr: "'memory' in c.limits && quantity(c.limits['memory']).isLessThan(quantity('64Gi'))", message: "c.name + ' has no limit'" }`,
  ];
  const documents = Array.from({ length: added }, (_, index) => {
    const spec = `{ title: t, why: w, fix: f, severity: low, phases: [deploy], enforcement: { deploy: ${index % 10 === 0 ? 'warn' : 'audit'} }, require: [${rules[index % rules.length]}] }`;
    return `apiVersion: breakwater/v1\nkind: Policy\nmetadata: { name: bench-${index} }\nspec: ${spec}\n`;
  });
  writeFileSync(path, documents.join('---\n') || '# none\n');
  return added;
}

function review(containers: number, good: boolean): Buffer {
  const labels = { app: 'shop', 'app.kubernetes.io/part-of': 'shop', team: 'payments' };
  const container = (index: number) => ({
    name: `c${index}`,
    image: good ? `registry.example/shop/web:1.${index}` : 'nginx',
    env: Array.from({ length: 8 }, (_, n) => ({ name: `SETTING_${n}`, value: `value of ${n}` })),
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    securityContext: good
      ? {
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        }
      : {},
    readinessProbe: { httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  });
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels, uid: '0b9c4b1e-0000-4000-8000-000000000001', generation: 1 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels },
        spec: {
          containers: Array.from({ length: containers }, (_, index) => container(index)),
          volumes: [{ name: 'data', emptyDir: {} }],
          serviceAccountName: 'web',
          securityContext: good ? { seccompProfile: { type: 'RuntimeDefault' } } : {},
        },
      },
    },
    status: {},
  };
  const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
  const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
  const request = {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    ...{ kind, resource, requestKind: kind, requestResource: resource },
    ...{ name: 'web', namespace: 'shop', operation: 'CREATE' },
    userInfo: { username: 'alice', uid: '1', groups: ['developers', 'system:authenticated'] },
    ...{ object, oldObject: null, dryRun: false },
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'kubectl-client-side-apply' },
  };
  return Buffer.from(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }));
}

function listening(output: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Admission listens')) resolve();
    });
    output.on('end', () => reject(new Error(`the webhook ended: ${said}`)));
  });
}
