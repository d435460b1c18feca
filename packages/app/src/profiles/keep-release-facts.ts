import { existsSync } from 'node:fs';
import { releaseFacts } from '@breakwater/engine/behaviour';
import type { EstateFacts } from '@breakwater/engine/risk';
import {
  type Container,
  type Image,
  type JsonObject,
  subjectOfWorkload,
  subjectWithoutCluster,
  type Workload,
  workloadId,
} from '@breakwater/model';
import { namesOf } from '../registries/image-uses.ts';
import type { BehaviourStore } from './kept/index.ts';

/** Where facts of releases are kept, and what is remembered of how they were found. */
export interface ReleaseFactsStore {
  behaviour: Pick<BehaviourStore, 'writeFacts'>;
  readDocument(kind: string, name: string): Promise<unknown>;
  writeDocument(kind: string, name: string, document: unknown): Promise<void>;
}

export interface KeepReleaseFactsOptions {
  /** ISO 8601. */
  now: string;
  /** Folder for what was read of layers. */
  cache: string;
  signal: AbortSignal;
}

interface Running {
  /** As events call it that name its cluster, and those that name none. */
  subjects: string[];
  workload: Workload;
  container: Container;
  object: JsonObject | undefined;
  image: Image;
  /** Of what is known without the image's programs: where it is the same, all is. */
  state: string;
}

/** Where its programs can be read again without asking anybody. */
const AT_HAND: ReadonlySet<Image['source']> = new Set([
  'docker-archive',
  'oci-layout',
  'oci-archive',
  'docker',
  'podman',
  'containers-storage',
  'docker-storage',
]);
const KIND = 'release-facts';
const NAME = 'estate';
/** Milliseconds for which one image is read: one that takes longer explains by its packages and settings alone. */
const PATIENCE = 120_000;

/**
 * Keeps what an estate tells of the releases that its workloads run, so that those who learn can explain by it what is new.
 * Images are read once more for their programs, one after the other, and only those of releases that are not kept yet.
 * Gives how many were kept.
 */
export async function keepReleaseFacts(
  estate: Pick<EstateFacts, 'objects' | 'workloads' | 'images'>,
  store: ReleaseFactsStore,
  { now, cache, signal }: KeepReleaseFactsOptions,
): Promise<number> {
  const running = runningIn(estate);
  const known = new Map(Object.entries(((await store.readDocument(KIND, NAME)) ?? {}) as Record<string, string>));
  const fresh = running.filter((one) => known.get(placeOf(one)) !== one.state);
  for (const [target, own] of Map.groupBy(fresh, ({ image }) => image.target)) {
    signal.throwIfAborted();
    const read = await readPrograms(target, own, cache, signal);
    const kept = own.flatMap(({ subjects, container, workload, object, image }) => {
      const facts = releaseFacts({ image: read.get(image.id) ?? image, container, workload, object });
      const images = imageNames(image, container);
      return subjects.map((subject) => ({ subject, container: container.name, images, facts }));
    });
    await store.behaviour.writeFacts(kept, now);
    for (const one of own) known.set(placeOf(one), one.state);
  }
  const left = running.map((one) => [placeOf(one), known.get(placeOf(one))]);
  if (fresh.length > 0) await store.writeDocument(KIND, NAME, Object.fromEntries(left));
  return fresh.length;
}

function runningIn({ objects, workloads, images }: Pick<EstateFacts, 'objects' | 'workloads' | 'images'>): Running[] {
  const declared = new Map(objects.map((one) => [workloadId(one), one.object]));
  return workloads.flatMap((workload): Running[] => {
    const byName = new Map(workload.containers.map((container) => [container.name, container]));
    const own = subjectOfWorkload(workload);
    const subjects = [...new Set([own, subjectWithoutCluster(own)])];
    return (images.get(workload.id) ?? []).flatMap(({ container: name, image }): Running[] => {
      const container = byName.get(name);
      if (container === undefined || image === undefined) return [];
      const object = declared.get(workload.id);
      const state = releaseFacts({ image, container, workload, object }).id;
      return [{ subjects, workload, container, object, image, state }];
    });
  });
}

const placeOf = ({ workload, container, image }: Running): string =>
  JSON.stringify([workload.id, container.name, image.id]);

/** By id, the images of a target with their programs; none where they are not at hand. */
async function readPrograms(
  target: string,
  [first]: readonly Running[],
  cache: string,
  signal: AbortSignal,
): Promise<Map<string, Image>> {
  if (first === undefined || !AT_HAND.has(first.image.source)) return new Map();
  const { readImages } = await import('@breakwater/sources/images');
  // Behind the path of what holds several images is which of them it is.
  const path = existsSync(target) || !target.includes('#') ? target : target.slice(0, target.lastIndexOf('#'));
  const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const read = await readImages(path, { release: true, cache, signal: ends }).catch(() => undefined);
  signal.throwIfAborted();
  return new Map(read?.images.map((image) => [image.id, image]));
}

/** What events may call it. */
const imageNames = (image: Image, { image: reference }: Container): string[] => [
  image.id,
  ...image.manifestDigests,
  reference,
  ...namesOf(reference),
];
