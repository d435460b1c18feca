import type { Container, Image, Workload } from '@breakwater/model';
import { imageKey, imageReference } from './image-reference.ts';

/** A container with the image it runs, where that was read. */
export interface ContainerImage {
  container: Container;
  /** As written in the manifest. */
  reference: string;
  image?: Image;
}

/**
 * Whether a manifest's reference names this image. A digest decides where the image knows its own; else name and tag as the
 * archive gives them, without the registries that builders put in front of local images (`docker.io/library`, `localhost`).
 */
export function sameImage(reference: string, image: Image): boolean {
  const wanted = imageReference(reference);
  if (wanted === undefined) return false;
  if (wanted.digest !== undefined) {
    const digests = digestsOf(image);
    if (digests.includes(wanted.digest)) return true;
    if (digests.length > 1 || wanted.tag === undefined) return false;
  }
  const key = imageKey(reference);
  return image.references.some((text) => imageKey(text) === key);
}

/** The images of every workload's containers, in the order of the containers. Time grows with containers plus images. */
export function imagesOf(workloads: readonly Workload[], images: readonly Image[]): Map<string, ContainerImage[]> {
  const index = new ImageIndex(images);
  return new Map(workloads.map(({ id, containers }) => [id, containers.map((container) => index.imageOf(container))]));
}

class ImageIndex {
  readonly #candidates = new Map<string, Image[]>();

  constructor(images: readonly Image[]) {
    for (const image of images) {
      const keys = new Set([...digestsOf(image), ...image.references.map(imageKey)]);
      for (const key of keys) if (key !== undefined) this.#add(key, image);
    }
  }

  imageOf(container: Container): ContainerImage {
    const reference = container.image;
    const keys = [imageReference(reference)?.digest, imageKey(reference)];
    const candidates = keys.flatMap((key) => (key === undefined ? [] : (this.#candidates.get(key) ?? [])));
    const image = candidates.find((candidate) => sameImage(reference, candidate));
    return image === undefined ? { container, reference } : { container, reference, image };
  }

  #add(key: string, image: Image): void {
    const known = this.#candidates.get(key);
    if (known === undefined) this.#candidates.set(key, [image]);
    else known.push(image);
  }
}

/* The config's digest, and those of manifests: whichever an image names itself by. */
function digestsOf({ id, manifestDigests, references }: Image): string[] {
  const named = references.flatMap((text) => imageReference(text)?.digest ?? []);
  return [...new Set([id, ...manifestDigests, ...named])];
}
