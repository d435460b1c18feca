import type { Image, VexSubject } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { inVersRange } from './vers-range.ts';

const DIGEST = /sha(?:256|512):[0-9a-f]{64,128}/i;

/**
 * Whether a subject is an image: by one of its digests, by a reference with or without a tag, as a purl of a registry
 * (`pkg:oci/cart@sha256:...`), or as the distribution in it by its CPE.
 */
export function fitsImage({ names, versions }: VexSubject, image: Image): 'digest' | 'name' | undefined {
  const digests = new Set([image.id, ...image.manifestDigests].map((digest) => digest.toLowerCase()));
  let fits: 'name' | undefined;
  for (const name of names) {
    const digest = DIGEST.exec(name.replace(/%3A/gi, ':'))?.[0]?.toLowerCase();
    if (digest !== undefined) {
      if (digests.has(digest)) return 'digest';
    } else if (fitsName(name, versions, image)) {
      fits = 'name';
    }
  }
  return fits;
}

function fitsName(name: string, versions: readonly string[], image: Image): boolean {
  if (/^cpe:(?:2\.3:|\/)o:/.test(name)) return fitsDistribution(name, image);
  const wanted = name.startsWith('pkg:') ? referenceOfPurl(name) : readReference(name);
  if (wanted === undefined) return false;
  return image.references
    .map((reference) => readReference(reference.replace(/@.*$/, '')))
    .some((own) => {
      if (own === undefined || own.tag === undefined) return false;
      const isRepository =
        own.repository === wanted.repository || (wanted.partial && own.repository.endsWith(`/${wanted.repository}`));
      if (!isRepository) return false;
      if (wanted.tag !== undefined) return wanted.tag === own.tag;
      return versions.length === 0 || versions.some((item) => item === own.tag || inVersRange(item, own.tag ?? ''));
    });
}

interface Reference {
  /** With its registry: `docker.io/library/nginx`. */
  repository: string;
  tag?: string | undefined;
  /** The last part of the name only, as a purl may have it. */
  partial?: boolean;
}

function readReference(text: string): Reference | undefined {
  if (text.length > 1000 || !/^[\w.\-:/]+$/.test(text) || text.includes('://')) return undefined;
  const slash = text.lastIndexOf('/');
  const colon = text.indexOf(':', slash + 1);
  const path = (colon === -1 ? text : text.slice(0, colon)).toLowerCase();
  const tag = colon === -1 ? 'latest' : text.slice(colon + 1);
  if (path === '' || /^cpe|^urn/.test(path)) return undefined;
  return { repository: withRegistry(path), tag };
}

/** `nginx` is `docker.io/library/nginx`. */
function withRegistry(path: string): string {
  const [first = '', ...rest] = path.split('/');
  if (rest.length === 0) return `docker.io/library/${first}`;
  return /[.:]|^localhost$/.test(first) ? path : `docker.io/${path}`;
}

function referenceOfPurl(text: string): Reference | undefined {
  const purl = parsePurl(text);
  if (purl === undefined) return undefined;
  const { type, namespace, name, version, qualifiers } = purl;
  const tag = qualifiers['tag'] ?? (type === 'docker' ? version : undefined);
  if (type === 'docker') return { repository: withRegistry(namespace ? `${namespace}/${name}` : name), tag };
  if (type !== 'oci') return undefined;
  const repository = qualifiers['repository_url'];
  if (repository === undefined) return { repository: name, tag, partial: true };
  const path = repository.replace(/^[a-z]+:\/\//, '').replace(/\/+$/, '');
  return { repository: withRegistry(path.endsWith(`/${name}`) ? path : `${path}/${name}`).toLowerCase(), tag };
}

/** Ids of os-release by vendor and product of a CPE of an operating system. */
const SYSTEMS: Readonly<Record<string, string>> = Object.freeze({
  'alpinelinux:alpine_linux': 'alpine',
  'almalinux:almalinux': 'almalinux',
  'canonical:ubuntu_linux': 'ubuntu',
  'debian:debian_linux': 'debian',
  'oracle:linux': 'ol',
  'redhat:enterprise_linux': 'rhel',
  'rocky:rocky': 'rocky',
  'suse:sles': 'sles',
  'amazon:linux_2023': 'amzn',
});

function fitsDistribution(cpe: string, { distribution }: Image): boolean {
  const [vendor = '', product = '', version = ''] = cpe.replace(/^cpe:(?:2\.3:|\/)o:/, '').split(':');
  const key = `${vendor}:${product}`;
  if (distribution === undefined || !Object.hasOwn(SYSTEMS, key) || SYSTEMS[key] !== distribution.id) return false;
  const own = distribution.versionId ?? '';
  return version === '' || version === '*' || version === '-' || own === version || own.startsWith(`${version}.`);
}
