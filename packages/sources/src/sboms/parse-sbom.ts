import type { Unknown } from '@breakwater/model';
import type { Bill } from './bill/bill.ts';
import { describedImage } from './bill/described-image.ts';
import { objectOf, parseObject } from './bill/fields.ts';
import { imageOf } from './bill/image-of.ts';
import { detectSbom, type SbomFormat } from './detect-sbom.ts';
import type { SbomReading } from './sbom-reading.ts';

/** Formats in which a document is a JSON object. */
type JsonFormat = 'cyclonedx' | 'spdx' | 'spdx-3' | 'syft-json';

/**
 * Reads an SBOM of any format that is told apart as an image with `source` `sbom`; `source` is what places name.
 * Whatever it holds, this does not throw: a document that cannot be read is an unknown, and so is every package that
 * lacks what it takes to be judged. Readers of formats are loaded when they are needed.
 */
export async function parseSbom(text: string, source: string): Promise<SbomReading> {
  const format = detectSbom(text);
  if (format === 'attestation') return await parseAttestation(text, source);
  const bill = format === undefined ? undefined : await billOf(format, text, source);
  if (bill === undefined) return invalid(format, source);
  return imageOf(bill, { source, content: text });
}

async function billOf(format: SbomFormat, text: string, source: string): Promise<Bill | undefined> {
  switch (format) {
    case 'cyclonedx':
    case 'spdx':
    case 'spdx-3':
    case 'syft-json': {
      const document = parseObject(text);
      return document && (await jsonBill(format, document, source));
    }
    case 'cyclonedx-xml': {
      const root = await xmlOf(text);
      if (root?.name !== 'bom') return undefined;
      const { cycloneDxFromXml } = await import('./cyclonedx/from-xml.ts');
      return await jsonBill('cyclonedx', cycloneDxFromXml(root), source);
    }
    case 'spdx-rdf': {
      const root = await xmlOf(text);
      if (root?.name !== 'RDF') return undefined;
      const { spdxFromRdf } = await import('./spdx/from-rdf.ts');
      return await jsonBill('spdx', spdxFromRdf(root), source);
    }
    case 'spdx-tag-value': {
      const { parseTagValue } = await import('./spdx/tag-value.ts');
      const { spdxBill } = await import('./spdx/parse-spdx.ts');
      const { document, lines } = parseTagValue(text);
      return spdxBill(document, source, lines);
    }
    case 'spdx-yaml': {
      const { parseYaml } = await import('./spdx/parse-yaml.ts');
      const document = parseYaml(text);
      return document && (await jsonBill('spdx', document, source));
    }
    case 'attestation':
      return undefined;
  }
}

async function jsonBill(format: JsonFormat, document: Record<string, unknown>, source: string): Promise<Bill> {
  if (format === 'cyclonedx') {
    const { cycloneDxBill } = await import('./cyclonedx/parse-cyclonedx.ts');
    return cycloneDxBill(document, source);
  }
  if (format === 'spdx') {
    const { spdxBill } = await import('./spdx/parse-spdx.ts');
    // GitHub's API and BuildKit's inspection answer with the document inside an object.
    return spdxBill(objectOf(document['sbom'] ?? document['SPDX']) ?? document, source);
  }
  if (format === 'spdx-3') {
    const { spdx3Bill } = await import('./spdx/parse-spdx3.ts');
    return spdx3Bill(document, source);
  }
  const { syftBill } = await import('./syft/parse-syft.ts');
  return syftBill(document, source);
}

/** What 256 MiB of a bill may hold: a component has about six. */
const MOST_ELEMENTS = 4_000_000;

async function xmlOf(text: string) {
  const { readXml } = await import('../ecosystems/xml/read-xml.ts');
  return readXml(text.startsWith('\ufeff') ? text.slice(1) : text, MOST_ELEMENTS);
}

/** The SBOM inside an attestation; the image that it is of is the one that the attestation names. */
async function parseAttestation(text: string, source: string): Promise<SbomReading> {
  const { unwrapAttestation } = await import('./attestation/unwrap.ts');
  const { attested, unknowns } = unwrapAttestation(text, source);
  if (!attested) return { unknowns };
  const format = detectSbom(attested.content);
  const isWrapped = format === undefined || format === 'attestation';
  const bill = isWrapped ? undefined : await billOf(format, attested.content, source);
  if (!bill) return invalid(format, source);
  const { subject } = bill;
  const { references, manifestDigests } = describedImage({
    references: [...subject.references, ...attested.subjects.map(({ name }) => name)],
    manifests: [...subject.manifestDigests, ...attested.subjects.map(({ digest }) => digest)],
    layers: [],
  });
  const told = {
    ...bill,
    subject: { ...subject, references, manifestDigests },
    unknowns: [...unknowns, ...bill.unknowns],
  };
  return imageOf(told, { source, content: text });
}

function invalid(format: SbomFormat | undefined, source: string): SbomReading {
  const unknown: Unknown =
    format === undefined
      ? { code: 'sbom-format-unsupported', message: 'This is no SBOM of a format that is read', place: { source } }
      : { code: 'sbom-invalid', message: `SBOM is no whole ${FORMAT_NAMES[format]} document`, place: { source } };
  return { unknowns: [unknown] };
}

/** Formats as people call them. */
const FORMAT_NAMES: Readonly<Record<SbomFormat, string>> = Object.freeze({
  attestation: 'attestation',
  cyclonedx: 'CycloneDX JSON',
  'cyclonedx-xml': 'CycloneDX XML',
  spdx: 'SPDX JSON',
  'spdx-3': 'SPDX 3.0 JSON-LD',
  'spdx-rdf': 'SPDX RDF/XML',
  'spdx-tag-value': 'SPDX tag-value',
  'spdx-yaml': 'SPDX YAML',
  'syft-json': 'Syft JSON',
});
