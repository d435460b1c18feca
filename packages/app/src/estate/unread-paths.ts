import { resolve, sep } from 'node:path';
import type { Unknown } from '@breakwater/model';

const whereIs = (source: string): string => resolve(source.replace(/^(?:repository|rootfs):/, ''));

/** Given paths of which nothing was read: `sources` are all files and repositories that gave something, or an unknown. */
export function unreadPaths(paths: readonly string[], sources: Iterable<string>): Unknown[] {
  const read = [...new Set(sources)].map(whereIs);
  return paths
    .filter((path) => {
      const whole = whereIs(path);
      const below = whole.endsWith(sep) ? whole : whole + sep;
      return !read.some((source) => source === whole || source.startsWith(below));
    })
    .map((path) => ({
      code: 'nothing-recognised',
      message: `Nothing in ${path} was recognised.`,
      place: { source: path },
      hint: 'Name Kubernetes manifests, Compose files, ECS task definitions, Marathon apps, an image archive or layout, lock files, an SBOM (CycloneDX, SPDX), or recorded events; a folder of programs is read as rootfs:FOLDER.',
    }));
}
