export { type CycloneDxInput, cycloneDx } from './cyclonedx/cyclonedx.ts';
export { type SarifOptions, sarif } from './sarif/sarif.ts';
export { spdx } from './spdx/spdx.ts';
export { yamlDocuments } from './yaml-documents.ts';
