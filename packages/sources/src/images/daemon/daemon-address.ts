import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { hostOf } from '../../http/addresses.ts';
import { isLoopback } from '../registry/authorize.ts';

export type Engine = 'docker' | 'podman';

/** Where the API of an engine is: a socket, or a port of this machine. */
export type DaemonAddress = { socketPath: string } | { host: string; port: number };

type Environment = NodeJS.ProcessEnv;

const Config = z.object({ currentContext: z.string().optional() });
const Context = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * Where an engine may answer, the likeliest first, as its own client looks: `DOCKER_HOST` or the context of `docker
 * context`, `CONTAINER_HOST`; else the sockets that are there, of the user (rootless) and of the machine. Throws
 * `UserError` for an address that is set, but no socket and no port of this machine.
 */
export async function findDaemons(engine: Engine, environment: Environment = process.env): Promise<DaemonAddress[]> {
  const named = engine === 'podman' ? environment['CONTAINER_HOST'] : await dockerHost(environment);
  if (named !== undefined && named !== '') return [parseAddress(named)];
  const sockets = engine === 'podman' ? podmanSockets(environment) : dockerSockets(environment);
  const found = await Promise.all(sockets.map((path) => stat(path).catch(() => undefined)));
  return sockets.filter((_, index) => found[index]?.isSocket()).map((socketPath) => ({ socketPath }));
}

function dockerSockets(environment: Environment): string[] {
  return [
    '/var/run/docker.sock',
    join(runtimeFolder(environment), 'docker.sock'),
    join(homeOf(environment), '.docker/run/docker.sock'),
  ];
}

function podmanSockets(environment: Environment): string[] {
  const own = join(runtimeFolder(environment), 'podman/podman.sock');
  return process.getuid?.() === 0 ? ['/run/podman/podman.sock', own] : [own, '/run/podman/podman.sock'];
}

function runtimeFolder({ XDG_RUNTIME_DIR }: Environment): string {
  return XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`;
}

function homeOf({ HOME }: Environment): string {
  return HOME || homedir();
}

async function dockerHost(environment: Environment): Promise<string | undefined> {
  const { DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG } = environment;
  if (DOCKER_HOST) return DOCKER_HOST;
  const folder = DOCKER_CONFIG || join(homeOf(environment), '.docker');
  const name = DOCKER_CONTEXT || (await readJson(join(folder, 'config.json'), Config))?.currentContext;
  if (name === undefined || name === '' || name === 'default') return undefined;
  const digest = createHash('sha256').update(name).digest('hex');
  const context = await readJson(join(folder, 'contexts/meta', digest, 'meta.json'), Context);
  return context?.Endpoints.docker.Host;
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function parseAddress(text: string): DaemonAddress {
  if (text.startsWith('unix://')) return { socketPath: text.slice('unix://'.length) };
  const url = URL.parse(text);
  if (url !== null && ['tcp:', 'http:'].includes(url.protocol) && isLoopback(hostOf(url)))
    return { host: hostOf(url), port: Number(url.port || 2375) };
  throw new UserError(`The address ${text} of a container engine is no socket and no port of this machine`, {
    code: 'daemon-address-unsupported',
    hint: 'forward it to a socket: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST, and name it as unix:///tmp/docker.sock',
  });
}
