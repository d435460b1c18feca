import { createOwnership, tieEvents } from '@breakwater/engine/evidence';
import type { PermissionStep } from '@breakwater/engine/identity';
import { imageKey, sameImage } from '@breakwater/engine/inventory';
import type { EventSurroundings } from '@breakwater/engine/policy/events';
import type { EstateFacts } from '@breakwater/engine/risk';
import {
  type Component,
  type Dockerfile,
  type Exposure,
  type Image,
  type RuntimeEvent,
  type Workload,
  workloadId,
} from '@breakwater/model';

/** What build and deploy know of the container that an event is of. */
export interface Surroundings extends EventSurroundings {
  workload?: string;
  definition?: Workload;
  image?: Image;
  /** Recipe of the image, where it is among what was read. */
  dockerfile?: Dockerfile;
  exposure?: readonly Exposure[];
  /** Identity whose token the workload's pods hold, and what it may do. */
  identity?: { name: string; steps: readonly PermissionStep[] };
  /** The packages that own a file of the image. */
  componentsOf?: (path: string) => readonly Component[];
}

const MOST_KEPT = 10_000;

/** Finds what an estate, and images that were read, know of an event's container. Events of one container are answered alike, and once. */
export function estateSurroundings(
  facts: EstateFacts,
  images: readonly Image[],
): (event: RuntimeEvent) => Surroundings {
  const tie = tieEvents(facts.workloads);
  const lookup = new ImageLookup(facts, images);
  const objects = new Map(facts.objects.map((entry) => [workloadId(entry), entry.object]));
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const exposures = Map.groupBy(facts.reachability.exposures, ({ workload }) => workload);
  const kept = new Map<string, Surroundings>();
  return (event) => {
    const { container, pod } = event;
    const key = [container?.id, container?.name, container?.image, pod?.namespace, pod?.name].join('\0');
    let found = kept.get(key);
    if (found !== undefined) return found;
    const { workload } = tie(event);
    const image = lookup.find(event, workload);
    const object = workload === undefined ? undefined : objects.get(workload);
    const definition = workload === undefined ? undefined : workloads.get(workload);
    const identity = workload === undefined ? undefined : identityOf(facts, workload);
    found = {
      ...(workload !== undefined && { workload, exposure: exposures.get(workload) ?? [] }),
      ...(definition && { definition }),
      ...(object && { object }),
      ...(identity && { identity }),
      ...image,
    };
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, found);
    return found;
  };
}

function identityOf({ identity }: EstateFacts, workload: string): Surroundings['identity'] {
  const id = identity.tokens.get(workload);
  const found = id === undefined ? undefined : identity.identities.find((one) => one.id === id);
  if (found === undefined) return undefined;
  return {
    name: `${found.namespace}/${found.name}`,
    steps: identity.steps.filter((step) => step.identity === found.id),
  };
}

type ImageSurroundings = Pick<Surroundings, 'image' | 'dockerfile' | 'ownersOf' | 'componentsOf'>;

/** Images by what runtimes and workloads call them; the files of one are indexed when an event of it comes. */
class ImageLookup {
  readonly #facts: EstateFacts;
  readonly #images: readonly Image[];
  readonly #known = new Map<Image, ImageSurroundings>();

  constructor(facts: EstateFacts, images: readonly Image[]) {
    this.#facts = facts;
    this.#images = images;
  }

  find({ container }: RuntimeEvent, workload: string | undefined): ImageSurroundings {
    const running = workload === undefined ? [] : (this.#facts.images.get(workload) ?? []);
    const named =
      running.find((one) => one.container === container?.name) ?? (running.length === 1 ? running[0] : undefined);
    const image = named?.image ?? this.#byName(container);
    return image === undefined ? {} : this.#surroundings(image, named?.reference ?? container?.image ?? '');
  }

  #byName(container: RuntimeEvent['container']): Image | undefined {
    if (container === undefined) return undefined;
    const { imageDigest, image: reference } = container;
    return this.#images.find(
      (image) =>
        image.id === imageDigest ||
        (imageDigest !== undefined && image.manifestDigests.includes(imageDigest)) ||
        (reference !== undefined && sameImage(reference, image)),
    );
  }

  #surroundings(image: Image, reference: string): ImageSurroundings {
    const known = this.#known.get(image);
    if (known !== undefined) return known;
    const ownership = createOwnership(image.components);
    const byId = new Map(image.components.map((component) => [component.id, component]));
    const componentsOf = (path: string): Component[] => ownership.owners(path).flatMap((id) => byId.get(id) ?? []);
    const dockerfile = this.#dockerfile(image, reference);
    const found = {
      image,
      ...(dockerfile && { dockerfile }),
      componentsOf,
      ownersOf: (path: string) => componentsOf(path).map(({ name }) => name),
    };
    this.#known.set(image, found);
    return found;
  }

  #dockerfile(image: Image, reference: string): Dockerfile | undefined {
    const recipes = this.#facts.dockerfiles;
    const keys = new Set([reference, ...image.references].map((text) => imageKey(text)));
    return recipes?.get(reference) ?? [...(recipes ?? [])].find(([name]) => keys.has(imageKey(name)))?.[1];
  }
}
