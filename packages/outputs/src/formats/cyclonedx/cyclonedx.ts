import type { Component, Image, VulnerabilityMatch } from '@breakwater/model';
import type { BillInput } from '../bill/bill-input.ts';
import { digestUuid } from '../bill/digest-uuid.ts';
import { imageProperties, imagePurl, systemProperties, trivyImageProperties } from '../bill/image-properties.ts';
import { listed } from '../bill/property.ts';
import { cdxComponent } from './component.ts';
import { cdxVulnerabilities } from './vulnerability.ts';

/** What goes into a document. */
export interface CycloneDxInput extends BillInput {
  /** Absent: a plain SBOM, without a `vulnerabilities` list. */
  matches?: readonly VulnerabilityMatch[];
}

const ROOT = 'image';
const SYSTEM = 'operating-system';

/**
 * A CycloneDX 1.6 document of an image: components, the vulnerabilities found in them, and what could not be read.
 * The same input gives the same bytes: everything is sorted, and the serial number is a digest of the rest.
 */
export function cycloneDx({ image, evidence, matches, time, toolVersion }: CycloneDxInput): object {
  const components = [...image.components].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { distribution } = image;
  const layers = new Map(image.layers.map((layer) => [layer.diffId, layer]));
  const refs = [...(distribution ? [SYSTEM] : []), ...components.map(({ id }) => id)];
  const body = {
    version: 1,
    metadata: {
      timestamp: time,
      tools: { components: [{ type: 'application', name: 'breakwater', version: toolVersion }] },
      component: rootComponent(image),
    },
    components: [
      ...(distribution ? [systemComponent(distribution)] : []),
      ...components.map((component) => cdxComponent(component, { layers, evidence })),
    ],
    dependencies: [{ ref: ROOT, ...(refs.length > 0 && { dependsOn: refs }) }, ...dependenciesOf(components)],
    ...(matches && { vulnerabilities: cdxVulnerabilities(matches) }),
    ...(image.unknowns.length > 0 && { compositions: [{ aggregate: 'incomplete', assemblies: [ROOT] }] }),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${digestUuid(JSON.stringify(body))}`,
    ...body,
  };
}

/** What packages need, where that is known; an entry without `dependsOn` needs nothing. */
function dependenciesOf(components: readonly Component[]): object[] {
  const known = new Set(components.map(({ id }) => id));
  return components.flatMap(({ id, dependsOn }) => {
    if (dependsOn === undefined) return [];
    const needed = [...new Set(dependsOn)].filter((each) => known.has(each));
    return [{ ref: id, ...(needed.length > 0 && { dependsOn: needed }) }];
  });
}

function rootComponent(image: Image): object {
  const digest = image.manifestDigests[0];
  const purl = imagePurl(image);
  const trivy = trivyImageProperties(image);
  return {
    type: 'container',
    'bom-ref': ROOT,
    name: image.references[0] ?? image.target,
    ...(digest && { version: digest }),
    ...(purl && { purl }),
    properties: [
      ...trivy.map(({ name, value }) => ({ name: `aquasecurity:trivy:${name}`, value })),
      ...imageProperties(image),
    ],
  };
}

function systemComponent(distribution: NonNullable<Image['distribution']>): object {
  const { id, versionId, name } = distribution;
  const properties = listed([
    ['syft:distro:id', id],
    ['syft:distro:versionID', versionId],
    ['syft:distro:prettyName', name],
  ]);
  return {
    type: 'operating-system',
    'bom-ref': SYSTEM,
    name: id,
    ...(versionId && { version: versionId }),
    description: name,
    properties: [...systemProperties(distribution), ...properties],
  };
}
