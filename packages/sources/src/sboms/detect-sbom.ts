/** Formats that are told apart. Only `cyclonedx` (JSON) is read so far; the others are named in an unknown. */
export type SbomFormat = 'cyclonedx' | 'cyclonedx-xml' | 'spdx' | 'spdx-tag-value' | 'syft-json';

const HEAD = 65_536;
const JSON_MARKS: [mark: RegExp, format: SbomFormat][] = [
  [/"bomFormat"\s{0,64}:\s{0,64}"CycloneDX"/, 'cyclonedx'],
  [/"\$schema"\s{0,64}:\s{0,64}"https?:\/\/cyclonedx\.org\/schema\/bom/, 'cyclonedx'],
  [/"(?:spdxVersion|SPDXID)"\s{0,64}:/, 'spdx'],
  [/"\$schema"\s{0,64}:\s{0,64}"https:\/\/spdx\.org\//, 'spdx'],
  [/"url"\s{0,64}:\s{0,64}"https:\/\/raw\.githubusercontent\.com\/anchore\/syft\//, 'syft-json'],
];

/** Tells from the beginning of a file (64 KiB are plenty) whether it is an SBOM, and of which format. */
export function detectSbom(head: string | Uint8Array): SbomFormat | undefined {
  const text = typeof head === 'string' ? head : new TextDecoder().decode(head.subarray(0, HEAD));
  const start = text
    .slice(0, HEAD)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start.startsWith('{')) return JSON_MARKS.find(([mark]) => mark.test(start))?.[1];
  if (start.startsWith('<'))
    return /xmlns(?::\w{1,32})?="https?:\/\/cyclonedx\.org\/schema\/bom/.test(start) ? 'cyclonedx-xml' : undefined;
  return /^SPDXVersion:/m.test(start) ? 'spdx-tag-value' : undefined;
}
