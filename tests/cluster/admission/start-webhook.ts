import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../start-cluster.ts';

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/breakwater', import.meta.url));

/** The webhook as a process of its own, which can be killed and started again on the same port. */
export interface Webhook {
  port: number;
  /** State folder. */
  state: string;
  /** A file of policies, exceptions and settings that is in force. */
  policies: string;
  /** Starts it and waits until it listens. */
  start(more?: string[]): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Registers it with the API server. */
  register(cluster: Cluster, more?: string[]): Promise<void>;
  /** Kills it and deletes its state. */
  remove(): Promise<void>;
}

/** A webhook that is not started yet. The database that its environment names is not there. */
export async function prepareWebhook(
  policies: string,
  options: string[] = [],
  environment: Record<string, string> = {},
): Promise<Webhook> {
  const state = mkdtempSync(join(tmpdir(), 'breakwater-webhook-'));
  const file = join(state, 'policies.yaml');
  writeFileSync(file, policies);
  const port = await freePort();
  const env = { ...process.env, DATABASE_URL: 'postgresql://127.0.0.1:1/nothing', ...environment };
  const shared = ['--state', state, '--policies', file, '--port', String(port), ...options];
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    child = undefined;
  };
  return {
    port,
    state,
    policies: file,
    kill,
    start: (more = []) =>
      new Promise((resolve, reject) => {
        const started = spawn(COMMAND, ['admission', 'serve', ...shared, ...more], { env });
        child = started;
        let said = '';
        const hear = (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes('Admission listens')) resolve();
        };
        started.stdout.on('data', hear);
        started.stderr.on('data', hear);
        started.once('exit', (code) => reject(new Error(`the webhook ended with ${code}: ${said}`)));
      }),
    async register(cluster, more = []) {
      const made = spawnSync(COMMAND, ['admission', 'config', ...shared, ...more], { env, encoding: 'utf8' });
      if (made.status !== 0) throw new Error(made.stderr);
      await cluster.kubectl(['apply', '-f', '-'], made.stdout);
    },
    async remove() {
      await kill();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** What the listener keeps as its authority. */
export const authorityOf = ({ state }: Webhook): string =>
  readFileSync(join(state, 'admission', 'tls', 'ca.crt'), 'utf8');

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
