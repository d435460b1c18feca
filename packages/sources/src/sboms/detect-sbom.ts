import { announcesSbom } from './attestation/announces-sbom.ts';

/** Formats that are told apart; all of them are read. */
export type SbomFormat =
  | 'attestation'
  | 'cyclonedx'
  | 'cyclonedx-xml'
  | 'spdx'
  | 'spdx-3'
  | 'spdx-rdf'
  | 'spdx-tag-value'
  | 'spdx-yaml'
  | 'syft-json';

const HEAD = 65_536;
const JSON_MARKS: [mark: RegExp, format: SbomFormat][] = [
  [/"bomFormat"\s{0,64}:\s{0,64}"CycloneDX"/, 'cyclonedx'],
  [/"\$schema"\s{0,64}:\s{0,64}"https?:\/\/cyclonedx\.org\/schema\/bom/, 'cyclonedx'],
  [/"https:\/\/spdx\.(?:org|github\.io)\/[^"]{0,128}\bspdx-context\.jsonld"/, 'spdx-3'],
  [/"(?:spdxVersion|SPDXID)"\s{0,64}:/, 'spdx'],
  [/"\$schema"\s{0,64}:\s{0,64}"https:\/\/spdx\.org\//, 'spdx'],
  [/"url"\s{0,64}:\s{0,64}"https:\/\/raw\.githubusercontent\.com\/anchore\/syft\//, 'syft-json'],
  // A document may name its format after its components.
  [/"bom-ref"\s{0,64}:\s{0,64}"/, 'cyclonedx'],
  // Syft names its schema at the end of a document, which may lie megabytes away.
  [/^\{\s{0,64}"artifacts"\s{0,64}:\s{0,64}\[\s{0,64}(?:\{\s{0,64}"id"|\])/, 'syft-json'],
];
const XML_MARKS: [mark: RegExp, format: SbomFormat][] = [
  [/xmlns(?::\w{1,32})?="https?:\/\/cyclonedx\.org\/schema\/bom/, 'cyclonedx-xml'],
  [/<rdf:RDF[^>]{0,4096}"https?:\/\/spdx\.org\/rdf\/terms/, 'spdx-rdf'],
];

/** Tells from the beginning of a file (64 KiB are plenty) whether it is an SBOM, and of which format. */
export function detectSbom(head: string | Uint8Array): SbomFormat | undefined {
  const text = typeof head === 'string' ? head : new TextDecoder().decode(head.subarray(0, HEAD));
  const start = text
    .slice(0, HEAD)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start.startsWith('{')) {
    // An attestation may show marks of the document that it holds.
    if (/"(?:predicateType|payload)"\s{0,64}:/.test(start) && announcesSbom(start)) return 'attestation';
    return JSON_MARKS.find(([mark]) => mark.test(start))?.[1];
  }
  if (start.startsWith('<')) return XML_MARKS.find(([mark]) => mark.test(start))?.[1];
  if (/^SPDXVersion:/m.test(start)) return 'spdx-tag-value';
  return /^["']?spdxVersion["']?:[ \t]{1,64}["']?SPDX-/m.test(start) ? 'spdx-yaml' : undefined;
}
