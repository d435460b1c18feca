import { createHash } from 'node:crypto';
import type { Component } from '@breakwater/model';

/** Ids of the elements that every document has. */
export const SPDX_IDS = {
  document: 'SPDXRef-DOCUMENT',
  image: 'SPDXRef-ContainerImage',
  system: 'SPDXRef-OperatingSystem-1',
} as const;

/** As Syft writes it: SPDX has no word for it. */
const OWNERSHIP =
  'ownership-by-file-overlap: indicates that the parent package claims ownership of a child package since the parent metadata indicates overlap with a location that a cataloger found the child package by';
const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm']);

/** The id of a component inside the document: letters, digits, dots and hyphens only. */
export function elementId(id: string): string {
  return `SPDXRef-Package-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** What holds, needs and brought what: the image its packages, the operating system its own. */
export function relationshipsOf(components: readonly Component[], hasSystem: boolean): object[] {
  const { document, image, system } = SPDX_IDS;
  const known = new Set(components.map(({ id }) => id));
  const refers = (ids: readonly string[]) => [...new Set(ids)].filter((id) => known.has(id)).map(elementId);
  const holderOf = ({ type }: Component) => (hasSystem && SYSTEM_TYPES.has(type) ? system : image);
  return [
    relationship(document, 'DESCRIBES', image),
    ...(hasSystem ? [relationship(image, 'CONTAINS', system)] : []),
    ...components.map((component) => relationship(holderOf(component), 'CONTAINS', elementId(component.id))),
    ...components.flatMap(({ id, dependsOn = [] }) =>
      refers(dependsOn).map((needed) => relationship(elementId(id), 'DEPENDS_ON', needed)),
    ),
    ...components.flatMap(({ id, ownedBy }) =>
      refers(ownedBy === undefined ? [] : [ownedBy]).map((owner) => ({
        ...relationship(owner, 'OTHER', elementId(id)),
        comment: OWNERSHIP,
      })),
    ),
  ];
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): object {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}
