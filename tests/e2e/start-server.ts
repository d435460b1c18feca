import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdmissionView, Progress, RegistryList } from '@breakwater/model';
import type { TestProject } from 'vitest/node';
import {
  type DockerRegistry,
  NO_DOCKER_REGISTRY,
  startDockerRegistry,
} from '../../packages/cli/src/testing/docker-registry.ts';
import { pushImage, sampleImage } from '../../packages/cli/src/testing/sample-image.ts';
import { CHROMIUM } from './open-browser.ts';
import { seedBehaviour } from './seed-behaviour.ts';
import { startAdmission } from './start-admission.ts';

/** Time in which the example estate is read, in milliseconds; a slow machine has two cores. */
const READING = 90_000;

const root = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(root, 'packages/cli/bin/breakwater');

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server, without a slash at the end. */
    address: string;
    /** The session cookie as `name=value`. */
    session: string;
    /** The state folder of the server. */
    state: string;
  }
}

/**
 * Starts `breakwater up` on the example estate with a state folder of its own, signs in, and waits for the ranking; then
 * the webhook on the same folder, which decides on a few requests.
 */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  project.provide('address', '');
  project.provide('session', '');
  project.provide('state', '');
  if (!existsSync(CHROMIUM)) {
    console.warn(`${CHROMIUM} is not here: the end-to-end tests are skipped. On Debian: apt-get install chromium`);
    return async () => {};
  }
  if (!existsSync(join(root, 'packages/console/dist/index.html'))) {
    throw new Error('The console is not built. Run: npm run build');
  }
  const state = await mkdtemp(join(tmpdir(), 'breakwater-e2e-'));
  const registry = await startRegistry();
  const server = spawn(
    COMMAND,
    [
      'up',
      'examples/estate',
      '--policies',
      'tests/e2e/settings.yaml',
      '--port',
      '0',
      '--state',
      state,
      ...(registry ? ['--registry', registry.host] : []),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let admission: ChildProcess | undefined;
  const stop = async () => {
    if (admission) await end(admission);
    await end(server);
    await registry?.remove();
    await rm(state, { recursive: true, force: true });
  };
  try {
    const link = await signInLink(server);
    const session = await signIn(link);
    await untilRead(link.origin, session);
    if (registry) await untilFollowed(link.origin, session);
    await seedBehaviour(state);
    admission = await startAdmission(COMMAND, root, state);
    await untilDecided(link.origin, session);
    project.provide('address', link.origin);
    project.provide('session', session);
    project.provide('state', state);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function signInLink(server: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/sign-in\?code=[\w-]+/.exec(printed);
      if (found !== null) resolve(new URL(found[0]));
    });
    server.on('exit', (code) =>
      reject(new Error(`The server ended with ${code} before it printed a link:\n${printed}`)),
    );
  });
}

async function signIn(link: URL): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`The sign-in link gave no session: ${answer.status}`);
  return cookie;
}

async function untilRead(address: string, session: string): Promise<void> {
  const deadline = Date.now() + READING;
  while (Date.now() < deadline) {
    const answer = await fetch(`${address}/api/status`, { headers: { cookie: session } });
    const { progress } = (await answer.json()) as { progress: Progress };
    if (progress.stage === 'done') return;
    if (progress.stage === 'failed') throw new Error(progress.message);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The example estate was not read in ${READING} ms`);
}

/** A registry with a few images, where Debian's is installed. */
async function startRegistry(): Promise<DockerRegistry | undefined> {
  if (NO_DOCKER_REGISTRY !== '') return undefined;
  const registry = await startDockerRegistry();
  await pushImage(registry.address, 'shop/cart', '1.0', sampleImage(['musl', 'zlib'], { alpine: '3.10.2' }));
  await pushImage(registry.address, 'shop/cart', '1.1', sampleImage(['musl']));
  return registry;
}

async function untilFollowed(address: string, session: string): Promise<void> {
  const deadline = Date.now() + READING;
  while (Date.now() < deadline) {
    const answer = await fetch(`${address}/api/registries`, { headers: { cookie: session } });
    const { items } = (await answer.json()) as RegistryList;
    if (items.every(({ tags, waiting }) => tags > 0 && waiting === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The registry was not read in ${READING} ms`);
}

/** Decisions are written within moments of their answers. */
async function untilDecided(address: string, session: string): Promise<void> {
  const deadline = Date.now() + READING;
  while (Date.now() < deadline) {
    const answer = await fetch(`${address}/api/admission`, { headers: { cookie: session } });
    const { decisions } = (await answer.json()) as AdmissionView;
    if (decisions.length >= 3) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The webhook left no decisions in ${READING} ms`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill('SIGINT');
  await ended;
}
