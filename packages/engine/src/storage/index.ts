export { type ClaimVolume, ClaimVolumes } from './claim-volumes.ts';
export { copiesOf, type VolumeCopy } from './copies.ts';
export { type SharedStore, type StoreUse, sharedStores } from './shared-stores.ts';
