import { basename, dirname } from 'node:path/posix';
import { imageReference } from '@breakwater/engine/inventory';
import type { Dockerfile, Workload } from '@breakwater/model';

/**
 * The Dockerfile of each image that workloads name, by reference as written. A Dockerfile's folder has the name of what
 * it builds: `images/cart/Dockerfile` builds `registry.example/shop/cart`. Where several folders fit, none is taken.
 */
export function tieDockerfiles(
  workloads: readonly Workload[],
  dockerfiles: readonly Dockerfile[],
): Map<string, Dockerfile> {
  const byFolder = Map.groupBy(dockerfiles, (file) => basename(dirname(file.path)));
  const references = new Set(workloads.flatMap(({ containers }) => containers.map(({ image }) => image)));
  const tied = new Map<string, Dockerfile>();
  for (const reference of references) {
    const repository = imageReference(reference)?.repository;
    if (repository === undefined) continue;
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
