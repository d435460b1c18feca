import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { choosePlatform, formatPlatform, type Platform } from '../registry/platform.ts';
import { type Engine, findDaemons } from './daemon-address.ts';
import { DaemonClient, nameOf } from './daemon-client.ts';

/** What an engine says of an image; all of it claims of the engine. */
const Inspected = z.object({
  Id: z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/),
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Os: z.string().optional(),
  Architecture: z.string().optional(),
  Variant: z.string().optional(),
});

/** An image of an engine, not yet read. */
export interface DaemonImage {
  client: DaemonClient;
  /** The name, as the engine is asked for it. */
  path: string;
  /** Absent where the engine does not say. */
  platform: Platform | undefined;
  /** `sha256:...` of the manifests under which the engine pulled or pushed it. */
  digests: string[];
}

const NAME = /^[A-Za-z0-9][\w.:/@-]{0,500}$/;
const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/**
 * Finds an image in an engine by its name or id; undefined where no engine that answers has it. Throws where an engine
 * is there and cannot be asked.
 */
export async function findImage(engine: Engine, name: string, signal: AbortSignal): Promise<DaemonImage | undefined> {
  for (const address of await findDaemons(engine)) {
    const client = new DaemonClient(engine, address, signal);
    const path = pathOf(name);
    const found = await client.document(`/images/${path}/json`, Inspected);
    if (found === undefined) continue;
    const digests = (found.RepoDigests ?? []).flatMap((text) => DIGEST.exec(text)?.[1] ?? []);
    const { Os: os, Architecture: architecture, Variant: variant } = found;
    const platform = os && architecture ? { os, architecture, ...(variant && { variant }) } : undefined;
    return { client, path, platform, digests: [...new Set(digests)] };
  }
  return undefined;
}

/** Whether an image is of the wanted platform. An engine has one image under a name. */
export function isFor({ platform }: DaemonImage, wanted: string | undefined): boolean {
  return wanted === undefined || platform === undefined || choosePlatform([{ platform }], wanted) !== undefined;
}

/** The same, where the engine was named: that it does not run, or has no such image, is an error. */
export async function requireImage(
  engine: Engine,
  name: string,
  platform: string | undefined,
  signal: AbortSignal,
): Promise<DaemonImage> {
  const found = await findImage(engine, name, signal);
  if (found !== undefined && isFor(found, platform)) return found;
  if (found?.platform !== undefined) {
    throw new UserError(`${nameOf(engine)} has ${name} for ${formatPlatform(found.platform)}, not for ${platform}`, {
      code: 'platform-missing',
      hint: `pull it with --platform ${platform}, or read it from the registry: registry:${name}`,
    });
  }
  throw (await findDaemons(engine)).length === 0
    ? notRunning(engine)
    : missing(`${nameOf(engine)} has no image ${name}`);
}

/** A name as part of a path of the API: nothing in it leads elsewhere. */
export function pathOf(name: string): string {
  if (!NAME.test(name) || name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw missing(`"${name.slice(0, 200)}" names nothing that an engine could have`);
  return name;
}

/** That there is no socket of an engine. */
export function notRunning(engine: Engine): UserError {
  const variable = engine === 'docker' ? 'DOCKER_HOST' : 'CONTAINER_HOST';
  return new UserError(`There is no socket of ${nameOf(engine)} on this machine`, {
    code: 'daemon-missing',
    hint: `start it, or set ${variable} to its address: unix:///run/user/1000/podman/podman.sock`,
  });
}

function missing(message: string): UserError {
  return new UserError(message, {
    code: 'image-not-found',
    hint: 'docker images, or podman images, lists what is there',
  });
}
