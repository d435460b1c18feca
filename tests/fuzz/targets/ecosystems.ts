import { Component, Unknown } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { ecosystems } from '../../../packages/sources/src/ecosystems/all.ts';
import { detectDistribution } from '../../../packages/sources/src/ecosystems/distribution/detect-distribution.ts';
import type { Ecosystem } from '../../../packages/sources/src/ecosystems/ecosystem.ts';
import { ImageTree } from '../../../packages/sources/src/images/child/image-tree.ts';
import { LayerContents } from '../../../packages/sources/src/images/child/layer-contents.ts';
import { filesOf, wantedBy } from '../../../packages/sources/src/images/child/wanted-files.ts';
import type { FuzzTarget, Seed } from '../target.ts';

type Files = Record<string, string | Uint8Array>;

/** Every ecosystem: its seeds are the examples of its capabilities, of which one file is changed at a time. */
export const ecosystemTargets: FuzzTarget[] = ecosystems.map((ecosystem) => ({
  name: `ecosystem-${ecosystem.name}`,
  seeds: () => seedsOf(ecosystem),
  labelOf: (path) => suffixes(path).find((end) => ecosystem.wants(end)),
  parse: ({ label, bytes }) => {
    const { files, path } = exampleOf(ecosystem, label);
    return readFiles(ecosystem, { ...files, [path]: bytes });
  },
  // An archive may hold a hundred times what it takes.
  ...(ecosystem.distil === undefined ? {} : { floor: 2000 }),
}));

function seedsOf({ capabilities }: Ecosystem): Seed[] {
  return capabilities.examples.flatMap(({ title, files }) =>
    Object.entries(files)
      .filter(([path, content]) => content.length > 0 && !path.startsWith('etc/os-release'))
      .map(([path, content]) => ({ label: `${title}: ${path}`, bytes: Buffer.from(content as string) })),
  );
}

/** The files around the changed one; a label that is no example's is the path of a file that stands alone. */
function exampleOf({ capabilities }: Ecosystem, label: string): { files: Files; path: string } {
  for (const { title, files } of capabilities.examples) {
    if (label.startsWith(`${title}: `)) return { files, path: label.slice(title.length + 2) };
  }
  return { files: {}, path: label };
}

/** `a/b/c`, `b/c`, `c`: a file of a folder of samples may stand anywhere in an image. */
function suffixes(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(index).join('/'));
}

/** Reads the files as those of an image, and throws where what comes out breaks its schema. */
function readFiles(ecosystem: Ecosystem, files: Files): void {
  const contents = new LayerContents(wantedBy([ecosystem]), { left: 160 * 1024 ** 2 });
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const sink = contents.visit({ name, type: 'file', size: bytes.length, mode: 0o644, link: '', sparse: false });
    sink?.write(bytes);
    sink?.end();
  }
  const tree = new ImageTree([contents]);
  const distribution = detectDistribution((path) => tree.read(path)?.toString('utf8'));
  const { components, unknowns } = ecosystem.parse(filesOf(ecosystem, tree, new Map()), {
    target: 'fuzz',
    tree,
    ...(distribution !== undefined && { distribution }),
  });
  Component.array().parse(components);
  Unknown.array().parse(unknowns);
  for (const { purl } of components) {
    if (parsePurl(purl) === undefined) throw new Error(`purl that cannot be read back: ${purl}`);
  }
}
