import { resolve, sep } from 'node:path';
import type { Unknown } from '@breakwater/model';
import type { OtherFile } from '@breakwater/sources/manifests';

/** What each format of workloads that is recognised, but not read, is called. */
const FORMATS: Partial<Record<OtherFile['kind'], string>> = {
  compose: 'a Compose file',
  ecs: 'an ECS task definition',
  marathon: 'a Marathon application',
};

/** Files that define workloads in a format that is not read: nobody may take them for judged. */
export function unreadFormats(files: readonly OtherFile[]): Unknown[] {
  return files.flatMap(({ path, kind }) => {
    const format = FORMATS[kind];
    if (format === undefined) return [];
    return [
      {
        code: 'format-unsupported',
        message: `${path} is ${format}, which is not read yet: what it runs was not judged.`,
        place: { source: path },
        hint: 'Give the Kubernetes manifests, or the images themselves.',
      },
    ];
  });
}

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
      hint: 'Name Kubernetes manifests, an image archive or layout, lock files, an SBOM (CycloneDX, SPDX), or recorded events; a folder of programs is read as rootfs:FOLDER.',
    }));
}
