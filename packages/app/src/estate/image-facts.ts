import { imagesOf, workloadsOf } from '@breakwater/engine/inventory';
import type { CompiledPolicy, VulnerabilityFact } from '@breakwater/engine/policy';
import type { Image, ManifestObject } from '@breakwater/model';
import { type JudgedImage, vulnerabilityFacts } from './judge-image.ts';
import type { PolicySet } from './policy-set.ts';

/** What is known of the images that an object runs; what is left out is unknown. */
export interface ImageFacts {
  /** The image, where it runs one alone. */
  image?: Image;
  /** Those of all its images. */
  vulnerabilities?: readonly VulnerabilityFact[];
}

const NOTHING: ImageFacts = {};

/**
 * Facts of images for policies that ask for them together with those of the workload, by workload id. They are known
 * where every image that it runs was read and matched whole.
 */
export function imageFacts(
  objects: readonly ManifestObject[],
  judged: readonly JudgedImage[],
  set: PolicySet,
): (id: string) => ImageFacts {
  if (judged.length === 0 || !set.policies.some(asksForBoth)) return () => NOTHING;
  const byId = new Map(judged.map((entry) => [entry.image.id, entry]));
  const { workloads } = workloadsOf([...objects]);
  const tied = imagesOf(
    workloads,
    judged.map(({ image }) => image),
  );
  return (id) => {
    const run = tied.get(id) ?? [];
    const images = [...new Set(run.map(({ image }) => (image === undefined ? undefined : byId.get(image.id))))];
    const whole = images.filter((entry) => entry !== undefined && entry.image.unknowns.length === 0) as JudgedImage[];
    if (whole.length === 0 || whole.length < images.length) return NOTHING;
    const [only, ...others] = whole as [JudgedImage, ...JudgedImage[]];
    return {
      vulnerabilities: whole.flatMap((entry) => vulnerabilityFacts(entry, set)),
      ...(others.length === 0 ? { image: only.image } : {}),
    };
  };
}

const asksForBoth = ({ about, facts }: CompiledPolicy): boolean =>
  about === 'workload' && (facts.has('vulnerabilities') || facts.has('image'));
