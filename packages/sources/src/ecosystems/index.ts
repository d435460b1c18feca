export { ecosystems } from './all.ts';
export { detectDistribution } from './distribution/detect-distribution.ts';
export type {
  Capabilities,
  CapabilityExample,
  Ecosystem,
  EcosystemContext,
  FileTree,
  Inventory,
  PackageFile,
} from './ecosystem.ts';
