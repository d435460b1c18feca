import type { Image, Layer } from '@breakwater/model';
import type { BillSubject } from './bill.ts';

const DIGEST = /sha256:[0-9a-f]{64}$/;
const ARCHIVE = /\.(?:tar|tgz|gz|zst|sif)$|^[./]/;

/** Names and digests of an image, each once and only what is one. */
export function describedImage({
  references,
  manifests,
  layers,
}: {
  references: readonly string[];
  manifests: readonly string[];
  layers: readonly string[];
}): Pick<BillSubject, 'references' | 'manifestDigests' | 'layers' | 'fileCount'> {
  return {
    references: [...new Set(references)].filter((reference) => reference !== ''),
    manifestDigests: [...new Set(manifests.map(digestOf).filter((found) => found !== undefined))],
    layers: [...new Set(layers.map(digestOf))].flatMap((diffId): Layer[] => (diffId ? [{ diffId, size: 0 }] : [])),
    fileCount: 0,
  };
}

/** The digest at the end of a reference, or the digest that the text is. */
export function digestOf(text: string): Image['id'] | undefined {
  return DIGEST.exec(text)?.[0];
}

/** Whether the name of an image is that of a file it was read from. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}
