import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Snapshot, snapshotPath, writeSnapshot } from '@breakwater/app/admission';
import type { Sending, Sent } from './admission/client.ts';
import { addedPolicies, review } from './admission/input.ts';
import { largeSnapshot } from './admission/large-snapshot.ts';
import type { ServerFigures } from './admission/measure-server.ts';
import type { BenchResult } from './result.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const COMMAND = path('../../packages/cli/bin/breakwater.mjs');
const CLIENT = path('./admission/client.ts');
const MEASURE = path('./admission/measure-server.ts');
const QUIET = '--disable-warning=ExperimentalWarning';
/** As `bin/breakwater` starts it. */
const LISTENER = ['--max-semi-space-size=4', '--single-threaded-gc'];
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
/** By how much the client gives way to the server where both want a processor. */
const CLIENT_NICE = 1;

/**
 * AdmissionReviews over TLS to the webhook as a process of its own: how long answers take at a rate, for the client and in
 * the server, and the highest rate.
 */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  const { text, added } = addedPolicies(POLICIES);
  const policies = join(folder, 'policies.yaml');
  writeFileSync(policies, text);
  const args = ['admission', 'serve', '--state', folder, '--policies', policies, '--port', String(PORT)];
  const server = spawn(process.execPath, [QUIET, ...LISTENER, '--import', MEASURE, COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const client = fork(CLIENT, { execArgv: [QUIET] });
  setPriority(client.pid!, Math.min(19, getPriority() + CLIENT_NICE));
  try {
    await listening(server.stdout!);
    const bodies = [1, 3, 5].flatMap((containers) => [review(containers, false), review(containers, true)]);
    const usual = {
      port: PORT,
      ca: readFileSync(join(folder, 'admission', 'tls', 'ca.crt'), 'utf8'),
      connections: CONNECTIONS,
      bodies: bodies.map((body) => body.toString('base64')),
    };
    const bench = new Bench(server, client, usual);
    const { rows } = bench;
    // Code that runs often is made fast while it runs: that is no part of what is measured.
    await bench.send({ seconds: WARMING });
    // What a flood leaves behind is cleared away before the steady rate is measured.
    await bench.send({ rate: RATES[0]!, seconds: SETTLING });
    for (const rate of RATES) {
      const { answers, seconds } = await bench.measure(`${rate}/s`, { rate, seconds: SECONDS }, rate === 500);
      // A rate that is not kept up with says nothing of higher ones.
      if (answers / seconds < 0.9 * rate) break;
    }
    const before = cpuOf(server.pid!);
    const most = await bench.send({ seconds: SECONDS });
    const cpu = cpuOf(server.pid!) - before;
    rows.push(
      { what: 'as fast as it answers', value: most.answers / most.seconds, unit: 'reviews/s', budget: '> 2,000' },
      { what: 'processor time of the webhook', value: (cpu * 1e6) / most.answers, unit: 'us/review' },
      { what: 'errors', value: most.errors, unit: '' },
      { what: 'resident memory of the webhook', value: residentOf(server.pid!), unit: 'MiB' },
    );
    const snapshot = largeSnapshot(OBJECTS, new Date().toISOString());
    await takingUp(server, folder, snapshot);
    const second = takingUp(server, folder, { ...snapshot, time: new Date().toISOString() });
    const label = `${TAKING_RATE}/s while ${OBJECTS} objects are taken up twice`;
    await bench.measure(label, { rate: TAKING_RATE, seconds: SECONDS });
    await second;
    rows.push({ what: 'resident memory of the webhook, with them', value: residentOf(server.pid!), unit: 'MiB' });
    return {
      name: 'admission',
      inputs: [
        `${POLICIES} policies (${added} added to ours that look at pods), ${CONNECTIONS} connections, client beside it on the same machine (nice ${CLIENT_NICE} more)`,
        `reviews of Deployments with 1, 3 and 5 containers, ${bodies.map(({ length }) => length).join(', ')} bytes`,
      ],
      rows,
    };
  } finally {
    for (const child of [server, client]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server, a client, and what they measured. */
class Bench {
  readonly rows: BenchResult['rows'] = [];
  readonly #server: ChildProcess;
  readonly #client: ChildProcess;
  readonly #usual: Omit<Sending, 'seconds'>;

  constructor(server: ChildProcess, client: ChildProcess, usual: Omit<Sending, 'seconds'>) {
    this.#server = server;
    this.#client = client;
    this.#usual = usual;
  }

  send(sending: Pick<Sending, 'rate' | 'seconds'>): Promise<Sent> {
    return asked<Sent>(this.#client, { ...this.#usual, ...sending });
  }

  async measure(label: string, sending: Pick<Sending, 'rate' | 'seconds'>, isBudgeted = false): Promise<Sent> {
    await asked<ServerFigures>(this.#server, 'from now on');
    const sent = await this.send(sending);
    this.#add(label, sent, await asked<ServerFigures>(this.#server, 'until now'), isBudgeted);
    return sent;
  }

  /** What the client saw is with its own pauses; what the server measured is without. */
  #add(
    label: string,
    { latencies, late, ...sent }: Sent,
    { service, lag, pauses }: ServerFigures,
    isBudgeted: boolean,
  ) {
    const at = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? NaN;
    const add = (what: string, value: number, unit: string, more = {}) =>
      this.rows.push({ what: `${label}: ${what}`, value, unit, ...(isBudgeted && more) });
    add('p50', at(0.5), 'ms');
    add('p99', at(0.99), 'ms', { budget: '< 5', peer: 'Kyverno 28-134 average' });
    add('p99.9', at(0.999), 'ms');
    add('worst', at(1), 'ms', { peer: 'Kyverno 3,300' });
    add('the client itself late, p99', late.p99, 'ms');
    add('the client itself late, worst', late.most, 'ms');
    add('p50 in the server', service.p50, 'ms');
    add('p99 in the server', service.p99, 'ms');
    add('p99.9 in the server', service.p999, 'ms');
    add('the listener late, p99', lag.p99, 'ms');
    for (const { thread, count, sum, most } of pauses) {
      add(`${count} collections of garbage in ${thread}, together`, sum, 'ms');
      add(`the longest in ${thread}`, most, 'ms');
    }
    add('answered', sent.answers / sent.seconds, 'reviews/s');
    add('errors', sent.errors, '');
  }
}

function asked<T>(child: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('it ended before it answered'));
    child.once('exit', end);
    child.once('message', (answer) => {
      child.off('exit', end);
      resolve(answer as T);
    });
    child.send(message);
  });
}

/** Writes a snapshot; settled when it is in force. */
async function takingUp(server: ChildProcess, folder: string, snapshot: Snapshot): Promise<void> {
  const taken = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      if (!chunk.includes('In force')) return;
      server.stdout?.off('data', hear);
      resolve();
    };
    server.stdout?.on('data', hear);
  });
  await writeSnapshot(snapshotPath(folder), snapshot);
  await taken;
}

/** Seconds of processor time that a process has used. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

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
