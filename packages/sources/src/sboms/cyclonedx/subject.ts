import { parsePurl } from '@breakwater/model/purl';
import { type BillSubject, noSubject, property } from '../bill/bill.ts';
import { describedImage, digestOf, isArchive } from '../bill/described-image.ts';
import { ownSubject } from '../bill/own-subject.ts';
import type { CdxComponent } from './component.ts';

/** Reads digests and references from `metadata.component`, so that workloads can be tied to the image. */
export function subjectOf(component: CdxComponent | undefined): BillSubject {
  if (!component) return noSubject();
  const isContainer = component.type === 'container';
  const all = (name: string): readonly string[] => component.properties.get(`aquasecurity:trivy:${name}`) ?? [];
  const id = digestOf(property(component, 'breakwater:image:id', 'aquasecurity:trivy:ImageID') ?? '');
  const purl = parsePurl(component.purl);
  const manifests = [
    ...(component.properties.get('breakwater:image:manifest-digest') ?? []),
    ...all('RepoDigest'),
    ...(purl?.type === 'oci' && purl.version ? [purl.version] : []),
    ...(isContainer ? [component.version] : []),
  ];
  const references = [
    ...(component.properties.get('breakwater:image:reference') ?? []),
    ...all('RepoTag'),
    ...all('Reference'),
    ...(isContainer && !isArchive(component.name) ? [component.name] : []),
  ];
  const isOwn = component.properties.has('breakwater:image:id');
  return {
    ...describedImage({ references, manifests, layers: all('DiffID') }),
    ...(id && { id }),
    isImage: isContainer || id !== undefined,
    isOwn,
    ...(isOwn && ownSubject(component)),
  };
}
