import type { Image } from '@breakwater/model';
import type { BillInput } from '../bill/bill-input.ts';
import { digestUuid } from '../bill/digest-uuid.ts';
import { imageProperties, imagePurl, systemProperties, trivyImageProperties } from '../bill/image-properties.ts';
import type { BillProperty } from '../bill/property.ts';
import { relationshipsOf, SPDX_IDS } from './relationships.ts';
import { type Extracted, purlReference, spdxPackage } from './spdx-package.ts';

/**
 * An SPDX 2.3 document of an image: its packages, what they need, who brought them, and what could not be read. The
 * same input gives the same bytes.
 */
export function spdx({ image, evidence, time, toolVersion }: BillInput): object {
  const components = [...image.components].sort((a, b) => (a.id < b.id ? -1 : 1));
  const layers = new Map(image.layers.map((layer) => [layer.diffId, layer]));
  const extracted = new Map<string, Extracted>();
  const annotate = annotator(time, toolVersion);
  const body = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: SPDX_IDS.document,
    name: image.references[0] ?? image.target,
    creationInfo: {
      created: seconds(time),
      creators: [`Tool: breakwater-${toolVersion}`],
    },
    packages: [
      imagePackage(image, annotate),
      ...(image.distribution ? [systemPackage(image.distribution, annotate)] : []),
      ...components.map((component) => spdxPackage(component, { layers, evidence, extracted, annotate })),
    ],
    relationships: relationshipsOf(components, image.distribution !== undefined),
    ...(extracted.size > 0 && { hasExtractedLicensingInfos: [...extracted.values()] }),
  };
  const { spdxVersion, dataLicense, SPDXID, name, ...rest } = body;
  const documentNamespace = `https://spdx.org/spdxdocs/breakwater-${digestUuid(JSON.stringify(body))}`;
  return { spdxVersion, dataLicense, SPDXID, name, documentNamespace, ...rest };
}

/** Makes an annotation of a property: SPDX has no other place for pairs. */
export type Annotate = (property: BillProperty) => object;

function annotator(time: string, toolVersion: string): Annotate {
  return ({ name, value }) => ({
    annotationDate: seconds(time),
    annotationType: 'OTHER',
    annotator: `Tool: breakwater-${toolVersion}`,
    comment: `${name}: ${value}`,
  });
}

/** SPDX has no fractions of seconds. */
function seconds(time: string): string {
  return time.replace(/\.\d+(?=Z$)/, '');
}

const UNSTATED = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
};

function imagePackage(image: Image, annotate: Annotate): object {
  const purl = imagePurl(image);
  const [digest] = image.manifestDigests;
  const value = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
  return {
    SPDXID: SPDX_IDS.image,
    name: image.references[0] ?? image.target,
    ...(digest && { versionInfo: digest }),
    ...UNSTATED,
    primaryPackagePurpose: 'CONTAINER',
    ...(value && { checksums: [{ algorithm: 'SHA256', checksumValue: value }] }),
    ...(purl && { externalRefs: [purlReference(purl)] }),
    attributionTexts: trivyImageProperties(image).map(({ name, value }) => `${name}: ${value}`),
    annotations: imageProperties(image).map(annotate),
  };
}

function systemPackage(distribution: NonNullable<Image['distribution']>, annotate: Annotate): object {
  const { id, versionId, name } = distribution;
  return {
    SPDXID: SPDX_IDS.system,
    name: id,
    ...(versionId && { versionInfo: versionId }),
    ...UNSTATED,
    description: name,
    primaryPackagePurpose: 'OPERATING-SYSTEM',
    annotations: systemProperties(distribution).map(annotate),
  };
}
