import type { Image } from '@breakwater/model';
import { formatPurl } from '@breakwater/model';
import { type BillProperty, listed } from './property.ts';

/** What is told of the image under our names: reading it gives the same image. */
export function imageProperties(image: Image): BillProperty[] {
  const { platform, config, layers, base } = image;
  return listed([
    ['breakwater:image:base', base && JSON.stringify(base)],
    ['breakwater:image:config', config && JSON.stringify(config)],
    ['breakwater:image:files', image.fileCount === 0 ? undefined : String(image.fileCount)],
    ['breakwater:image:id', image.id],
    ...layers.map((layer) => ['breakwater:image:layer', JSON.stringify(layer)] as const),
    ...image.manifestDigests.map((digest) => ['breakwater:image:manifest-digest', digest] as const),
    [
      'breakwater:image:platform',
      platform && [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/'),
    ],
    ...image.references.map((reference) => ['breakwater:image:reference', reference] as const),
    ['breakwater:image:target', image.target],
    ...image.unknowns.map(({ code, message }) => ['breakwater:unknown', `${code}: ${message}`] as const),
  ]);
}

/** What Trivy reads of an image, under its names without their prefix. */
export function trivyImageProperties(image: Image): BillProperty[] {
  const hasConfig = image.config !== undefined && image.source !== 'sbom';
  return listed([
    ...image.layers.map(({ diffId }) => ['DiffID', diffId] as const),
    ['ImageID', hasConfig ? image.id : undefined],
    ...image.references.map((reference) => ['RepoTag', reference] as const),
  ]);
}

/** What is told of the operating system under our names. */
export function systemProperties(distribution: NonNullable<Image['distribution']>): BillProperty[] {
  const { codename, name, ecosystem, like, pointRelease } = distribution;
  return listed([
    ['breakwater:distribution:codename', codename],
    ['breakwater:distribution:ecosystem', ecosystem],
    ['breakwater:distribution:like', like?.join(' ')],
    ['breakwater:distribution:name', name],
    ['breakwater:distribution:point-release', pointRelease],
  ]);
}

/** `pkg:oci/cart@sha256:...?repository_url=registry.example/shop/cart&tag=1`; undefined where it has no digest or name. */
export function imagePurl({ references, manifestDigests, platform }: Image): string | undefined {
  const [digest] = manifestDigests;
  const [, repository = '', tag = ''] = /^([^@\s]+?)(?::([^/:@\s]+))?(?:@\S+)?$/.exec(references[0] ?? '') ?? [];
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  if (digest === undefined || name === '') return undefined;
  return formatPurl({
    type: 'oci',
    name: name.toLowerCase().toWellFormed(),
    version: digest,
    qualifiers: {
      repository_url: repository.toWellFormed(),
      tag: tag.toWellFormed(),
      arch: platform?.architecture ?? '',
    },
  });
}
