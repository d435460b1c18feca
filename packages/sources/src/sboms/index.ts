export { detectSbom, type SbomFormat } from './detect-sbom.ts';
export { parseSbom } from './parse-sbom.ts';
export { readSbom } from './read-sbom.ts';
export type { SbomReading } from './sbom-reading.ts';
