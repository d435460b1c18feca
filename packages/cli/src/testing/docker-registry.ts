import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PROGRAM = '/usr/bin/docker-registry';

/** Why there is no registry to test with, for the titles of tests; empty where there is one. */
export const NO_DOCKER_REGISTRY = existsSync(PROGRAM)
  ? ''
  : ` (skipped: no ${PROGRAM}, Debian's package docker-registry)`;

/** Debian's docker-registry on the loopback address, with what it was asked for. */
export interface DockerRegistry {
  /** `127.0.0.1:5000`. */
  host: string;
  /** `http://127.0.0.1:5000`. */
  address: string;
  /** Requests so far, as `METHOD /path STATUS`. */
  requests(): string[];
  start(): Promise<void>;
  /** Ends the process; what was pushed stays. */
  stop(): Promise<void>;
  /** Ends it and removes everything. */
  remove(): Promise<void>;
}

/** Starts one with its data in a new folder. With `password` it lets in user `tester` alone. `settings` are lines of its own configuration. */
export async function startDockerRegistry({ password = '', settings = '' } = {}): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-registry-'));
  const port = await freePort();
  const log = join(folder, 'log');
  const host = `127.0.0.1:${port}`;
  const address = `http://${host}`;
  if (password !== '') writeFileSync(join(folder, 'htpasswd'), execFileSync('htpasswd', ['-Bbn', 'tester', password]));
  const auth = password === '' ? '' : `auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}\n`;
  writeFileSync(
    join(folder, 'registry.yml'),
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/data}, delete: {enabled: true}}\nhttp: {addr: ${host}}\n${auth}${settings}`,
  );
  let child: ChildProcess | undefined;
  const registry: DockerRegistry = {
    host,
    address,
    requests: () =>
      [...readFileSync(log, 'utf8').matchAll(/"(GET|HEAD|PUT|POST|PATCH|DELETE) (\S+) HTTP\/1\.\d" (\d{3})/g)].map(
        ([, method, path, status]) => `${method} ${path} ${status}`,
      ),
    async start() {
      const { openSync, closeSync } = await import('node:fs');
      const file = openSync(log, 'a');
      child = spawn(PROGRAM, ['serve', join(folder, 'registry.yml')], { stdio: ['ignore', file, file] });
      closeSync(file);
      for (let tries = 0; tries < 100; tries++) {
        if (
          await fetch(`${address}/v2/`).then(
            () => true,
            () => false,
          )
        )
          return;
        await wait(50);
      }
      throw new Error(`The registry did not start:\n${readFileSync(log, 'utf8')}`);
    },
    async stop() {
      const running = child;
      if (!running || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill();
      await ended;
    },
    async remove() {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await registry.start();
  return registry;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const found = server.address();
      server.close(() => resolve(typeof found === 'object' && found !== null ? found.port : 0));
    });
  });
}
