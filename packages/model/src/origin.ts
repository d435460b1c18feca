import { z } from 'zod';
import type { Component } from './component.ts';
import type { Image } from './image.ts';

/** Which part of an image a component came with, and by which step: tells who can mend it. */
export const ComponentOrigin = z.object({
  /** Number of the layer, the lowest is 1. */
  layer: z.number().int().positive(),
  /** Whether the base image brought it; absent where it is not known which layers are the base image's. */
  fromBase: z.boolean().optional(),
  /** Name of the base image, where that brought it and its name is known. */
  baseName: z.string().optional(),
  /** Dockerfile step of the layer, as people write it. */
  step: z.string().optional(),
});
export type ComponentOrigin = z.infer<typeof ComponentOrigin>;

/** Where in an image a component came from; undefined where that is not known, or where there is but one layer without a step. */
export function originOf(
  { layers, base }: Pick<Image, 'layers' | 'base'>,
  { layer }: Pick<Component, 'layer'>,
): ComponentOrigin | undefined {
  const index = layer === undefined ? -1 : layers.findIndex(({ diffId }) => diffId === layer);
  const createdBy = layers[index]?.createdBy;
  if (index === -1 || (layers.length === 1 && createdBy === undefined)) return undefined;
  const fromBase = base?.layers === undefined ? undefined : index < base.layers;
  return {
    layer: index + 1,
    ...(fromBase !== undefined && { fromBase }),
    ...(fromBase && base?.name !== undefined && { baseName: base.name }),
    ...(createdBy !== undefined && { step: formatStep(createdBy) }),
  };
}

/**
 * A step of an image's history as its Dockerfile has it, without what builders put around it. The text is a stranger's:
 * no pattern may read it in more than one way.
 */
export function formatStep(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/^(?:RUN )?(?:\|\d+ (?:[^\s=]+=\S* )*)?\/bin\/sh -c\s+/, 'RUN ')
    .replace(/# buildkit$/, '')
    .trim();
}

/** What is known of the base image, in words: "docker.io/library/alpine:3.10, the lowest 2 of 5 layers". */
export function describeBase({ base, layers }: Pick<Image, 'layers' | 'base'>): string | undefined {
  if (base === undefined) return undefined;
  const name = base.name ?? (base.digest === undefined ? 'of unknown name' : base.digest);
  const share = base.layers === undefined ? '' : `, the lowest ${base.layers} of ${layers.length} layers`;
  return `${name}${share}${base.confidence === 'high' ? '' : ` (${WORDS[base.confidence]}: ${WHY[base.evidence]})`}`;
}

const WORDS = { medium: 'likely', low: 'a guess' };
const WHY = {
  annotation: 'an annotation says so',
  label: 'a label says so, and labels are inherited',
  history: 'by the order of steps in its history',
  'known-image': 'another image that was read has the same layers',
};
