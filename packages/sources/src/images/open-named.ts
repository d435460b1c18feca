import { lstat } from 'node:fs/promises';
import { UserError } from '@breakwater/model';
import type { Engine } from './daemon/daemon-address.ts';
import type { OpenOptions } from './open-options.ts';
import { type OpenedTarget, openTarget } from './open-target.ts';
import { parseReference, type Reference } from './registry/reference.ts';
import type { StoredImage } from './stores/stored-image.ts';
import { type Scheme, splitScheme } from './target-scheme.ts';

/**
 * Opens a target: what its scheme says; else the file or folder of that name; else the image of that name that Docker,
 * Podman or the storage of containers on this machine has, in this order; else the registry's. What is at hand counts
 * before what must be fetched, as with every tool that runs images; the image says where it was taken from.
 */
export async function openNamed(target: string, options: OpenOptions): Promise<OpenedTarget> {
  const named = splitScheme(target);
  if (named !== undefined) return openScheme(named.scheme, named.name, target, options);
  const reference = parseReference(target);
  if (reference === undefined || (await lstat(target).catch(() => undefined)) !== undefined)
    return openTarget(target, options.release);
  return (await openLocal(target, options)) ?? (await openFromRegistry(reference, options));
}

async function openScheme(scheme: Scheme, name: string, target: string, options: OpenOptions): Promise<OpenedTarget> {
  switch (scheme) {
    case 'docker':
    case 'podman':
      return openFromEngine(scheme, name, target, options);
    case 'containers-storage':
    case 'docker-storage': {
      const image = await findStored(scheme, name);
      if (image === undefined) throw notStored(scheme, name);
      return openStored(image, scheme, target, options);
    }
    case 'container':
      return openContainerNamed(name, target, options);
    case 'repository': {
      const { openRepository } = await import('./repository/open-repository.ts');
      return openRepository(name);
    }
    case 'rootfs':
      return openTarget(name, options.release);
    case 'registry': {
      const reference = parseReference(name);
      if (reference === undefined) throw notNamed(name);
      return openFromRegistry(reference, options);
    }
  }
}

/** Of Docker, of Podman, or, where no service of Podman answers, of its storage. */
async function openContainerNamed(name: string, target: string, options: OpenOptions): Promise<OpenedTarget> {
  const { openContainer } = await import('./daemon/open-container.ts');
  const { openStoredContainer } = await import('./stores/stored-container.ts');
  const inStorage = name.startsWith('[');
  const opened = inStorage ? undefined : await openContainer(name, target, options.signal);
  const found = opened ?? (await openStoredContainer(name, target, options));
  if (found !== undefined) return found;
  throw new UserError(`Neither Docker nor Podman has a container ${name}`, {
    code: 'container-not-found',
    hint: 'docker ps --all, or podman ps --all, lists what is there',
  });
}

/** An engine that is there and cannot be asked is passed over: the registry may have the image. */
async function openLocal(name: string, options: OpenOptions): Promise<OpenedTarget | undefined> {
  const { platform, signal } = options;
  const { findImage, isFor } = await import('./daemon/find-image.ts');
  const { openDaemonImage } = await import('./daemon/open-daemon-image.ts');
  for (const engine of ['docker', 'podman'] as const) {
    const image = await findImage(engine, name, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (image !== undefined && isFor(image, platform)) return openDaemonImage(image, name);
  }
  if (platform !== undefined) return undefined;
  const stored = await findStored('containers-storage', name).catch(() => undefined);
  if (stored === undefined) return undefined;
  return openStored(stored, 'containers-storage', name, options);
}

/** Podman needs no service to have images: where none answers, its storage is read. */
async function findWithoutService(name: string): Promise<StoredImage | undefined> {
  const { findDaemons } = await import('./daemon/daemon-address.ts');
  return (await findDaemons('podman')).length > 0 ? undefined : findStored('containers-storage', name);
}

async function openStored(
  image: StoredImage,
  source: 'containers-storage' | 'docker-storage',
  target: string,
  options: OpenOptions,
): Promise<OpenedTarget> {
  const { openStoredImage } = await import('./stores/open-stored-image.ts');
  return openStoredImage(image, source, target, options);
}

async function findStored(
  scheme: 'containers-storage' | 'docker-storage',
  name: string,
): Promise<StoredImage | undefined> {
  if (scheme === 'docker-storage') return (await import('./stores/docker-storage.ts')).findInDockerStorage(name);
  return (await import('./stores/containers-storage.ts')).findInContainersStorage(name);
}

function notStored(scheme: Scheme, name: string): UserError {
  const where = scheme === 'docker-storage' ? "Docker's storage" : "the containers' storage";
  return new UserError(`There is no image ${name} in ${where} of this machine, or this user may not read it`, {
    code: 'image-not-found',
    hint: `name the folder where it is another: ${scheme}:[/data/storage]app:1`,
  });
}

async function openFromEngine(
  engine: Engine,
  name: string,
  target: string,
  options: OpenOptions,
): Promise<OpenedTarget> {
  const { platform, signal } = options;
  const { requireImage } = await import('./daemon/find-image.ts');
  const stored = engine === 'podman' ? await findWithoutService(name) : undefined;
  if (stored !== undefined) return openStored(stored, 'containers-storage', target, options);
  const { openDaemonImage } = await import('./daemon/open-daemon-image.ts');
  return openDaemonImage(await requireImage(engine, name, platform, signal), target);
}

async function openFromRegistry(reference: Reference, options: OpenOptions): Promise<OpenedTarget> {
  const { openReference } = await import('./registry/open-reference.ts');
  return openReference(reference, options.platform, { ...options.registry, ...options });
}

function notNamed(name: string): UserError {
  return new UserError(`"${name.slice(0, 200)}" does not name an image`, {
    code: 'reference-malformed',
    hint: 'write it as registry.example/team/app:1',
  });
}
