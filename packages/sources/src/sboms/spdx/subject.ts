import { parsePurl } from '@breakwater/model/purl';
import type { Bill, BillSubject } from '../bill/bill.ts';
import { describedImage, digestOf, isArchive } from '../bill/described-image.ts';
import { distributionOf, packageTypeOf } from '../bill/distribution.ts';
import { ownSubject } from '../bill/own-subject.ts';
import { ownSystem } from '../bill/own-system.ts';
import type { SpdxPackage } from './package-entry.ts';

/** Types of purls that name images. */
const IMAGES = new Set(['oci', 'docker']);

/** Whether a package of a document is an image, not something inside one. */
export function isImagePackage({ purpose, ref, purl, properties }: SpdxPackage): boolean {
  if (purpose === 'CONTAINER' || properties.has('aquasecurity:trivy:ImageID')) return true;
  return /^SPDXRef-(?:ContainerImage|DocumentRoot-Image-)/.test(ref) || isImagePurl(purl);
}

function isImagePurl(text: string): boolean {
  return /^pkg:(?:oci|docker)\//.test(text) && IMAGES.has(parsePurl(text)?.type ?? '');
}

/** What a document says of the image that it describes; `roots` are the packages that it names as its subject. */
export function spdxSubject(roots: readonly SpdxPackage[], documentName: string): BillSubject {
  const images = roots.filter(isImagePackage);
  const all = (name: string) => roots.flatMap(({ properties }) => properties.get(name) ?? []);
  const id = digestOf([...all('breakwater:image:id'), ...all('aquasecurity:trivy:ImageID')][0] ?? '');
  const own = roots.find(({ properties }) => properties.has('breakwater:image:id'));
  const purls = images.flatMap(({ purl }) => parsePurl(purl) ?? []);
  const manifests = [
    ...all('breakwater:image:manifest-digest'),
    ...all('aquasecurity:trivy:RepoDigest'),
    ...purls.map(({ version = '' }) => version),
    ...(own ? [] : images.flatMap(({ version, digest }) => [version, digest])),
    ...(images.length > 0 ? [documentName] : []),
  ];
  const references = [
    ...all('breakwater:image:reference'),
    ...all('aquasecurity:trivy:RepoTag'),
    ...all('aquasecurity:trivy:Reference'),
    ...purls.flatMap(({ qualifiers: { repository_url: repository, tag } }) =>
      repository && tag ? [`${repository}:${tag}`] : [],
    ),
    ...(own ? [] : images.map(({ name }) => name).filter((name) => !isArchive(name) && /[:@/]/.test(name))),
  ];
  return {
    ...describedImage({ references, manifests, layers: all('aquasecurity:trivy:DiffID') }),
    ...(id && { id }),
    isImage: images.length > 0,
    isOwn: own !== undefined,
    ...(own && ownSubject(own)),
  };
}

/**
 * The operating system of a document: a package that says it is one, else its subject where that has the name of a
 * distribution (`alpine 3.10`).
 */
export function spdxSystem(packages: readonly SpdxPackage[], roots: readonly SpdxPackage[]): Bill['system'] {
  const system = packages.find(isSystem);
  if (system) {
    const title = system.references.get('pretty_name');
    const own = ownSystem(system);
    return {
      name: system.references.get('did') ?? system.name,
      version: system.references.get('version_id') ?? system.version,
      ...(title && { title }),
      ...(own && { own }),
    };
  }
  const named = roots.find(({ name, version }) => version && packageTypeOf(distributionOf(name, version)));
  return named && { name: named.name, version: named.version };
}

/** Whether a package stands for the operating system. */
export function isSystem({ purpose, ref, purl }: SpdxPackage): boolean {
  return purl === '' && (purpose === 'OPERATING-SYSTEM' || /^SPDXRef-(?:OperatingSystem|Distribution)-/.test(ref));
}
