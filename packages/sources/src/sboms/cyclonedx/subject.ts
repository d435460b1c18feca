import { createHash } from 'node:crypto';
import type { Image } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import type { CdxComponent } from './document.ts';

const DIGEST = /sha256:[0-9a-f]{64}$/;
const ARCHIVE = /\.(?:tar|tgz|gz|zst|sif)$|^[./]/;

/** What the document says of the image it describes. */
export type Subject = Pick<Image, 'id' | 'references' | 'manifestDigests'> & { isImage: boolean; isOwn: boolean };

/** Reads digests and references from `metadata.component`, so that workloads can be tied to the image. */
export function subjectOf(component: CdxComponent | undefined, source: string, text: string): Subject {
  const digest = `sha256:${createHash('sha256').update(`${source}\n${text}`).digest('hex')}`;
  if (!component) return { id: digest, references: [], manifestDigests: [], isImage: false, isOwn: false };
  const all = (name: string): string[] => component.properties.get(name) ?? [];
  const purl = parsePurl(component.purl);
  const repositoryDigests = all('aquasecurity:trivy:RepoDigest');
  const ids = [...all('breakwater:image:id'), ...all('aquasecurity:trivy:ImageID')];
  const manifests = [
    ...all('breakwater:image:manifest-digest'),
    ...repositoryDigests,
    ...(purl?.type === 'oci' && purl.version ? [purl.version] : []),
    ...(component.type === 'container' ? [component.version] : []),
  ];
  const references = [
    ...all('breakwater:image:reference'),
    ...all('aquasecurity:trivy:RepoTag'),
    ...all('aquasecurity:trivy:Reference'),
    ...(component.type === 'container' && !ARCHIVE.test(component.name) ? [component.name] : []),
  ];
  return {
    id: digestOf(ids[0] ?? '') ?? digest,
    references: [...new Set(references)],
    manifestDigests: [...new Set(manifests.map(digestOf).filter((found) => found !== undefined))],
    isImage: component.type === 'container' || ids.length > 0,
    isOwn: component.properties.has('breakwater:image:id'),
  };
}

/** The digest at the end of a reference, or the digest that the text is. */
function digestOf(text: string): string | undefined {
  return DIGEST.exec(text)?.[0];
}
