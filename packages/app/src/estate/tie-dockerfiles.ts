import { basename, dirname } from 'node:path/posix';
import { imageReference } from '@breakwater/engine/inventory';
import type { Dockerfile, Workload } from '@breakwater/model';

/**
 * The Dockerfile of each image that workloads name, by reference as written. A Dockerfile's folder has the name of what
 * it builds: `images/cart/Dockerfile` builds `registry.example/shop/cart`. Where several folders fit, none is taken. What a
 * Compose file names as its build comes first.
 */
export function tieDockerfiles(
  workloads: readonly Workload[],
  dockerfiles: readonly Dockerfile[],
): Map<string, Dockerfile> {
  const byFolder = Map.groupBy(dockerfiles, (file) => basename(dirname(file.path)));
  const references = new Set(workloads.flatMap(({ containers }) => containers.map(({ image }) => image)));
  const tied = new Map(namedRecipes(workloads, dockerfiles));
  for (const reference of references) {
    const repository = imageReference(reference)?.repository;
    if (repository === undefined || tied.has(reference)) continue;
    const name = basename(repository);
    const exact = byFolder.get(name) ?? [];
    const suffix = [...byFolder]
      .filter(([folder]) => folder !== '.' && name.endsWith(`-${folder}`))
      .flatMap(([, files]) => files);
    const [file, ...others] = exact.length > 0 ? exact : suffix;
    if (file && others.length === 0) tied.set(reference, file);
  }
  return tied;
}

/** Dockerfiles that manifests name themselves, by the image that they make. */
function* namedRecipes(
  workloads: readonly Workload[],
  dockerfiles: readonly Dockerfile[],
): Generator<[string, Dockerfile]> {
  const byPath = new Map(dockerfiles.map((file) => [file.path, file]));
  for (const { image, recipe } of workloads.flatMap(({ containers }) => containers)) {
    const file = recipe === undefined ? undefined : byPath.get(recipe);
    if (file !== undefined) yield [image, file];
  }
}
