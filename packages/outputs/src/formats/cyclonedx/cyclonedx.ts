import { createHash } from 'node:crypto';
import type { Image, VulnerabilityMatch } from '@breakwater/model';
import { type CdxProperty, cdxComponent, listed } from './component.ts';
import { cdxVulnerabilities } from './vulnerability.ts';

/** What goes into a document. */
export interface CycloneDxInput {
  image: Image;
  /** Absent: a plain SBOM, without a `vulnerabilities` list. */
  matches?: readonly VulnerabilityMatch[];
  /** When the image was read, ISO 8601. */
  time: string;
  toolVersion: string;
}

const ROOT = 'image';
const SYSTEM = 'operating-system';

/**
 * A CycloneDX 1.6 document of an image: components, the vulnerabilities found in them, and what could not be read.
 * The same input gives the same bytes: everything is sorted, and the serial number is a digest of the rest.
 */
export function cycloneDx({ image, matches, time, toolVersion }: CycloneDxInput): object {
  const components = [...image.components].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { distribution } = image;
  const refs = [...(distribution ? [SYSTEM] : []), ...components.map(({ id }) => id)];
  const body = {
    version: 1,
    metadata: {
      timestamp: time,
      tools: { components: [{ type: 'application', name: 'breakwater', version: toolVersion }] },
      component: rootComponent(image),
    },
    components: [...(distribution ? [systemComponent(distribution)] : []), ...components.map(cdxComponent)],
    dependencies: [{ ref: ROOT, ...(refs.length > 0 && { dependsOn: refs }) }],
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

function rootComponent(image: Image): object {
  const digest = image.manifestDigests[0];
  return {
    type: 'container',
    'bom-ref': ROOT,
    name: image.references[0] ?? image.target,
    ...(digest && { version: digest }),
    properties: imageProperties(image),
  };
}

/** Our own names, and Trivy's for what other tools look for there. */
function imageProperties(image: Image): CdxProperty[] {
  const hasConfig = image.config !== undefined && image.source !== 'sbom';
  return listed([
    ['aquasecurity:trivy:ImageID', hasConfig ? image.id : undefined],
    ...image.references.map((reference) => ['aquasecurity:trivy:RepoTag', reference] as const),
    ['breakwater:image:id', image.id],
    ...image.manifestDigests.map((digest) => ['breakwater:image:manifest-digest', digest] as const),
    ...image.references.map((reference) => ['breakwater:image:reference', reference] as const),
    ['breakwater:image:target', image.target],
    ...image.unknowns.map(({ code, message }) => ['breakwater:unknown', `${code}: ${message}`] as const),
  ]);
}

function systemComponent({ id, versionId, name, codename }: NonNullable<Image['distribution']>): object {
  const properties = listed([['breakwater:distribution:codename', codename]]);
  return {
    type: 'operating-system',
    'bom-ref': SYSTEM,
    name: id,
    ...(versionId && { version: versionId }),
    description: name,
    ...(properties.length > 0 && { properties }),
  };
}

/** A UUID of version 8 (RFC 9562: free use of bits) from the content. */
function digestUuid(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
